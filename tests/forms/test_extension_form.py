"""F-EXT: whoever decides on an extension may grant it, shorten it or refuse it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.forms.library import LIBRARY

CONTEXT: dict[str, Any] = {
    "asked": {
        "name": "提交整改方案",
        "business_key": "RECT-2026-001",
        "asked_by": "health2.proj",
        "due_at": datetime(2026, 8, 28, 10, tzinfo=UTC),
        "until": date(2026, 9, 18),
        "reason": "第三方检测报告九月中旬才能出具",
    },
    "project_name": "社区卫生服务能力提升",
    "unit_code": "2202",
}


def test_it_begins_with_what_was_asked_for() -> None:
    assert LIBRARY.prefilled("F-EXT", CONTEXT) == {
        "step_name": "提交整改方案",
        "case_key": "RECT-2026-001",
        "project_name": "社区卫生服务能力提升",
        "asked_by": "health2.proj",
        "unit_code": "2202",
        "due_on": date(2026, 8, 28),
        "asked_until": date(2026, 9, 18),
        "reason": "第三方检测报告九月中旬才能出具",
        "until": date(2026, 9, 18),
    }


@pytest.mark.parametrize(
    ("submission", "variables"),
    [
        ({"decision": "grant", "until": "2026-09-18"}, {"decision": "grant", "until": date(2026, 9, 18)}),
        (
            {"decision": "grant", "until": "2026-08-29", "opinion": "周末前完成"},
            {"decision": "grant", "until": date(2026, 8, 29), "opinion": "周末前完成"},
        ),
        ({"decision": "refuse", "opinion": "理由不充分"}, {"decision": "refuse", "opinion": "理由不充分"}),
    ],
    ids=["grant", "shorten", "refuse"],
)
def test_what_is_decided_goes_on_to_the_process(submission: dict[str, Any], variables: dict[str, Any]) -> None:
    found = LIBRARY.check("F-EXT", submission, CONTEXT).variables

    assert {name: value for name, value in found.items() if value is not None} == variables


@pytest.mark.parametrize(
    ("submission", "path", "zh", "en"),
    [
        (
            {"decision": "grant", "until": "2026-08-28", "opinion": "按原期限完成"},
            "until",
            "批准延至 2026-08-28，须晚于现定到期日 2026-08-28。",
            "2026-08-28 is not later than the present due day 2026-08-28.",
        ),
        (
            {"decision": "grant", "until": "2026-09-19"},
            "until",
            "批准延至 2026-09-19，晚于申请的 2026-09-18。",
            "2026-09-19 is later than 2026-09-18, the day asked for.",
        ),
    ],
    ids=["not later", "beyond what was asked"],
)
def test_the_day_lies_between_the_present_one_and_the_one_asked_for(
    submission: dict[str, Any], path: str, zh: str, en: str
) -> None:
    (fault,) = LIBRARY.review("F-EXT", submission, CONTEXT).faults

    assert (fault["path"], fault["message_zh"], fault["message"]) == (path, zh, en)


@pytest.mark.parametrize(
    "submission",
    [
        {"decision": "refuse"},
        {"decision": "refuse", "opinion": "不同意"},
        {"decision": "grant", "until": "2026-09-17"},
    ],
    ids=["refused without a word", "too short", "shortened without a word"],
)
def test_a_refusal_and_a_shorter_time_say_why(submission: dict[str, Any]) -> None:
    assert [fault["path"] for fault in LIBRARY.review("F-EXT", submission, CONTEXT).faults] == ["opinion"]


def test_a_grant_names_its_day() -> None:
    faults = LIBRARY.review("F-EXT", {"decision": "grant", "until": None}, CONTEXT).faults

    assert [fault["path"] for fault in faults] == ["until"]
