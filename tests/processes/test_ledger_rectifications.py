"""The rectification ledger: running numbers, one open at a time, states and what verification leaves open."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.model.errors import NotFound
from processes.budget_performance.ledger.rectifications import (
    Opening,
    find,
    has_failed,
    keep_issues,
    open_numbers,
    open_rectification,
    reach,
    verify,
)
from tests.processes.office import NOW, TENANT, Office, office

__all__ = ["office"]


def opened(office: Office, source: str = "monitoring", *, code: str = "A03", year: int = 2026, at: datetime = NOW):
    opening = Opening(project_code=code, fiscal_year=year, unit_code="2202", source=source)
    return open_rectification(office.connection, TENANT, opening, at)


def test_numbers_run_by_the_year_of_opening(office):
    in_january = datetime(2027, 1, 3, tzinfo=UTC)

    numbers = [
        opened(office),
        opened(office, "key"),
        opened(office, code="A09"),
        opened(office, code="A09", source="self", at=in_january),
    ]

    assert numbers == ["RECT-2026-001", "RECT-2026-002", "RECT-2026-003", "RECT-2027-001"]


def test_the_year_of_a_number_is_that_of_shanghai(office):
    new_years_eve_in_london = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)

    assert opened(office, at=new_years_eve_in_london) == "RECT-2027-001"


def test_one_at_a_time_for_the_same_object_year_and_source(office):
    first = opened(office)

    assert opened(office) is None
    assert opened(office, "spot_check") == "RECT-2026-002"
    assert opened(office, year=2025) == "RECT-2026-003"
    assert open_numbers(office.connection, TENANT, "A03", source="monitoring") == [first, "RECT-2026-003"]


@pytest.mark.parametrize("state", ["closed", "failed", "cancelled"])
def test_after_one_has_ended_the_next_may_be_opened(office, state):
    reach(office.connection, TENANT, opened(office), state, NOW)

    assert opened(office) == "RECT-2026-002"
    assert has_failed(office.connection, TENANT, "A03", 2026) is (state == "failed")


def test_a_refused_opening_uses_no_number(office):
    opened(office)
    opened(office)

    assert opened(office, "audit") == "RECT-2026-002"


def test_an_unknown_number_or_state_is_refused(office):
    rect_no = opened(office)

    with pytest.raises(NotFound, match="Expected a rectification 'RECT-2026-099', but found none"):
        reach(office.connection, TENANT, "RECT-2026-099", "closed", NOW)
    with pytest.raises(ValueError, match="Expected a state of a rectification, but found 'asleep'"):
        reach(office.connection, TENANT, rect_no, "asleep", NOW)


def test_verification_leaves_open_what_is_not_closed_and_counts_its_failures(office):
    rect_no = opened(office)
    keep_issues(office.connection, TENANT, rect_no, [{"no": 1, "fact": "一"}, {"no": 2, "fact": "二"}])

    first = verify(office.connection, TENANT, rect_no, {1: "closed", 2: "partly"}, NOW)
    second = verify(office.connection, TENANT, rect_no, {2: "not"}, NOW)
    third = verify(office.connection, TENANT, rect_no, {2: "closed"}, NOW)

    assert [[issue["no"] for issue in each.open_issues] for each in (first, second, third)] == [[2], [2], []]
    assert [each.failed_count for each in (first, second, third)] == [1, 2, 2]
    assert find(office.connection, TENANT, rect_no).state == "verified_partly"
