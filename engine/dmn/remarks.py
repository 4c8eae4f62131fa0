"""What is told of a file besides faults when it is read, as findings beside those about its tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.dmn.analysis import Finding, FindingKind
from engine.dmn.dialects import rename_types
from engine.dmn.linking import DecisionNode
from engine.dmn.undeclared import Undeclared
from engine.xml import Element


def with_known_types(root: Element) -> dict[str, tuple[Finding, ...]]:
    """Put FEEL's names in the place of foreign types; a remark on each, by the id of the decision it stands in."""
    found: dict[str, tuple[Finding, ...]] = {}
    for each in rename_types(root):
        finding = Finding(
            kind=FindingKind.FOREIGN_TYPE,
            code="dmn-foreign-type",
            severity="info",
            message=f"Type {each.found!r} at {each.element_id} is read as {each.read_as}.",
            facts={"found": each.found, "read_as": each.read_as},
            element_id=each.element_id,
        )
        found[each.owner] = (*found.get(each.owner, ()), finding)
    return found


def of_undeclared_names(node: DecisionNode, names: Iterable[Undeclared]) -> Iterator[Finding]:
    """A remark where a table declares nothing, as Camunda's do; a warning where it declares other names."""
    declared = sorted(node.names)
    for each in names:
        if not each.is_sure:
            continue
        if not declared:
            yield Finding(
                kind=FindingKind.UNDECLARED,
                code="dmn-reads-undeclared",
                severity="info",
                message=f"{each.element_id} reads {each.name}, which is not declared as an input; it takes the "
                "variable of that name.",
                facts={"name": each.name},
                element_id=each.element_id,
            )
        else:
            listed = ", ".join(declared)
            yield Finding(
                kind=FindingKind.UNDECLARED,
                code="dmn-undeclared-name",
                severity="warning",
                message=f"{each.element_id} reads {each.name!r}, which the decision does not declare; declared are: "
                f"{listed}.",
                facts={"name": each.name, "declared": listed},
                element_id=each.element_id,
                mend="Correct the name, or draw input data of that name with a requirement to it.",
            )
