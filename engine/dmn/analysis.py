"""What is wrong with a table before anybody is harmed by it: gaps, overlaps, rules and answers that are never reached.

Works on tables whose cells are constants, or become constants once the configured contexts (thresholds) are known. A
cell that depends on other inputs may or may not match: rules with such cells close no gap for sure and overlap with
nothing for sure. Null inputs are left out: what a table says to a missing value is the caller's matter.

| policy | two rules that match the same input | a rule whose inputs others take |
|---|---|---|
| UNIQUE | error | error, as an overlap |
| ANY | error if their answers differ | harmless |
| FIRST, PRIORITY | the one that comes first, or whose answer does, answers | warning: it never answers |
| COLLECT and other lists | both answer; warning if they say the same | harmless |
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from typing import Any

from engine.dmn.answer import plain
from engine.dmn.elements import DecisionTable, HitPolicy
from engine.dmn.partition import ANY_VALUE, Column, partition
from engine.dmn.rule_index import Constant, constant_cell, literal

#: Looks at a rule that one analysis may take (a quarter of a second); beyond it a table is reported as not decided.
MAXIMUM_LOOKS = 1_000_000
#: Findings of one kind that are listed.
MAXIMUM_FINDINGS = 50

#: Between two literals: a comma that stands in no text.
_BETWEEN = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_POLICIES_OF_LISTS = (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
_TYPES: Mapping[str, str] = {"str": "string", "bool": "boolean", "Decimal": "number"}


class FindingKind(StrEnum):
    """What was found."""

    GAP = "gap"
    OVERLAP = "overlap"
    UNREACHABLE_RULE = "unreachable-rule"
    UNREACHABLE_OUTPUT = "unreachable-output"
    TYPE = "type"
    UNDECLARED = "undeclared"
    FOREIGN_TYPE = "foreign-type"
    NOT_DECIDED = "not-decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One weakness of a table. JSON-ready by `as_plain`."""

    kind: FindingKind
    #: Stable; what the message says can be said in another language by code and facts.
    code: str
    #: error = wrong answers or refusals are certain; warning = may be meant; info = worth knowing.
    severity: str
    message: str
    #: Rows, counted from 1.
    rules: tuple[int, ...] = ()
    #: Column label → a value that shows it.
    example: Mapping[str, Any] = field(default_factory=dict[str, Any])
    facts: Mapping[str, Any] = field(default_factory=dict[str, Any])
    #: Id of the column or cell; "" where rows and example show the place.
    element_id: str = ""
    #: What can be done about it; "" where the message says it.
    mend: str = ""

    def as_plain(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "kind": self.kind.value,
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            "rules": list(self.rules),
            "example": plain(dict(self.example)),
            "element_id": self.element_id,
            "mend": self.mend,
        }


class _TooMuch(Exception):
    """The search ran out of looks."""


class _Looks:
    """What is left of the looks at rules."""

    def __init__(self) -> None:
        self.left = MAXIMUM_LOOKS

    def take(self, number: int) -> None:
        self.left -= number
        if self.left < 0:
            raise _TooMuch


def analyse(table: DecisionTable, value_of: Callable[[str], Constant | None] = literal) -> tuple[Finding, ...]:
    """All findings of a table.

    `value_of` gives the value of an operand such as `rule.R02.support`, or None where it is not known.
    """
    columns = [
        partition(
            clause.label,
            clause.expression.type_ref,
            clause.allowed,
            [_cell_text(rule.inputs[n].text) for rule in table.rules],
            value_of,
        )
        for n, clause in enumerate(table.inputs)
    ]
    found = [*_type_faults(table, value_of), *_overlaps(table, columns)]
    looks = _Looks()
    try:
        found += [*_gaps(table, columns, looks), *_unreachable_rules(table, columns, looks)]
    except _TooMuch:
        message = f"Expected a table that can be searched in {MAXIMUM_LOOKS} looks at a rule, but it needs more."
        found.append(Finding(kind=FindingKind.NOT_DECIDED, code="not-decided", severity="info", message=message))
    return (*found, *_unreachable_outputs(table))


def _cell_text(text: str) -> str | None:
    return None if text in ("", "-") else text


