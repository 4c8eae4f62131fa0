"""The demonstration's year, played through the engine, stands on 15 September 2026 as the district's own books say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from api.bootstrap.demonstration import AlreadyLater, fast_forward, open_played, prepare, settings_of
from api.settings import Settings, load_settings
from engine import CompleteUserTask
from engine.model.calendar import local_day
from engine.queries import InboxList, inbox
from engine.store import codec
from engine.store.instance_tables import document, incident, process_instance, user_task
from engine.store.wait_tables import message, message_delivery
from processes.budget_performance.demo import local_instant
from processes.budget_performance.demo.answers import ANSWERS
from processes.budget_performance.demo.district import organisation
from processes.budget_performance.ledger.campaigns import open_campaigns
from processes.budget_performance.ledger.tables import (
    application,
    assessment,
    budget_approval,
    evaluation_result,
    goal,
    monitoring_record,
    rectification,
)
from tests.processes.drawn import graph, user_tasks
from tests.processes.rules.decisions import FOLDER

#: key -> (step, assignee, due day, rung)
OPEN = {
    "RECT-2026-001": ("plan", "health2.proj", date(2026, 8, 28), "interview"),
    "RECT-2026-002": ("report", "hous.head", date(2026, 9, 7), "red"),
    "RECT-2026-003": ("dept-review", "street.perf", date(2026, 9, 14), "yellow"),
    "RECT-2026-004": ("plan", "soa.proj", date(2026, 9, 20), ""),
    "MON-2026-08-A05": ("fill", "agri1.proj", date(2026, 9, 10), "orange"),
    "MON-2026-08-D02": ("dept-review", "hr.perf", date(2026, 9, 16), ""),
    "EXA-2027-003": ("file", "hous.proj", date(2026, 9, 11), "yellow"),
    "GOAL-2027-021": ("revise", "street.proj", date(2026, 9, 15), "due"),
}
#: project -> (e, g, state_min) of the round with data to the end of August.
AUGUST = {
    "A01": ("66.00", "66.67", "95.00"),
    "A02": ("75.00", None, "100.00"),
    "A03": ("21.15", "24.67", "20.00"),
    "A04": ("60.00", "60.00", "90.00"),
    "A06": ("75.00", "72.50", "100.00"),
    "A07": ("65.56", "86.00", "100.00"),
    "A08": ("60.00", "66.67", "95.00"),
    "A09": ("50.00", "50.00", "75.00"),
    "A10": ("50.00", None, "95.00"),
    "B01": ("52.00", "51.20", "85.00"),
    "B02": ("65.00", "77.98", "95.00"),
    "C01": ("66.67", None, "100.00"),
    "D01": ("66.67", "67.37", "99.48"),
}
#: project -> (action, amount) that the results of 2025 propose for the budget of 2027.
PROPOSED = {
    "A02": ("priority", "320"),
    "A03": ("improve", "234.00"),
    "A04": ("maintain", "2400"),
    "A06": ("priority", "120"),
    "A07": ("maintain", "180"),
    "A09": ("cut_or_cancel", "750.00"),
    "B02": ("maintain", "1200"),
    "C01": ("priority", "210"),
}
#: round -> level -> projects.
LEVELS = {
    "R1": {"yellow": "A01 A03 A04 A05 A08 A09 B01 D02", "green": "A02 A06 A07 A10 B02 C01 D01"},
    "R2": {"red": "A03", "yellow": "A05 A07 A08 A09 B01 B02 D02", "green": "A01 A02 A04 A06 A10 C01 D01"},
}


@pytest.fixture(scope="module")
def var_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the play is kept."""
    folder = tmp_path_factory.mktemp("var")
    prepare(settings_of(load_settings({"var_dir": folder}, {})), lambda _day: None)
    return folder


@pytest.fixture(scope="module")
def district(var_dir: Path) -> Iterator[Engine]:
    """The district after the play, opened as a later start of the demonstration opens it."""
    played = open_played(settings_of(load_settings({"var_dir": var_dir}, {})))
    yield played.installation.database
    played.installation.close()


def rows(district: Engine, statement: Any) -> list[Any]:
    with district.connect() as connection:
        return list(connection.execute(statement).all())


def test_fifteen_projects_have_their_money(district: Engine):
    approved = rows(district, select(budget_approval.c.amount).where(budget_approval.c.is_approved))

    assert len(approved) == 15
    assert sum(row.amount for row in approved) == Decimal(23125)


