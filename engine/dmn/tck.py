"""Runs test cases in the layout of the DMN Technology Compatibility Kit: folders with a model and `*-test-*.xml` files.

Models are compiled tolerantly and evaluated leniently, as the kit wants it: what is wrong is null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from lxml import etree

from engine.dmn.answer import shown
from engine.dmn.compiler import compile_with_faults
from engine.dmn.decisions import DecisionModel
from engine.feel import FeelFunction, compile_expression
from engine.model.errors import EngineError
from engine.xml import Element, parse_xml

_NAMESPACE = "http://www.omg.org/spec/DMN/20160719/testcase"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
#: How far a number may lie from the expected one: the kit prints eight digits.
_TOLERANCE = Decimal("1E-8")
_FROM_TEXT = {
    "date": compile_expression("date(text)"),
    "time": compile_expression("time(text)"),
    "dateTime": compile_expression("date and time(text)"),
    "duration": compile_expression("duration(text)"),
}
_SAME = compile_expression("a = b")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One expected result of one test case."""

    #: Folder and file below the root, e.g. "compliance-level-2/0001-input-data-string".
    group: str
    case: str
    #: Name of the decision or service asked.
    asked: str
    passed: bool
    #: Why it failed; "" if it passed.
    reason: str = ""


def run_folder(
    root: Path, *, functions: Mapping[str, FeelFunction] | None = None, now: datetime | None = None
) -> Iterator[CaseResult]:
    """Run every test file below a folder, in the order of their paths.

    Args:
        functions: functions besides FEEL's own, e.g. regular expressions over a bound engine.
        now: what `now()` and `today()` tell.
    """
    for file in sorted(root.rglob("*.xml")):
        tests = parse_xml(file.read_bytes())
        if etree.QName(tests).namespace == _NAMESPACE:
            yield from _run_file(file, tests, str(file.parent.relative_to(root)), functions, now)


def _run_file(
    file: Path, tests: Element, group: str, functions: Mapping[str, FeelFunction] | None, now: datetime | None
) -> Iterator[CaseResult]:
    name = _text(tests, "modelName")
    model: DecisionModel | None = None
    refusal = ""
    try:
        model = _Models(file.parent, functions).load(file.parent / name)
    except (EngineError, OSError) as error:
        refusal = f"the model is refused: {error}"
    for case in _children(tests, "testCase"):
        given = {node.get("name") or "": _value(node) for node in _children(case, "inputNode")}
        for result in _children(case, "resultNode"):
            asked = result.get("name") or ""
            reason = refusal if model is None else _judge(model, case, result, given, now)
            yield CaseResult(group=group, case=case.get("id") or "", asked=asked, passed=not reason, reason=reason)


class _Models:
    """Compiles the models of one folder, imports first."""

    def __init__(self, folder: Path, functions: Mapping[str, FeelFunction] | None) -> None:
        self._functions = functions
        self._files: dict[str, Path] = {}
        for file in sorted(folder.glob("*.dmn")):
            self._files[parse_xml(file.read_bytes()).get("namespace") or ""] = file
        self._open: set[Path] = set()

    def load(self, file: Path) -> DecisionModel:
        root = parse_xml(file.read_bytes())
        self._open.add(file)
        wanted = [child.get("namespace") or "" for child in root if etree.QName(child).localname == "import"]
        files = [self._files[namespace] for namespace in wanted if namespace in self._files]
        imports = [self.load(other) for other in files if other not in self._open]
        self._open.discard(file)
        model, _ = compile_with_faults(file.read_bytes(), functions=self._functions, imports=imports)
        return model


def _judge(model: DecisionModel, case: Element, result: Element, given: Mapping[str, Any], now: datetime | None) -> str:
    """Why the result is not the expected one; "" if it is."""
    expected_node = next(_children(result, "expected"), None)
    expected = None if expected_node is None else _value(expected_node)
    may_fail = result.get("errorResult") == "true"
    try:
        found = _ask(model, case, result.get("name") or "", given, now)
    except EngineError as error:
        return "" if may_fail and expected is None else f"refused: {error}"
    if found is None and may_fail:
        return ""
    return "" if _same(expected, found) else f"expected {shown(expected)}, found {shown(found)}"


def _ask(model: DecisionModel, case: Element, name: str, given: Mapping[str, Any], now: datetime | None) -> Any:
    service_name = case.get("invocableName")
    if case.get("type") == "decisionService" and service_name:
        service = next((s for s in model.services.values() if s.name == service_name), None)
        if service is None:
            raise EngineError(f"Expected a decision service {service_name!r}, but there is none.")
        value = service.evaluate(given, now=now, lenient=True)
        return cast("dict[str, Any]", value).get(name, value) if isinstance(value, dict) else value
    decision = model.find(name)
    if decision is None:
        raise EngineError(f"Expected a decision {name!r}, but there is none.")
    return decision.evaluate(given, now=now, lenient=True).value


def _same(expected: Any, found: Any) -> bool:
    if isinstance(expected, Decimal) and isinstance(found, Decimal):
        return abs(expected - found) <= _TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(expected, list) and isinstance(found, list):
        pairs = zip(cast("list[Any]", expected), cast("list[Any]", found), strict=False)
        return len(cast("list[Any]", expected)) == len(cast("list[Any]", found)) and all(_same(a, b) for a, b in pairs)
    if isinstance(expected, dict) and isinstance(found, dict):
        wanted, given = cast("dict[str, Any]", expected), cast("dict[str, Any]", found)
        return wanted.keys() == given.keys() and all(_same(wanted[name], given[name]) for name in wanted)
    if expected is None or found is None:
        return expected is found
    return _SAME.evaluate({"a": expected, "b": found}) is True


def _value(node: Element) -> Any:
    """The value of an inputNode, expected, item or component: a value, a list or components."""
    if node.get(f"{{{_XSI}}}nil") == "true":
        return None
    components = list(_children(node, "component"))
    if components:
        return {component.get("name") or "": _value(component) for component in components}
    listed = next(_children(node, "list"), None)
    if listed is not None:
        return None if listed.get(f"{{{_XSI}}}nil") == "true" else [_value(item) for item in _children(listed, "item")]
    value = next(_children(node, "value"), None)
    if value is None or value.get(f"{{{_XSI}}}nil") == "true":
        return None
    text = value.text or ""
    kind = (value.get(f"{{{_XSI}}}type") or "string").rpartition(":")[2]
    if kind in ("decimal", "double"):
        number = Decimal(text.strip())
        return number if number.is_finite() else None
    if kind == "boolean":
        return text.strip() in ("true", "1")
    return _FROM_TEXT[kind].evaluate({"text": text.strip()}) if kind in _FROM_TEXT else text


def _children(node: Element, tag: str) -> Iterator[Element]:
    return (child for child in node if etree.QName(child).localname == tag)


def _text(node: Element, tag: str) -> str:
    child = next(_children(node, tag), None)
    return "" if child is None else (child.text or "").strip()
