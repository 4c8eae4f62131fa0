"""Reads the test cases that a process brings along: one TOML file beside its diagram, `<name>.cases.toml`.

[given]                       # what every case begins with, and no random way changes
fiscal_year = 2027
[[case]]
name = "returned once"
given = { round = 1 }
steps = [
  { complete = "fill", with = { amount = 10 } },
  { pass = "5WD" }, { receive = "budget.open", with = {} }, { broadcast = "stop" },
]
answers = { look_up = [{ found = true }, { error = "GONE" }] }    # services and called processes, by element
decisions = { R02 = ["support"] }                                 # by decision
expect = { user_tasks = ["fill", "review"], end = "done", state = "ended", variables = { outcome = "passed" } }
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from engine.bpmn.opinion.cases import Answer, Broadcast, Case, Complete, Pass, Raises, Receive, Step
from engine.bpmn.opinion.spans import START, instant_of
from engine.bpmn.report import Findings
from engine.kernel.graph import Graph, NodeKind

#: How the codes of findings begin that are about the file itself, not about how a case goes.
OF_CASE_FILE = "cases-"
STATES = ("ended", "running", "failed")
_FILE_KEYS = ("given", "case")
_CASE_KEYS = ("name", "process", "start", "given", "steps", "answers", "decisions", "expect")
_EXPECT_KEYS = ("user_tasks", "end", "state", "variables")
_STEPS = ("complete", "pass", "receive", "broadcast")
_ANSWERED = frozenset({NodeKind.SERVICE, NodeKind.CALL_ACTIVITY, NodeKind.SEND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a case is to come to; None where the case does not say."""

    #: Element ids in the order in which they open; those of one step by name.
    user_tasks: tuple[str, ...] | None = None
    #: The end event that the process itself reaches last.
    end: str | None = None
    #: ended | running | failed
    state: str = "ended"
    #: Some of the variables at the end.
    variables: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenCase:
    """A case of the file."""

    #: Key of the process it is a case of.
    process: str
    case: Case
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A file that was read; without cases if it has faults."""

    cases: tuple[WrittenCase, ...] = ()
    #: What every case begins with.
    given: Mapping[str, Any] = field(default_factory=dict[str, Any])


class _Unsound(Exception):
    """A place of the file does not hold what it should."""

    def __init__(self, place: str, expected: str, found: Any) -> None:
        super().__init__(place)
        self.facts = {"place": place, "expected": expected, "found": str(found)}


def read_cases(content: bytes, graphs: Mapping[str, Graph], findings: Findings) -> CaseFile:
    """Read a case file; every fault becomes a finding.

    Args:
        graphs: processes of the diagram, by key; the first one is meant where a case names none.
    """
    try:
        root = tomllib.loads(content.decode("utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        findings.add("cases-syntax", "", reason=str(error))
        return CaseFile()
    faults = findings.count
    given: Mapping[str, Any] = {}
    for facts in _strangers(root):
        findings.add("cases-shape", "", **facts)
    try:
        given = _values(root.get("given", {}), "given")
    except _Unsound as fault:
        findings.add("cases-shape", "", **fault.facts)
    cases: list[WrittenCase] = []
    for number, row in enumerate(cast("list[Any]", root.get("case", [])), 1):
        try:
            cases.append(_case(row, f"case {number}", graphs, given))
        except _Unsound as fault:
            findings.add("cases-shape", "", **fault.facts)
    for each in cases:
        for kind, name in _unknown(each, graphs[each.process]):
            findings.add("cases-element", name, case=each.case.name, kind=kind, process=each.process)
    names = [each.case.name for each in cases]
    for name in sorted({name for name in names if names.count(name) > 1}):
        findings.add("cases-shape", "", place=name, expected="a name that no other case has", found=name)
    return CaseFile(cases=tuple(cases), given=given) if findings.count == faults else CaseFile()


def _case(row: Any, place: str, graphs: Mapping[str, Graph], given: Mapping[str, Any]) -> WrittenCase:
    row = _table(row, place)
    name = _text(row.get("name"), f"{place}: name")
    place = f"case {name!r}"
    process = row.get("process", next(iter(graphs)))
    if process not in graphs:
        raise _Unsound(f"{place}: process", f"one of {', '.join(graphs)}", process)
    answers = _table(row.get("answers", {}), f"{place}: answers")
    decisions = _table(row.get("decisions", {}), f"{place}: decisions")
    case = Case(
        name=name,
        variables={**given, **_values(row.get("given", {}), f"{place}: given")},
        steps=tuple(_each(row.get("steps", []), f"{place}: steps", _step)),
        answers={key: tuple(_each(some, f"{place}: answers {key}", _answer)) for key, some in answers.items()},
        decisions={key: tuple(_each(some, f"{place}: decisions {key}", _value)) for key, some in decisions.items()},
        start_element_id=row.get("start"),
    )
    return WrittenCase(process=process, case=case, expected=_expected(row.get("expect", {}), f"{place}: expect"))


def _expected(row: Any, place: str) -> Expected:
    row = _table(row, place)
    state = row.get("state", "ended")
    if state not in STATES:
        raise _Unsound(f"{place}: state", f"one of {', '.join(STATES)}", state)
    user_tasks = row.get("user_tasks")
    end = row.get("end")
    return Expected(
        user_tasks=None if user_tasks is None else tuple(_each(user_tasks, f"{place}: user_tasks", _text)),
        end=None if end is None else _text(end, f"{place}: end"),
        state=state,
        variables=_values(row.get("variables", {}), f"{place}: variables"),
    )


def _step(row: Any, place: str) -> Step:
    row = _table(row, place)
    what = [name for name in _STEPS if name in row]
    if len(what) != 1:
        raise _Unsound(place, f"one of {', '.join(_STEPS)}", ", ".join(row) or "nothing")
    (kind,) = what
    with_values = kind in ("complete", "receive")
    _only(row, (kind, "with") if with_values else (kind,), place)
    subject = _text(row[kind], f"{place}: {kind}")
    values = _values(row.get("with", {}), f"{place}: with")
    if kind == "complete":
        return Complete(subject, values)
    if kind == "receive":
        return Receive(subject, values)
    return Pass(_length(subject, place)) if kind == "pass" else Broadcast(subject)


def _length(text: str, place: str) -> timedelta:
    until = instant_of(text, START)
    if until is None or until < START:
        raise _Unsound(place, "a length of time such as 5WD, 30D or PT10M", text)
    return until - START


def _answer(row: Any, place: str) -> Answer:
    values = _values(row, place)
    if values.keys() == {"error"}:
        return Raises(error_code=_text(values["error"], place))
    return values


def _unknown(written: WrittenCase, graph: Graph) -> Iterator[tuple[str, str]]:
    """Kind and name of everything a case names that its process does not have."""
    kinds = {node.id: node.kind for node in graph.nodes}
    inside = {name for name, kind in kinds.items() if kind is NodeKind.USER_TASK}
    named: list[tuple[str, Collection[str], Collection[str]]] = [
        ("user task", inside, [step.element_id for step in written.case.steps if isinstance(step, Complete)]),
        ("user task", inside, written.expected.user_tasks or ()),
        ("end event", {name for name, kind in kinds.items() if kind is NodeKind.END}, _given(written.expected.end)),
        ("start event", {graph.nodes[index].id for index in graph.starts}, _given(written.case.start_element_id)),
        ("service task or call activity", {name for name, kind in kinds.items() if kind in _ANSWERED},
         written.case.answers),
        ("decision", {node.work.name for node in graph.nodes if node.work is not None}, written.case.decisions),
    ]  # fmt: skip
    for kind, known, names in named:
        yield from ((kind, name) for name in dict.fromkeys(names) if name not in known)


def _given(name: str | None) -> tuple[str, ...]:
    return () if name is None else (name,)


def _strangers(root: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Keys that nobody reads: all of them, whatever else is wrong with the file."""
    yield from _unread(root, _FILE_KEYS, "top")
    rows: Any = root.get("case", [])
    for number, row in enumerate(cast("list[Any]", rows) if isinstance(rows, list) else [], 1):
        if isinstance(row, dict):
            found = cast("dict[str, Any]", row)
            place = f"case {found['name']!r}" if isinstance(found.get("name"), str) else f"case {number}"
            yield from _unread(found, _CASE_KEYS, place)
            yield from _unread(found.get("expect"), _EXPECT_KEYS, f"{place}: expect")


