"""Functions that packages register mean the same in every expression of the house, over its own calendar."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from api.bootstrap import CalendarOfRows, Installation, feel_functions, open_installation, published_calendar
from api.bootstrap.calendar import LOOK_AGAIN
from api.bootstrap.functions import merged
from api.cli import cli
from api.settings import load_settings
from engine import DeployDefinitions, StartProcessInstance
from engine.feel import BUILTINS, FeelFunction, compile_expression
from engine.model.actor import system_actor
from engine.model.calendar import DayKind, SpecialDay
from engine.model.clock import FixedClock
from engine.queries import user_task_detail
from engine.store.calendar_rows import bring_calendar_years, write_calendar_year
from engine.store.database import write_transaction
from engine.store.official_calendar import CalendarYear
from forms.checker import FormLibrary
from forms.schema import read_form
from migrations.everything import metadata
from tests.api.district import NOW
from tests.engine.dmn.tables import decision, definitions, input_data, literal
from tests.house import bpmn, flows, user_task

#: Each kind of function: of the calendar, of a package, of forms, of the regular expressions.
EXPRESSION = (
    "{due: string(add working days(date(day), 5)), quarter: quarter(date(day)), total: total([1, null, 2]), "
    'code: matches("A01", "[A-Z]\\d+")}'
)
GIVEN = {"day": "2026-09-30"}
DUE = 'camunda:dueDate="= add working days(today(), 5)"'
EXPECTED = {"due": "2026-10-13", "quarter": 3, "total": 3, "code": True}


@pytest.fixture
def installation(database_url: str, tmp_path) -> Iterator[Installation]:
    settings = load_settings({"var_dir": tmp_path, "database_url": database_url}, {})
    made = open_installation(settings, clock=FixedClock(NOW))
    metadata.create_all(made.database)
    with write_transaction(made.database) as connection:
        bring_calendar_years(connection, "default", [2026, 2027])
    yield made
    made.close()


def in_a_diagram(installation: Installation) -> Any:
    script = f"<script>{_escaped(EXPRESSION)}</script>"
    made = f'<scriptTask id="s" scriptFormat="feel" camunda:resultVariable="made">{script}</scriptTask>'
    people = user_task("t", groups="dept_perf", attributes=DUE)
    steps = f'<startEvent id="b"/>{made}{people}<endEvent id="e"/>'
    diagram = bpmn("p", steps + flows("b s", "s t", "t e"))
    actor = system_actor("default")
    installation.dispatcher.dispatch(DeployDefinitions(actor=actor, files={"p.bpmn": diagram}))
    started: Any = installation.dispatcher.dispatch(
        StartProcessInstance(actor=actor, process_definition_key="p", variables=GIVEN, unit_code="21")
    )
    detail = installation.dispatcher.query(user_task_detail, actor, started.opened_user_tasks[0])
    assert detail.user_task.due_at is not None
    return detail.variables["made"]


def in_a_decision(installation: Installation) -> Any:
    table = definitions(input_data("day"), decision("d", literal(EXPRESSION), needs=["day"]))
    actor = system_actor("default")
    installation.dispatcher.dispatch(DeployDefinitions(actor=actor, files={"d.dmn": table}))

    def ask(connection: Any) -> Any:
        return installation.dispatcher.definitions_within(connection, "default", NOW).decide_given("d", None, GIVEN)

    return installation.dispatcher.query(ask).value


def in_a_form(installation: Installation) -> Any:
    calculated = {"type": "string", "title": "算", "x-title-en": "Made", "x-widget": "text"}
    fields = {f"made_{name}": {**calculated, "x-calculated": f"string({EXPRESSION}.{name})"} for name in EXPECTED}
    form = {
        "x-form": {"key": "small", "version": 1, "title_zh": "小表", "title_en": "Small", "form_no": ""},
        "type": "object",
        "properties": fields,
    }
    functions = installation.dispatcher.collaborators.functions_by_name
    library = FormLibrary([read_form(json.dumps(form).encode(), "small.json", functions)], installation.clock)
    document = library.prefilled("small", GIVEN)
    return {name: document[f"made_{name}"] for name in EXPECTED}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def test_diagrams_decisions_and_forms_call_the_same_functions(installation):
    assert in_a_diagram(installation) == EXPECTED
    assert in_a_decision(installation) == EXPECTED
    assert in_a_form(installation) == {"due": "2026-10-13", "quarter": "3", "total": "3", "code": "true"}


def test_the_command_line_calls_the_same_functions():
    result = CliRunner().invoke(cli, ["feel", EXPRESSION, "--context", json.dumps(GIVEN)], standalone_mode=False)

    assert json.loads(result.output) == EXPECTED


def test_the_calendar_of_the_house_counts_not_the_published_one(installation):
    flood = SpecialDay(day=date(2026, 10, 12), kind=DayKind.HOLIDAY, name="防汛")
    with write_transaction(installation.database) as connection:
        write_calendar_year(connection, "default", CalendarYear(2026, (flood,), True, "circular 9"))

    # without the holidays of October: 1, 2, 5, 6 and 7 are worked
    assert in_a_decision(installation)["due"] == "2026-10-07"


def test_a_changed_calendar_counts_a_few_seconds_later(installation):
    seconds = [100.0]
    functions = feel_functions(CalendarOfRows(installation.database, installation.rules, lambda: seconds[0]))
    is_working = compile_expression('is working day(@"2026-10-12")', functions=functions)
    assert is_working.evaluate({}) is True

    with write_transaction(installation.database) as connection:
        flood = SpecialDay(day=date(2026, 10, 12), kind=DayKind.HOLIDAY, name="防汛")
        write_calendar_year(connection, "default", CalendarYear(2026, (flood,), True, "circular 9"))

    assert is_working.evaluate({}) is True
    seconds[0] += LOOK_AGAIN
    assert is_working.evaluate({}) is False


def test_a_name_that_two_packages_bring_or_feel_has_is_refused():
    one = {"quarter": FeelFunction(name="quarter", implementation=lambda: 1)}

    assert set(merged({"a": one, "b": {}})) == {"quarter"}
    with pytest.raises(ValueError, match="'quarter' once, but both a and b bring one"):
        merged({"a": one, "b": one})
    with pytest.raises(ValueError, match="'count' once, but both FEEL and a bring one"):
        merged({"a": {"count": BUILTINS["count"]}})


def test_every_function_says_its_parameters():
    functions = feel_functions(published_calendar)

    assert str(functions["add working days"]) == "add working days(date: date or date and time, days: number)"
    assert set(functions) - set(BUILTINS) == {
        *("add working days", "working days between", "is working day", "next working day", "previous working day"),
        *("quarter", "quarter start", "quarter end", "fiscal year", "total"),
    }
