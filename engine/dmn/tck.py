"""Runs test cases in the layout of the DMN Technology Compatibility Kit: folders with a model and `*-test-*.xml` files.

Models are compiled tolerantly and evaluated leniently, as the kit wants it: what is wrong is null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, cast

from lxml import etree

from engine.dmn.decisions import DecisionModel
from engine.dmn.folder import ModelFolder
from engine.feel import FeelFunction, compile_expression, format_value
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


#: Characters of a value that a reason shows.
MOST_SHOWN = 300
#: Folders of the kit that stand for a level.
_LEVEL = re.compile(r"compliance-level-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """One test case: it passes when all its expected results are found."""

    #: "2" or "3" in the kit's own folders, else the first folder below the root.
    level: str
    #: Folder below the root, e.g. "compliance-level-2/0001-input-data-string".
    group: str
    case: str
    #: Why it failed, one reason for each result that was not found; none if it passed.
    reasons: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return not self.reasons


class Guard(Protocol):
    """Lets what happens within it take no more than its time; what it raises then is the case's failure."""

    def __call__(self) -> AbstractContextManager[None]: ...


class OutOfTime(BaseException):
    """A case took longer than its guard allows. No Exception: nothing on the way may take it for a fault of its own."""


def run_folder(
    root: Path,
    *,
    functions: Mapping[str, FeelFunction] | None = None,
    now: datetime | None = None,
    guard: Guard = nullcontext,
) -> Iterator[CaseResult]:
    """Run every test file below a folder, in the order of their paths. A case that fails stops nobody else.

    Args:
        functions: functions besides FEEL's own, e.g. regular expressions over a bound engine.
        now: what `now()` and `today()` tell.
        guard: raises OutOfTime within compiling a model or asking for one result when that takes too long.
    """
    for file in sorted(root.rglob("*.xml")):
        try:
            tests = parse_xml(file.read_bytes())
        except EngineError as error:
            yield CaseResult(level=_level(root, file), group=_group(root, file), case=file.name, reasons=(str(error),))
            continue
        if etree.QName(tests).namespace == _NAMESPACE:
            yield from _Tests(root, file, tests, functions, now, guard).run()


def _group(root: Path, file: Path) -> str:
    return file.parent.relative_to(root).as_posix()


def _level(root: Path, file: Path) -> str:
    named = _LEVEL.search(file.resolve().as_posix())
    return named[1] if named else file.relative_to(root).parts[0]


class _Tests:
    """One test file."""

    def __init__(
        self,
        root: Path,
        file: Path,
        tests: Element,
        functions: Mapping[str, FeelFunction] | None,
        now: datetime | None,
        guard: Guard,
    ) -> None:
        self._level = _level(root, file)
        self._group = _group(root, file)
        self._file = file
        self._tests = tests
        self._functions = functions
        self._now = now
        self._guard = guard

    def run(self) -> Iterator[CaseResult]:
        models: list[DecisionModel] = []

        def load() -> str:
            folder = ModelFolder(self._file.parent, self._functions)
            models.append(folder.load(self._file.parent / _text(self._tests, "modelName"))[0])
            return ""

        refusal = self._guarded(load)
        for case in _children(self._tests, "testCase"):
            reasons = [f"the model: {refusal}"] if refusal else list(self._reasons(models[0], case))
            yield CaseResult(
                level=self._level, group=self._group, case=case.get("id") or "", reasons=tuple(filter(None, reasons))
            )

    def _reasons(self, model: DecisionModel, case: Element) -> Iterator[str]:
        """What is wrong with each result of a case; "" for those that are right."""
        for result in _children(case, "resultNode"):
            name = result.get("name") or ""
            reason = self._guarded(lambda result=result: _judge(model, case, result, self._now))
            yield f"{name}: {reason}" if reason else ""

    def _guarded(self, judge: Callable[[], str]) -> str:
        """What judging says, or why it came to no end: a crash is a failure of the case, and ours."""
        try:
            with self._guard():
                return judge()
        except (EngineError, OSError) as error:
            return f"refused: {error}"
        except OutOfTime as late:
            return f"out of time: {late}"
        except Exception as crash:
            return f"crashed: {type(crash).__name__}: {crash}"


def _judge(model: DecisionModel, case: Element, result: Element, now: datetime | None) -> str:
    """Why the result is not the expected one; "" if it is."""
    given = {node.get("name") or "": _value(node) for node in _children(case, "inputNode")}
    expected_node = next(_children(result, "expected"), None)
    expected = None if expected_node is None else _value(expected_node)
    may_fail = result.get("errorResult") == "true"
    try:
        found = _ask(model, case, result.get("name") or "", given, now)
    except EngineError as error:
        return "" if may_fail and expected is None else f"refused: {error}"
    if found is None and may_fail:
        return ""
    return "" if _same(expected, found) else f"expected {_shown(expected)}, found {_shown(found)}"


def _ask(model: DecisionModel, case: Element, name: str, given: Mapping[str, Any], now: datetime | None) -> Any:
    service_name = case.get("invocableName")
    if case.get("type") == "decisionService" and service_name:
        service = model.find_service(service_name)
        if service is None:
            raise EngineError(f"Expected a decision service {service_name!r}, but there is none.")
        value = service.evaluate(given, now=now, lenient=True).value
        return cast("dict[str, Any]", value).get(name, value) if isinstance(value, dict) else value
    decision = model.find(name)
    if decision is None:
        raise EngineError(f"Expected a decision {name!r}, but there is none.")
    return decision.evaluate(given, now=now, lenient=True).value


def _shown(value: Any) -> str:
    text = format_value(value) if not isinstance(value, str) else repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"


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