def _unread(row: Any, names: Collection[str], place: str) -> Iterator[dict[str, str]]:
    for name in cast("dict[str, Any]", row) if isinstance(row, dict) else ():
        if name not in names:
            yield {"place": place, "expected": f"only {', '.join(names)}", "found": name}


def _only(row: Mapping[str, Any], names: Collection[str], place: str) -> None:
    for name in row:
        if name not in names:
            raise _Unsound(place or "top", f"only {', '.join(names)}", name)


def _table(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Unsound(place, "a table", value)
    return cast("dict[str, Any]", value)


def _text(value: Any, place: str) -> str:
    if not isinstance(value, str) or not value:
        raise _Unsound(place, "a text", value)
    return value


def _each(value: Any, place: str, read: Callable[[Any, str], Any]) -> Iterator[Any]:
    if not isinstance(value, list):
        raise _Unsound(place, "a list", value)
    for number, entry in enumerate(cast("list[Any]", value), 1):
        yield read(entry, f"{place} {number}")


def _values(value: Any, place: str) -> dict[str, Any]:
    return {name: _value(entry, f"{place} {name}") for name, entry in _table(value, place).items()}


def _value(value: Any, place: str) -> Any:
    """A FEEL value; an instant needs its zone."""
    if isinstance(value, bool | str | Decimal):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, list):
        return [_value(entry, place) for entry in cast("list[Any]", value)]
    if isinstance(value, dict):
        return _values(value, place)
    if type(value) is date or (isinstance(value, datetime) and value.tzinfo is not None):
        return value
    raise _Unsound(place, "a text, number, truth value, day, instant with zone, list or table", value)
