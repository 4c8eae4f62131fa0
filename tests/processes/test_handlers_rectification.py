"""P09: numbering, what the notice begins with, deadlines counted by the official calendar, verification."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.model.calendar import local_day
from engine.model.errors import ExecutionFailed, NotFound
from engine.store.settings_rows import Setting, put_settings
from processes.budget_performance.ledger.rectifications import find
from tests.processes.office import TENANT, D, office, reported

__all__ = ["office"]

RULES = {
    "due__rectification__plan": "30D",
    "due__rectification__plan__red": "10D",
    "due__rectification__dept_review": "3WD",
    "due__rectification__accept": "5WD",
    "due__rectification__carry_out": "60D",
    "due__rectification__carry_out__again": "20D",
}


def announce(office, **given) -> str:
    usual = {"source": "monitoring", "result_ref": "PRJ:A03:2026:R3", "red": True}
    return office.call("rectification.announce", "MON-2026-08-A03", **{**usual, **given})["rect_key"]


def noticed(office) -> str:
    """A rectification with two issues, registered."""
    office.take_over("A03")
    rows = [{"type": "management", "text": "设备采购两次流标"}, {"type": "money", "text": "资金闲置"}]
    office.file("MON-2026-08-A03", "F-04", reported("A03", issues=rows))
    return announce(office, advice="限期完成采购")


def test_a_red_round_is_announced_with_the_issues_the_unit_reported(office):
    rect_no = noticed(office)

    registered = office.call("rectification.register", rect_no)

    asked = {"requirement": "限期完成采购", "severity": "grave"}
    assert rect_no == "RECT-2026-001"
    assert registered["issues"] == [
        {"no": 1, "category": "management", "fact": "设备采购两次流标", **asked},
        {"no": 2, "category": "money", "fact": "资金闲置", **asked},
    ]


def test_a_registered_rectification_knows_everything_the_notice_needs(office):
    registered = office.call("rectification.register", noticed(office))

    expected = {
        "rect_no": "RECT-2026-001",
        "source": "monitoring",
        "result_ref": "PRJ:A03:2026:R3",
        "red": True,
        "issuer_role": "finance_perf",
        "project_key": "PRJ:A03:2026",
        "project_code": "A03",
        "project_name": "项目A03",
        "fiscal_year": 2026,
        "unit_code": "2202",
        "department_code": "22",
        "owner": "health2.proj",
        "failed_count": 0,
    }
    assert {name: registered[name] for name in expected} == expected
    assert registered["open_issues"] == registered["issues"]
    assert registered["project"]["department_name"] == "区卫生健康局"


def test_the_notice_names_the_times_that_are_configured(office):
    office.take_over("A03")
    office.configure(**RULES | {"due__rectification__plan__red": "8WD"})

    limits = office.call("rectification.register", announce(office))["notice_limits"]

    assert limits == {"plan": {"days": None, "working_days": 8}, "complete": {"days": 60, "working_days": None}}


def test_the_same_trouble_is_not_announced_twice(office):
    noticed(office)

    assert announce(office, result_ref="PRJ:A03:2026:R4") is None
    assert announce(office, source="audit") == "RECT-2026-002"


@pytest.mark.parametrize(("source", "role"), [("audit", "auditor"), ("key", "finance_perf"), ("npc", "finance_perf")])
def test_the_auditor_issues_his_own_notices(office, source, role):
    office.take_over("A03")

    assert office.call("rectification.register", announce(office, source=source))["issuer_role"] == role


def test_the_problems_of_a_self_evaluation_become_the_issue(office):
    office.take_over("A03")
    office.file("SELF-2026-A03", "F-05", {"problems": "培训人数不足"})

    rect_no = announce(office, source="self", red=False)

    (issue,) = find(office.connection, TENANT, rect_no).issues
    assert (issue["fact"], issue["severity"]) == ("培训人数不足", "light")


def test_money_not_used_in_compliance_is_an_issue_of_its_own(office):
    office.take_over("A03")
    compliance = [{"check": "专款专用", "ok": False, "note": "挪用于其他工程"}, {"check": "手续完备", "ok": True}]
    office.file("SELF-2026-A03", "F-05", {"problems": "培训人数不足", "compliance": compliance})

    issues = find(office.connection, TENANT, announce(office, source="self", red=False)).issues

    assert [(each["category"], each["fact"]) for each in issues] == [
        ("violation", "“专款专用”自评为不合规：挪用于其他工程"),
        ("management", "培训人数不足"),
    ]


def test_without_anything_listed_the_notice_names_the_result(office):
    office.take_over("A03")

    rect_no = announce(office, source="key", result_ref="PRJ:A03:2026:key")

    assert find(office.connection, TENANT, rect_no).issues[0]["fact"] == "重点评价发现的问题（PRJ:A03:2026:key）"


def test_a_number_that_nobody_announced_is_refused(office):
    with pytest.raises(NotFound, match="Expected a rectification 'RECT-2026-007', but found none"):
        office.call("rectification.register", "RECT-2026-007")


def test_the_notice_goes_out_with_the_issues_written_on_it(office):
    rect_no = noticed(office)
    written = {"no": 1, "category": "money", "fact": "资金闲置", "basis": "监控表", "amount": D(205)}
    office.file(rect_no, "F-10a", {"issues": [written]}, "notice")

    issued = office.call("rectification.issue", rect_no, rect_no=rect_no)

    assert issued["issues"] == issued["open_issues"] == [written]
    assert issued["issued_on"] == local_day(office.now)
    assert find(office.connection, TENANT, rect_no).state == "issued"


@pytest.mark.parametrize(
    ("red", "urge_at", "overdue_at", "limit"),
    [
        (False, datetime(2026, 9, 4, 1, tzinfo=UTC), datetime(2026, 9, 11, 1, tzinfo=UTC), date(2026, 11, 9)),
        (True, datetime(2026, 8, 17, 1, tzinfo=UTC), datetime(2026, 8, 24, 1, tzinfo=UTC), date(2026, 10, 19)),
    ],
    ids=["ordinary", "red"],
)
def test_a_late_plan_is_urged_after_five_and_overdue_after_ten_working_days(office, red, urge_at, overdue_at, limit):
    """Received on 29 July: due on 28 August, the money is touched on 11 September at nine; red: due on 10 August."""
    rect_no = noticed(office)
    office.configure(**RULES)
    office.now = datetime(2026, 7, 29, 2, tzinfo=UTC)

    received = office.call("rectification.receive", rect_no, rect_no=rect_no, owner="health2.proj", red=red)

    assert (received["plan_urge_at"], received["plan_overdue_at"]) == (urge_at, overdue_at)
    assert received["overdue_working_days"] == 10
    assert received["complete_limit_on"] == limit
    assert received["owner"] == "health2.proj"
    assert find(office.connection, TENANT, rect_no).state == "received"


def test_how_many_working_days_late_touch_the_money_is_a_threshold(office):
    rect_no = noticed(office)
    office.configure(**RULES)
    row = Setting(key="rule.P09.overdue_working_days", value=D(3), valid_from=date(2026, 7, 1))
    put_settings(office.connection, TENANT, [row])
    office.now = datetime(2026, 7, 29, 2, tzinfo=UTC)

    received = office.call("rectification.receive", rect_no, rect_no=rect_no, owner="health2.proj", red=True)

    assert received["overdue_working_days"] == 3
    assert received["plan_overdue_at"] == datetime(2026, 8, 13, 1, tzinfo=UTC)


def test_the_head_may_name_somebody_else(office):
    rect_no = noticed(office)
    office.configure(**RULES)

    received = office.call(
        "rectification.receive", rect_no, rect_no=rect_no, owner="health2.proj", responsible="health2.head", red=True
    )

    assert received["owner"] == "health2.head"


def test_an_accepted_plan_sets_the_day_of_completion(office):
    """Accepted on 9 July: 60 days end on 7 September, overdue for the money on Sunday the 20th, which is worked."""
    rect_no = noticed(office)
    office.configure(**RULES)
    office.now = datetime(2026, 7, 9, 2, tzinfo=UTC)

    accepted = office.call("rectification.accept_plan", rect_no, rect_no=rect_no)

    assert accepted == {
        "complete_due_on": date(2026, 9, 7),
        "overdue_working_days": 10,
        "complete_urge_at": datetime(2026, 9, 14, 1, tzinfo=UTC),
        "complete_overdue_at": datetime(2026, 9, 20, 1, tzinfo=UTC),
    }
    assert find(office.connection, TENANT, rect_no).state == "in_progress"


@pytest.mark.parametrize("state", ["plan_submitted", "reported", "closed", "failed", "cancelled"])
def test_a_step_reaches_the_state_it_names(office, state):
    rect_no = noticed(office)

    assert office.call("rectification.advance", rect_no, {"state": state}, rect_no=rect_no) == {}
    assert find(office.connection, TENANT, rect_no).state == state


def test_a_step_that_names_no_state_is_refused(office):
    rect_no = noticed(office)

    with pytest.raises(ExecutionFailed, match="Expected a property 'state' on 'element', but found none"):
        office.call("rectification.advance", rect_no, rect_no=rect_no)


def test_what_is_not_closed_gets_twenty_days_more_and_counts(office):
    rect_no = noticed(office)
    office.configure(**RULES)
    found = [{"no": D(1), "verified": "closed"}, {"no": D(2), "verified": "partly", "note": "未完成"}]
    office.file(rect_no, "F-10d-verify", {"issues": found}, "verify")

    verified = office.call("rectification.verify", rect_no, rect_no=rect_no)

    assert [issue["no"] for issue in verified["open_issues"]] == [2]
    assert (verified["all_closed"], verified["failed_count"]) == (False, 1)
    assert verified["complete_due_on"] == date(2026, 10, 8)


def test_when_all_is_closed_there_is_no_new_deadline(office):
    rect_no = noticed(office)
    office.configure(**RULES)
    found = [{"no": D(1), "verified": "closed"}, {"no": D(2), "verified": "closed"}]
    office.file(rect_no, "F-10d-verify", {"issues": found}, "verify")

    verified = office.call("rectification.verify", rect_no, rect_no=rect_no)

    assert (verified["open_issues"], verified["all_closed"], verified["failed_count"]) == ([], True, 0)
    assert "complete_due_on" not in verified
