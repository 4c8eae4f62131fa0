"""The play: what the people of the model district have done until the morning of 15 September 2026.

Each scene is a story of its own that says when it goes on; the stories are interleaved by their instants.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import date

from engine.model.calendar import SHANGHAI
from processes.budget_performance.demo import campaigns, district, next_year, year_end
from processes.budget_performance.demo.application import applies
from processes.budget_performance.demo.campaigns import opens
from processes.budget_performance.demo.doors import Doors
from processes.budget_performance.demo.monitoring import mid_term_review, monitoring, violation_is_found
from processes.budget_performance.demo.office_days import office_days
from processes.budget_performance.demo.preparation import approves_the_budget, prepares
from processes.budget_performance.demo.rectifications import (
    FINDINGS,
    key_evaluation_of_a09,
    key_evaluation_of_b02,
    red_of_a03,
    spot_check_of_a03,
    spot_check_of_a07,
    supervisor_urges,
    warning_of_a09,
)
from processes.budget_performance.demo.stage import Stage

#: Local instants: the clock of the play begins here …
BEGINS = "2025-03-03 08:30"
#: … and the curtain falls here.
ENDS = "2026-09-15 10:00"
#: Who has taken up what was offered to a post, and not finished it: instant, person, case, step.
TAKEN_UP = (
    ("2026-09-07 09:15", "hous.head", "RECT-2026-002", "report"),
    ("2026-09-14 14:30", "street.perf", "RECT-2026-003", "dept-review"),
    ("2026-09-14 15:10", "hr.perf", "MON-2026-08-D02", "dept-review"),
)
#: Months whose payments the treasury has reported, and the day of the following month on which it does.
MONTHS, REPORT_DAY = range(1, 9), "01 08:30"


def play(stage: Stage, doors: Doors, progress: Callable[[str], None]) -> None:
    """Play every scene to the end; `progress` is told each day "2026-05-18" on which somebody acts.

    Raises:
        SceneFailed: the play and the processes disagree.
    """
    stories = [
        _registers(stage, doors),
        opens(stage, doors, campaigns.OF_THE_PLAY),
        *(prepares(stage, each["code"], 2026) for each in district.content()["projects"]),
        *(prepares(stage, code, 2027) for code in district.continuing(2027)),
        approves_the_budget(stage),
        *monitoring(stage),
        *(mid_term_review(stage, code) for code in ("D01", "D02")),
        violation_is_found(stage),
        _treasury(stage, doors),
        key_evaluation_of_b02(stage),
        key_evaluation_of_a09(stage, doors),
        spot_check_of_a03(stage),
        spot_check_of_a07(stage),
        supervisor_urges(stage),
        warning_of_a09(stage),
        red_of_a03(stage),
        *(applies(stage, row["project"]) for row in district.content()["opening_results"]),
        next_year.smart_parking(stage, doors),
        next_year.community_canteen(stage, doors),
        _take_up(stage),
    ]
    _interleave(stage, stories, ENDS, progress)


def play_on(stage: Stage, doors: Doors, until: str, progress: Callable[[str], None]) -> None:
    """Go on to a local instant "2027-03-31 18:00": the year ends, and every project comes to its result.

    What an earlier run has brought in or sent comes again without effect.
    """
    today = stage.clock.now().astimezone(SHANGHAI).date()
    stories = [
        _treasury_goes_on(stage, doors),
        opens(stage, doors, campaigns.OF_THE_YEAR_END),
        _opens_the_last_goals(stage),
        office_days(stage, today, date.fromisoformat(until[:10])),
    ]
    _interleave(stage, stories, until, progress)


def _interleave(stage: Stage, stories: list[Iterator[str]], until: str, progress: Callable[[str], None]) -> None:
    """Let each story go on at its instants, up to a last one."""
    # the number keeps the order of stories that go on at the same instant
    begun = [(next(story, None), number) for number, story in enumerate(stories)]
    waiting = [(instant, number) for instant, number in begun if instant is not None]
    heapq.heapify(waiting)
    while waiting and waiting[0][0] <= until:
        instant, number = heapq.heappop(waiting)
        progress(instant[:10])
        stage.move_to(instant)
        following = next(stories[number], None)
        if following is not None:
            heapq.heappush(waiting, (following, number))
    stage.move_to(until)


def _registers(stage: Stage, doors: Doors) -> Iterator[str]:
    """The objects of 2026, those of 2025 that were evaluated with their results as opening records 期初, and those of
    2026 that go on.
    """
    fin_perf = stage.actor_of("fin.perf")
    yield BEGINS
    evaluated = [row["project"] for row in district.content()["opening_results"]]
    doors.objects(fin_perf, [*district.registrations(2026), *district.registrations(2025, evaluated)])
    yield "2026-05-18 09:00"
    doors.opening_results(fin_perf, district.opening_results())
    doors.findings(fin_perf, FINDINGS)
    yield "2026-05-29 08:30"
    doors.objects(fin_perf, district.registrations(2027, district.continuing(2027)))


def _take_up(stage: Stage) -> Iterator[str]:
    for instant, person, business_key, element_id in TAKEN_UP:
        yield instant
        stage.claim(person, business_key, element_id)


def _treasury(stage: Stage, doors: Doors) -> Iterator[str]:
    """What was paid by the end of each month."""
    for month in MONTHS:
        yield f"2026-{month + 1:02}-{REPORT_DAY}"
        doors.payments(stage.actor_of("fin.treasury"), district.payments(month))


def _treasury_goes_on(stage: Stage, doors: Doors) -> Iterator[str]:
    """What was paid by the end of each month until the year ends."""
    for month in year_end.MONTHS:
        yield f"2026-{month + 1:02}-{REPORT_DAY}" if month < 12 else "2027-01-04 08:30"
        doors.payments(stage.actor_of("fin.treasury"), year_end.payments(month))


def _opens_the_last_goals(stage: Stage) -> Iterator[str]:
    """The goals of the late object of 2027."""
    yield "2026-09-16 09:00"
    stage.send("fin.perf", "budget.open", "GOAL-2027-003", {})