def _gaps(table: DecisionTable, columns: Sequence[Column], looks: _Looks) -> Iterator[Finding]:
    if table.hit_policy in _POLICIES_OF_LISTS or any(output.default for output in table.outputs):
        return
    certain = [n for n in range(len(table.rules)) if all(column.cells[n] is not None for column in columns)]
    for n, point in enumerate(_uncovered(columns, certain, [column.all for column in columns], looks)):
        if n == MAXIMUM_FINDINGS:
            yield _not_all()
            return
        example = _example(columns, point)
        shown = ", ".join(f"{label} = {plain(value)}" for label, value in example.items()) or "any input"
        sure = len(certain) == len(table.rules)
        yield Finding(
            kind=FindingKind.GAP,
            code="gap" if sure else "possible-gap",
            severity="warning" if sure else "info",
            message=f"Expected a rule for every input, but no rule {'matches' if sure else 'surely matches'} {shown}.",
            example=example,
        )


def _not_all() -> Finding:
    """The findings of a kind that stand before are not all there are."""
    return Finding(
        kind=FindingKind.NOT_DECIDED,
        code="not-all",
        severity="info",
        message=f"There are more of these; the first {MAXIMUM_FINDINGS} are listed.",
        facts={"maximum": MAXIMUM_FINDINGS},
    )


def _overlaps(table: DecisionTable, columns: Sequence[Column]) -> Iterator[Finding]:
    if table.hit_policy in _POLICIES_OF_LISTS:
        yield from _repeated(table)
    if table.hit_policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
        return
    listed = 0
    for first, second in combinations(range(len(table.rules)), 2):
        common = [
            0 if a is None or b is None else a & b
            for a, b in ((column.cells[first], column.cells[second]) for column in columns)
        ]
        same = [o.text for o in table.rules[first].outputs] == [o.text for o in table.rules[second].outputs]
        if not all(common) or (table.hit_policy is HitPolicy.ANY and same):
            continue
        if listed == MAXIMUM_FINDINGS:
            yield _not_all()
            return
        listed += 1
        yield Finding(
            kind=FindingKind.OVERLAP,
            code="overlap" if table.hit_policy is HitPolicy.UNIQUE else "conflict",
            severity="error",
            message=f"Expected at most one answer under {table.hit_policy}, but rules {first + 1} and {second + 1} "
            "match the same input.",
            rules=(first + 1, second + 1),
            example=_example(columns, [_lowest(part) for part in common]),
        )


def _repeated(table: DecisionTable) -> Iterator[Finding]:
    """Rules of a list that say the same twice: both answers would be in it, and counted."""
    first: dict[tuple[str, ...], int] = {}
    for n, rule in enumerate(table.rules, 1):
        said = tuple(entry.text for entry in (*rule.inputs, *rule.outputs))
        other = first.setdefault(said, n)
        if other != n:
            yield Finding(
                kind=FindingKind.OVERLAP,
                code="repeated",
                severity="warning",
                message=f"Expected every rule once, but rule {n} says the same as rule {other}: both answers count.",
                rules=(other, n),
            )


def _unreachable_rules(table: DecisionTable, columns: Sequence[Column], looks: _Looks) -> Iterator[Finding]:
    ranks = _ranks(table)
    for n, rule in enumerate(table.rules):
        box = [column.all if column.cells[n] is None else column.cells[n] or 0 for column in columns]
        if not all(box):
            message = f"Expected rule {n + 1} ({rule.id}) to match something, but its cells match no allowed value."
            yield Finding(
                kind=FindingKind.UNREACHABLE_RULE,
                code="matches-nothing",
                severity="error",
                message=message,
                rules=(n + 1,),
            )
            continue
        rank = ranks.get(n)
        before = [
            m
            for m, other in ranks.items()
            if rank is not None and other < rank and all(column.cells[m] is not None for column in columns)
        ]
        if before and next(_uncovered(columns, before, box, looks), None) is None:
            yield _never_reached(table, columns, n, before, box)


def _never_reached(
    table: DecisionTable, columns: Sequence[Column], n: int, before: Sequence[int], box: Sequence[int]
) -> Finding:
    """A rule that never answers; names the one that takes all its inputs, if one alone does."""
    alone = (m for m in before if all((c.cells[m] or 0) & part == part for c, part in zip(columns, box, strict=True)))
    by = next(alone, None)
    taker = "the rules before it take" if by is None else f"rule {by + 1} takes"
    return Finding(
        kind=FindingKind.UNREACHABLE_RULE,
        code="never-reached" if by is None else "subsumed",
        severity="warning",
        message=f"Expected rule {n + 1} ({table.rules[n].id}) to be reached, but {taker} all its inputs.",
        rules=(n + 1,),
        example=_example(columns, [_lowest(part) for part in box]),
        facts={} if by is None else {"by": by + 1},
    )