@pytest.mark.parametrize("round_", ["R1", "R2"])
def test_the_rounds_of_april_and_july_end_with_their_levels(district: Engine, round_: str):
    found: dict[str, list[str]] = {}
    for row in rows(district, select(monitoring_record).where(monitoring_record.c.round == round_)):
        found.setdefault(row.level_final, []).append(row.project_code)

    assert {level: " ".join(sorted(codes)) for level, codes in found.items()} == LEVELS[round_]


def test_august_counts_eight_green_five_yellow_two_red(district: Engine):
    """Thirteen forms are closed; those of A05 and D02 are on their way and were computed yellow."""
    closed = rows(district, select(monitoring_record).where(monitoring_record.c.round == "R3"))

    assert Counter(row.level_final for row in closed) == {"green": 8, "yellow": 3, "red": 2}
    assert {row.project_code for row in closed if row.level_final == "red"} == {"A03", "B01"}
    assert {row.project_code: (row.e, row.g, row.state_min) for row in closed} == {
        code: tuple(None if text is None else Decimal(text) for text in figures) for code, figures in AUGUST.items()
    }


def test_each_campaign_of_2026_is_opened_once_and_reaches_every_project(district: Engine):
    with district.connect() as connection:
        opened = open_campaigns(connection, "default")
    assert [(each.kind, each.month, each.departments, each.opened_by, each.told) for each in opened] == [
        ("round.open", "08", (), "fin.perf", 15),
        ("round.open", "07", (), "fin.perf", 15),
        ("round.open", "04", (), "fin.perf", 15),
        ("budget.open", "", (), "fin.perf", 15),
    ]
    delivered = rows(
        district,
        select(message.c.correlation_key, func.count())
        .join(message_delivery, message_delivery.c.message_id == message.c.id)
        .where(message.c.name == "round.open")
        .group_by(message.c.correlation_key),
    )
    assert len(delivered) == 45
    assert {count for _, count in delivered} == {1}


def test_the_open_user_tasks_stand_where_the_district_says(district: Engine):
    statement = select(user_task).where(user_task.c.state == "open", user_task.c.business_key.in_(list(OPEN)))
    found = {
        row.business_key: (
            row.element_id,
            row.assignee,
            local_day(row.due_at),
            row.rung if row.rung in ("due", "yellow", "orange", "red", "interview") else "",
        )
        for row in rows(district, statement)
    }

    assert found == OPEN


def test_five_are_overdue_and_nothing_else_is(district: Engine):
    open_ones = rows(district, select(user_task).where(user_task.c.state == "open"))
    overdue = [row for row in open_ones if local_day(row.due_at) < date(2026, 9, 15)]
    due_today = [row for row in open_ones if local_day(row.due_at) == date(2026, 9, 15)]

    assert Counter(row.rung for row in overdue) == {"interview": 1, "red": 1, "orange": 1, "yellow": 2}
    assert [row.business_key for row in due_today] == ["GOAL-2027-021"]


def test_the_results_of_2025_are_opening_records_brought_in_by_the_performance_section(district: Engine):
    kept = rows(district, select(evaluation_result).where(evaluation_result.c.kind == "final"))

    assert {(row.fiscal_year, row.is_opening, row.recorded_by) for row in kept} == {(2025, True, "fin.perf")}
    assert {row.project_code for row in kept} == set(PROPOSED)


def test_the_results_of_2025_propose_what_the_rule_says_for_the_budget_of_2027(district: Engine):
    kept = rows(district, select(application))

    assert {row.project_code: (row.action, row.proposal) for row in kept} == {
        code: (action, Decimal(amount)) for code, (action, amount) in PROPOSED.items()
    }
    assert {(row.fiscal_year, row.for_year, row.amount == row.proposal) for row in kept} == {(2025, 2027, True)}
    of_application = user_task.c.business_key.startswith("APP-")
    assert rows(district, select(user_task.c.id).where(of_application, user_task.c.state == "open")) == []


def test_major_objects_of_five_years_were_reviewed_at_half_term(district: Engine):
    of_review = user_task.c.element_id == "mid-term-review"
    reviewed = rows(district, select(user_task).where(of_review).order_by(user_task.c.business_key))

    assert [(row.business_key, local_day(row.created_at), row.state) for row in reviewed] == [
        ("PRJ:D01:2026", date(2026, 7, 1), "completed"),
        ("PRJ:D02:2026", date(2026, 7, 1), "completed"),
    ]


