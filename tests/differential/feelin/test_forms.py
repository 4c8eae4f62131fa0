"""Every form of the library, filled in by chance: the page says at once what the server says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from engine.model.calendar import SHANGHAI
from engine.model.clock import FixedClock
from forms.appearance import appearance
from forms.checker import FormLibrary, Review
from forms.coercion import Coercion
from forms.form import Field, Form, Widget
from forms.schema import read_forms
from tests.differential.feelin.peer import Failure, agree, answers, named, told
from web.shown import plain_number, show_number
from web.user_task.live import expressions, is_left, live_description

NOW = datetime(2026, 9, 15, 2, tzinfo=UTC)
FORMS = {form.key: form for form in read_forms()}
LIBRARY = FormLibrary(FORMS.values(), FixedClock(NOW))
DOCUMENTS = 30

#: Values of process variables that expressions read, beside those that forms begin with.
VARIABLES: Mapping[str, tuple[Any, ...]] = {
    "investment_opinion": (True, False, None),
    "livelihood": (True, False),
    "depth": ("none", "simple", "full", None),
    "assessment_outcome": ("supported", "not_supported", None),
    "rule": (None, {"R02": {"support": Decimal(85), "rating_good": Decimal("0.75")}, "R02b": {"good": Decimal(81)}}),
    "stage": ("department", "finance"),
    "adjust_rounds": (Decimal(0), Decimal(2)),
    "total_amount": (Decimal(50), Decimal("1000.01")),
    "annual_amount": (Decimal(999), Decimal(1000)),
    "disagreements": (Decimal(0), Decimal(1)),
    "vetoes": ([], ["超出财政事权"], None),
    "finance_returns": (Decimal(0), Decimal(1)),
    "g_plan": (Decimal("66.67"),),
    "scoring_rules": (
        {
            "met": Decimal(100), "partly": Decimal(60), "excellent": Decimal(90), "good": Decimal(80),
            "medium": Decimal(60), "over_achievement": Decimal("1.3"), "reason_below_rate": Decimal(95),
        },
    ),
    "red": (True, False),
    "complete_limit_on": (date(2026, 6, 30), None),
}  # fmt: skip
#: Figures of the configuration that a case may bring along; chosen last, so that they change nothing before.
CONFIGURED: Mapping[str, tuple[Any, ...]] = {
    "commission": (None, {"annual_amount": Decimal(500), "total_amount": Decimal("1000.01"), "score_gap": Decimal(5)}),
    "notice_limits": (
        None,
        {"plan": {"days": Decimal(20), "working_days": None}, "complete": {"days": None, "working_days": Decimal(40)}},
    ),
    "asked": (
        None,
        {"due_at": datetime(2026, 6, 29, 10, tzinfo=UTC), "until": date(2026, 7, 31)},
        {"due_at": datetime(2026, 6, 30, 10, tzinfo=UTC), "until": date(2026, 6, 30)},
    ),
}
#: Form and check (or path) on which the page says something else than the server, with the reason (see known.py).
DIFFERENT: Mapping[tuple[str, str], str] = {}


def any_value(field: Field, chance: Random) -> Any:
    """A value as it comes out of the reading of an input, often on the edge of a condition."""
    if field.columns:
        return [any_row(field, chance) for _ in range(chance.randrange(4))]
    if field.is_list:
        return [any_single(field, chance)]
    return any_single(field, chance)


def any_single(field: Field, chance: Random) -> Any:
    match field.widget:
        case Widget.MONEY | Widget.NUMBER:
            return Decimal(chance.choice(["0", "0.1", "0.2", "0.7", "3.3", "10", "33.3333", "99.99", "100", "1200.5"]))
        case Widget.PERCENT:
            return Decimal(chance.choice(["0", "0.05", "33.33", "60", "80", "100"]))
        case Widget.INTEGER:
            return Decimal(chance.choice([0, 1, 2, 3, 12, 30, 2026]))
        case Widget.BOOLEAN:
            return chance.choice([True, False])
        case Widget.DATE:
            return chance.choice([date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 31), date(2031, 1, 1)])
        case Widget.ENUM:
            return chance.choice(field.choices).value
        case _:
            return chance.choice(["加强管理", "完成 90% 的支付", "li.wei", "1", "清淤长度不少于十公里", "Q-1"])


def any_row(table: Field, chance: Random) -> dict[str, Any]:
    given = [column for column in table.columns if column.calculated is None and chance.random() < 0.85]
    return {column.name: any_value(column, chance) for column in given}


def filled_in(form: Form, chance: Random) -> tuple[dict[str, Any], dict[str, Any]]:
    """Process variables, and a submission."""
    variables = {name: chance.choice(values) for name, values in VARIABLES.items()}
    for field in form.fields:
        if field.prefill is None:
            continue
        for name in field.prefill.names - variables.keys():
            value = any_value(field, chance) if chance.random() < 0.9 else None
            if field.row_key is not None and value:
                value = list({str(row.get(field.row_key)): row for row in value if field.row_key in row}.values())
            variables[name] = value
    submission = {
        field.name: value
        for field in form.fields
        if not field.is_given and chance.random() < 0.8 and (value := any_value(field, chance)) != []
    }
    return variables | {name: chance.choice(values) for name, values in CONFIGURED.items()}, submission


def on_the_page(form: Form, shown: Mapping[str, Any], submission: Mapping[str, Any]) -> dict[str, Any]:
    """What inputs hold: what was typed, and the rows that are given."""
    values = {
        field.name: submission.get(field.name) for field in form.fields if not field.columns and not field.is_given
    }
    for field in form.fields:
        typed = [column.name for column in field.columns if column.calculated is None]
        rows: list[Mapping[str, Any]] = (shown.get(field.name) or []) if field.columns else []
        if rows and field.calculated is None:
            values[field.name] = [{name: row[name] for name in typed if row.get(name) is not None} for row in rows]
    return {name: value for name, value in values.items() if value is not None}


def at(document: Mapping[str, Any], path: str) -> Any:
    name, *rest = path.split("/")
    return document.get(name, [])[int(rest[0])].get(rest[1]) if rest else document.get(name)


def checks_of(form: Form, review: Review) -> set[tuple[str, str, str]]:
    """What the checks of the form find, warnings with a reason left out: code, path, text."""
    codes = {check.code: check for check in form.checks}
    reasoned = [each for each in review.warnings if codes[str(each["code"])].reason]
    found = [each for each in (*review.faults, *review.warnings) if each["code"] in codes and each not in reasoned]
    return {(str(each["code"]), str(each["path"]), str(each["message_zh"])) for each in found}


def compared(
    form: Form, variables: Mapping[str, Any], submission: Mapping[str, Any], answer: Any
) -> Iterator[tuple[str, str]]:
    """Where page and server differ: path or check, and how."""
    if isinstance(answer, Failure):
        yield "", answer.message
        return
    review = LIBRARY.review(form.key, submission, variables)
    shown = appearance(LIBRARY, form.key, submission, variables, NOW.astimezone(SHANGHAI))
    for path, value in answer["calculated"].items():
        if not agree(told(at(review.document, path)), value):
            yield path, f"{at(review.document, path)!r}, page {value}"
    for kind, seen in (("visible", shown.visible), ("required", shown.required)):
        yield from (
            (path, f"{kind} on the page: {said}") for path, said in answer[kind].items() if seen[path] is not said
        )
    spoken = {(each["code"], each["path"]) for each in answer["checks"]}
    ours = {each for each in checks_of(form, review) if each[:2] in spoken}
    theirs = {(each["code"], each["path"], each["message"]) for each in answer["checks"] if each["message"] is not None}
    yield from ((each[0], f"only one side tells {each}") for each in sorted(ours ^ theirs))


@pytest.fixture(scope="module")
def played() -> list[tuple[Form, Mapping[str, Any], Mapping[str, Any], Any]]:
    """Forms with variables, submission and what the page makes of them."""
    cases: list[tuple[Form, Mapping[str, Any], Mapping[str, Any]]] = []
    questions: list[Mapping[str, Any]] = []
    for key, form in FORMS.items():
        for number in range(DOCUMENTS if any(expressions(form)) else 0):
            variables, submission = filled_in(form, Random(f"{key} {number}"))
            shown = appearance(LIBRARY, key, submission, variables, NOW.astimezone(SHANGHAI)).values
            description = live_description(form, shown, variables, "zh")
            document = named(on_the_page(form, shown, submission))
            cases.append((form, variables, submission))
            questions.append({"ask": "form", "form": description, "document": document})
    return [(*case, answer) for case, answer in zip(cases, answers(questions), strict=True)]


def test_every_form_of_the_library_is_worked_out_in_the_browser_as_on_the_server(played: Any):
    found = {
        (form.key, what): how
        for form, variables, submission, answer in played
        for what, how in compared(form, variables, submission, answer)
    }

    assert {where: how for where, how in found.items() if where not in DIFFERENT} == {}
    assert found.keys() == DIFFERENT.keys()


def test_little_of_the_library_is_left_to_the_server(played: Any):
    left = [each for form in FORMS.values() for each in expressions(form) if is_left(each, [])]
    assert {name for each in left for name in each.functions} <= {"today", "now"}

    for form, _, _, answer in played:
        calculated = {field.name for field in form.fields if field.calculated and not field.visible_when}
        assert calculated <= answer["calculated"].keys(), form.key


def test_most_checks_of_the_library_are_broken_by_chance_somewhere(played: Any):
    """Else the comparison would compare silence with silence."""
    broken = {each["code"] for *_, answer in played for each in answer["checks"] if each["message"] is not None}
    codes = {check.code for form in FORMS.values() for check in form.checks}

    assert len(broken & codes) > 0.5 * len(codes)


TYPED = [
    "", " ", "0", "12", "１２．５", "1,234.50", "1，234", "−3", "+7", "-0.5", ".5", "5.", "1e5", "12万", "abc", "0x1F",
    "99%", "99％", "1 000",
    "1,2", "１，２", "1,2345", "12,34,567", "1,234,567.8", "1、234", "1,,234", ",123", "-1,234", "1.2,345",
    "٣", "12345678901234567", "0.1", "1.23456", "00012", "--1", "1.2.3", "Infinity", "NaN",
    "2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", "２０２６-０３-０１", "2026-02-30", "2024-02-29",
    "0000-01-01", "2026-13-01", "26-1-1", "是", "否", "true", "FALSE", "yes", "1", "也许",
    "√", "×", "Ｙ", "no", "０",
]  # fmt: skip


@pytest.mark.parametrize(
    ("widget", "unit"),
    [("money", ""), ("percent", "%"), ("percent", ""), ("integer", ""), ("number", ""), ("number", "%"),
     ("date", ""), ("boolean", ""), ("text", "")],
)  # fmt: skip
def test_what_is_typed_is_read_alike_on_both_sides(widget: str, unit: str):
    field = Field(name="x", zh="x", en="x", widget=Widget(widget), unit=unit)
    percent = field.is_percent()
    theirs = answers([{"ask": "typed", "widget": widget, "text": text, "percent": percent} for text in TYPED])
    ours = [Coercion().document([field], {"x": text}).get("x") for text in TYPED]

    apart = [
        (text, one, other)
        for text, one, other in zip(TYPED, ours, theirs, strict=True)
        if other != {"unknown": True} and not agree(told(one), other)
    ]
    assert apart == []
    assert sum(other == {"unknown": True} for other in theirs) <= 2


def test_numbers_are_written_alike_on_both_sides():
    numbers = [Decimal(each) for each in ["0", "-0.5", "1234567.891", "0.005", "-2.675", "1e3", "0.000001", "1000000"]]
    theirs = answers([{"ask": "written", "number": f"{number:f}"} for number in numbers])

    assert theirs == [[plain_number(number), show_number(number), show_number(number, 2)] for number in numbers]