def _ranks(table: DecisionTable) -> dict[int, tuple[int, ...]]:
    """For each rule of a table with one answer what decides which of several answers; {} where none is chosen.

    A rule whose answer is not known before is left out: it may come first or last.
    """
    if table.hit_policy is HitPolicy.FIRST:
        return {n: (n,) for n in range(len(table.rules))}
    if table.hit_policy is not HitPolicy.PRIORITY:
        return {}
    orders = [_listed(output.allowed) for output in table.outputs]
    ranks: dict[int, tuple[int, ...]] = {}
    for n, rule in enumerate(table.rules):
        answers = [literal(entry.text) for entry in rule.outputs]
        places = [
            order.index(answer) if answer in order else len(order)
            for order, answer in zip(orders, answers, strict=False)
            if order
        ]
        if None not in answers:
            ranks[n] = (*places, n)
    return ranks


def _listed(allowed: str) -> list[Any]:
    """Output values in their order; none where they are not a list of literals."""
    found = [literal(text.strip()) for text in _BETWEEN.split(allowed)] if allowed else []
    return [] if None in found else found


def _unreachable_outputs(table: DecisionTable) -> Iterator[Finding]:
    for n, output in enumerate(table.outputs):
        allowed = constant_cell(output.allowed) if output.allowed else None
        texts = [rule.outputs[n].text for rule in table.rules]
        given = [
            literal(text) for text in [*texts, output.default.text if output.default else "null"] if text != "null"
        ]
        if allowed is None or allowed.intervals or None in given:
            continue
        for value in sorted(allowed.values - set(given), key=str):
            yield Finding(
                kind=FindingKind.UNREACHABLE_OUTPUT,
                code="never-answered",
                severity="info",
                message=f"Expected some rule to answer {value!r} in {output.label!r}, but none does.",
                example={output.label: value},
            )


def _type_faults(table: DecisionTable, value_of: Callable[[str], Constant | None]) -> Iterator[Finding]:
    for n, clause in enumerate(table.inputs):
        for row, rule in enumerate(table.rules, 1):
            text = _cell_text(rule.inputs[n].text)
            cell = constant_cell(text, value_of) if text else None
            if cell is not None:
                limits = [end for i in cell.intervals for end in (i.low, i.high) if end is not None]
                yield from _type_fault(row, clause.label, clause.expression.type_ref, [*cell.values, *limits])
    for n, output in enumerate(table.outputs):
        for row, rule in enumerate(table.rules, 1):
            value = literal(rule.outputs[n].text)
            if value is not None:
                yield from _type_fault(row, output.label, output.type_ref, [value])


def _type_fault(row: int, label: str, type_ref: str, values: Sequence[Constant]) -> Iterator[Finding]:
    wrong = sorted((_TYPES[type(value).__name__], str(value), value) for value in values)
    wrong = [each for each in wrong if each[0] != type_ref]
    if wrong and type_ref in _TYPES.values():
        found = wrong[0][0]
        yield Finding(
            kind=FindingKind.TYPE,
            code="wrong-type",
            severity="error",
            message=f"Expected a {type_ref} in {label!r} of rule {row}, but found a {found}.",
            rules=(row,),
            example={label: wrong[0][2]},
            facts={"label": label, "expected": type_ref, "found": found},
        )


def _uncovered(
    columns: Sequence[Column], rules: Sequence[int], box: Sequence[int], looks: _Looks
) -> Iterator[list[int]]:
    """Points of a box that none of these rules takes: one piece of each column. Raises _TooMuch."""

    def search(depth: int, left: Sequence[int], point: list[int]) -> Iterator[list[int]]:
        looks.take(1 + len(left))
        if any(all((columns[k].cells[n] or 0) & box[k] == box[k] for k in range(depth, len(columns))) for n in left):
            return
        if depth == len(columns):
            yield point
            return
        column = columns[depth]
        alike: dict[tuple[int, ...], int] = {}
        for piece in range(len(column.examples)):
            if box[depth] >> piece & 1:
                matching = tuple(n for n in left if (column.cells[n] or 0) >> piece & 1)
                alike.setdefault(matching, piece)
        for matching, piece in alike.items():
            if matching:
                yield from search(depth + 1, matching, [*point, piece])
            else:
                yield [*point, piece, *(_lowest(part) for part in box[depth + 1 :])]

    yield from search(0, list(rules), [])


def _lowest(pieces: int) -> int:
    return (pieces & -pieces).bit_length() - 1


def _example(columns: Sequence[Column], point: Sequence[int]) -> dict[str, Any]:
    return {
        column.label: column.examples[piece]
        for column, piece in zip(columns, point, strict=True)
        if column.examples[piece] is not ANY_VALUE
    }