def test_the_supervisor_has_urged_what_was_five_working_days_late(district: Engine):
    urged = rows(district, select(user_task).where(user_task.c.element_id == "urge").order_by(user_task.c.created_at))

    assert [
        (row.business_key, local_day(row.created_at), local_day(row.due_at), row.state, row.closed_by)
        for row in urged
    ] == [
        ("RECT-2026-001:plan", date(2026, 9, 4), date(2026, 9, 8), "completed", "gov.sup"),
        ("RECT-2026-002:report", date(2026, 9, 14), date(2026, 9, 16), "completed", "gov.sup"),
    ]


def test_the_year_2027_of_what_goes_on_began_by_itself_and_belongs_to_the_same_unit(district: Engine):
    def loops_of(year: int) -> dict[str, Any]:
        roots = process_instance.c.part == 0, process_instance.c.business_key.like(f"PRJ:%:{year}")
        return {row.business_key[4:7]: row for row in rows(district, select(process_instance).where(*roots))}

    before, begun = loops_of(2026), {k: row for k, row in loops_of(2027).items() if row.started_by == "system"}

    assert begun.keys() == {"A01", "A04", "A09", "A10", "B01", "C01", "D01", "D02"}
    assert {local_day(row.started_at) for row in begun.values()} == {date(2026, 6, 1)}
    assert {code: row.unit_code for code, row in begun.items()} == {code: before[code].unit_code for code in begun}


def test_nothing_has_failed_on_the_way(district: Engine):
    assert rows(district, select(func.count()).select_from(incident)) == [(0,)]


def test_messages_to_processes_that_are_not_there_wait_for_a_receiver(district: Engine):
    waiting = {row.name for row in rows(district, select(message.c.name).where(message.c.state == "buffered"))}

    assert {"fund.case", "adjust.request", "disclose.request", "monitor.done"} <= waiting
    assert not waiting & {"rect.open", "goal.confirmed", "budget.approved", "round.open", "violation"}


def test_rectifications_are_numbered_in_the_order_they_were_opened(district: Engine):
    listed = rows(district, select(rectification).order_by(rectification.c.rect_no))

    assert [(row.rect_no[-3:], row.project_code, row.source) for row in listed] == [
        ("001", "A03", "spot_check"),
        ("002", "B02", "key"),
        ("003", "A07", "spot_check"),
        ("004", "A09", "monitoring"),
        ("005", "A03", "monitoring"),
        ("006", "B01", "monitoring"),
        ("007", "A09", "key"),
    ]


def test_assessments_end_with_the_scores_of_the_district(district: Engine):
    kept = rows(district, select(assessment))

    assert {row.project_code: (row.depth, row.score, row.conclusion) for row in kept} == {
        "A01": ("full", Decimal(86), "support"),
        "A05": ("full", Decimal(82), "support"),
        "A08": ("simple", Decimal(85), "support"),
        "B01": ("full", Decimal(83), "support"),
        "021": ("simple", Decimal(85), "support"),
    }


def test_goals_of_2026_are_graded_as_the_district_says(district: Engine):
    approved = (goal.c.fiscal_year == 2026, goal.c.version == "1.0")
    graded = {row.project_code: (row.score, row.grade) for row in rows(district, select(goal).where(*approved))}

    assert graded.pop("A07") == (Decimal(85), "良")
    assert len(graded) == 14
    assert set(graded.values()) == {(Decimal(90), "优")}


def test_measures_name_people_by_their_titles(district: Engine):
    filed = rows(district, select(document.c.content).where(document.c.form_key.in_(["F-04", "F-04-choice"])))

    named = {each["person"] for row in filed for each in codec.decode(row.content).get("measures", ())}

    assert named and named <= {user["title"] for user in organisation()["users"]}


def test_choices_after_yellow_july_are_to_go_on_except_for_a05(district: Engine):
    july = (monitoring_record.c.round == "R2", monitoring_record.c.level_final == "yellow")
    chosen = {row.project_code: row.choice for row in rows(district, select(monitoring_record).where(*july))}

    assert chosen.pop("A05") == "adjust"
    assert chosen == dict.fromkeys(("A07", "A08", "A09", "B01", "B02", "D02"), "continue")


@pytest.fixture(scope="module")
def settings_of_spring(var_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the district that has gone on to the end of March 2027, after a visitor had sent a form back."""
    settings = settings_of(load_settings({"var_dir": copytree(var_dir, tmp_path_factory.mktemp("spring") / "var")}, {}))
    played = open_played(settings)
    actor = played.installation.identity.front_desk.actor_of("hr.perf")
    dispatcher = played.installation.dispatcher
    (item,) = [
        each
        for which in (InboxList.MINE, InboxList.CLAIMABLE)
        for each in dispatcher.query(inbox, actor, which).items
        if each.business_key == "MON-2026-08-D02"
    ]
    sent_back = {"decision": "return", "comment": "稳岗返还户数与台账不一致"}
    dispatcher.dispatch(CompleteUserTask(actor=actor, user_task_id=item.id, submission=sent_back))
    played.installation.close()
    fast_forward(settings, "2027-03-31", lambda _day: None)
    return settings


@pytest.fixture(scope="module")
def spring(settings_of_spring: Settings) -> Iterator[Engine]:
    played = open_played(settings_of_spring)
    assert played.installation.clock.now() >= local_instant("2027-03-31 18:00")
    assert played.demonstration.as_of == local_instant("2027-03-31 18:00")
    yield played.installation.database
    played.installation.close()


def test_whatever_the_loop_asks_people_the_district_has_an_answer():
    asked = {(path.stem, node.id) for path in FOLDER.glob("*.bpmn") for node in user_tasks(graph(path.stem))}

    assert asked == set(ANSWERS)


def test_every_project_goes_on_to_its_result_of_the_year(spring: Engine):
    of_year = (evaluation_result.c.fiscal_year == 2026, evaluation_result.c.kind == "final")
    found = {row.project_code: row for row in rows(spring, select(evaluation_result).where(*of_year))}

    assert (found["A01"].score, found["A01"].grade, found["A01"].source) == (Decimal("92.82"), "优", "self")
    assert Counter(row.grade for row in found.values()) == {"优": 11, "良": 1, "中": 2, "差": 1}
    assert rows(spring, select(func.count()).select_from(incident)) == [(0,)]


def test_the_rounds_of_august_and_october_end_with_a_level_for_every_project(spring: Engine):
    found = {"R3": Counter[str](), "R4": Counter[str]()}
    for row in rows(spring, select(monitoring_record).where(monitoring_record.c.round.in_(found))):
        found[row.round][row.level_final] += 1

    assert found["R3"] == {"green": 8, "yellow": 5, "red": 2}
    assert found["R4"] == {"green": 10, "yellow": 3, "red": 2}


def test_the_results_of_2026_propose_to_the_budget_of_2028(spring: Engine):
    kept = rows(spring, select(application).where(application.c.fiscal_year == 2026))

    assert {row.for_year for row in kept} == {2028}
    assert Counter(row.action for row in kept) == {"priority": 11, "maintain": 1, "improve": 2, "cut_or_cancel": 1}
    (of_a01,) = [row for row in kept if row.project_code == "A01"]
    assert (of_a01.action, of_a01.amount) == ("priority", Decimal(800))


def test_the_budget_of_2027_holds_what_the_results_of_2025_propose(spring: Engine):
    """A04 is kept, A09 is cut by half, C01 is kept with priority; the others of 2025 end in 2026."""
    of_2027 = rows(spring, select(budget_approval).where(budget_approval.c.fiscal_year == 2027))
    approved = {row.project_code: row.amount for row in of_2027}

    assert set(approved) == {"003", "021", "A01", "A04", "A09", "A10", "B01", "C01", "D01", "D02"}
    assert {code: approved[code] for code in set(PROPOSED) & set(approved)} == {"A04": 2400, "A09": 750, "C01": 210}


def test_every_rectification_of_2026_is_closed_by_the_spring(spring: Engine):
    of_2026 = rows(spring, select(rectification).where(rectification.c.rect_no.startswith("RECT-2026")))

    assert {row.state for row in of_2026} == {"closed"}


def test_the_clock_of_the_district_does_not_go_back(settings_of_spring: Settings, spring: Engine):
    with pytest.raises(AlreadyLater, match="does not go back"):
        fast_forward(settings_of_spring, "2027-01-31", lambda _day: None)
