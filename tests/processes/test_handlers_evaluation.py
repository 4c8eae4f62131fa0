"""P06, P10 and the year's result: R06 on the filed form, the result that counts, the proposal for a later budget."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.model.errors import ExecutionFailed
from processes.budget_performance.ledger.applications import application_for
from processes.budget_performance.ledger.budgets import keep_approval
from processes.budget_performance.ledger.evaluations import Result, record_result, results_of
from processes.budget_performance.ledger.goals import keep_goal
from processes.budget_performance.ledger.measures import measures_of
from processes.budget_performance.ledger.payments import PaidSoFar, import_payments
from processes.budget_performance.ledger.rectifications import reach
from tests.processes.office import NOW, TENANT, YEAR, D, goal_of, office
from tests.processes.rules.decisions import ask

__all__ = ["office"]

CAUSE = "施工季节短，工期顺延"
#: Example A of R06: indicator, weight, operator, target, actual.
EXAMPLE_A = [
    ("改造教室", 15, ">=", 24, 24),
    ("验收合格率", 15, ">=", 100, 96),
    ("按期完成率", 10, ">=", 100, 75),
    ("单位造价", 10, "<=", 3000, 3150),
    ("新增学位", 20, ">=", 1080, 1080),
    ("管护机制健全性", 10, "qualitative", None, None),
    ("家长满意度", 10, ">=", 90, D("87.3")),
]
#: Row -> what is promised where points were lost.
MEASURES = {1: "补做抽检", 2: "倒排工期", 3: "集中采购", 5: "出台管护办法", 6: "改进通报"}
KEY = "SELF-2026-A01"


def finish_the_year(office) -> None:
    """Project A01 at the end of its year: 736 of 800 paid, the goal of example A."""
    key = office.register("A01")
    keep_approval(office.connection, key, is_approved=True, amount=D(800), decided_on=date(2026, 2, 9))
    rows = [[name, D(w), op, D(t) if t else None, None, "", "state", True] for name, w, op, t, _ in EXAMPLE_A]
    keep_goal(office.connection, TENANT, "A01", YEAR, goal_of({"code": "A01", "indicators": rows}), NOW)
    paid = PaidSoFar(project_code="A01", fiscal_year=YEAR, month=12, cumulative=D(736))
    import_payments(office.connection, TENANT, [paid], "importer", NOW)


def self_evaluation(*, cause: str | None = CAUSE, **other: object) -> dict:
    rows = [{"l3": name, "actual": D(str(a)) if a is not None else None, "cause": cause} for name, *_, a in EXAMPLE_A]
    rows[5] |= {"rating": "partly", "ratio": D(75)}
    for row, promise in MEASURES.items():
        rows[row]["measure"] = promise
    return {"indicators": rows, "exec_reason": CAUSE, "improvements": "加强管护", **other}


def test_the_form_opens_with_final_payments_and_the_thresholds_in_force(office):
    finish_the_year(office)

    opened = office.call("evaluation.open", KEY)

    assert (opened["spent"], opened["budget_adj"], opened["exec_weight"]) == (736, 800, 10)
    assert opened["goal_year"] == "A01的年度目标"
    assert [row["l3"] for row in opened["indicators"]] == [name for name, *_ in EXAMPLE_A]
    assert opened["scoring_rules"] == {
        "reason_below_rate": 90,
        "over_achievement": D("1.30"),
        "satisfaction_sample": 30,
        "met": 80,
        "partly": 60,
        "places": 2,
        "cut": False,
        "from_printed_rate": False,
        "hardly_spent": 50,
        "budget_cut": 80,
        "excellent": 90,
        "good": 80,
        "medium": 60,
    }


def test_example_a_of_the_rules_scores_92_82(office):
    finish_the_year(office)
    office.file(KEY, "F-05", self_evaluation())

    found = office.call("evaluation.score", KEY)

    assert (found["self_score"], found["return_comment"]) == (D("92.82"), None)


def test_rows_without_a_reason_come_back_by_name(office):
    finish_the_year(office)
    office.file(KEY, "F-05", self_evaluation(cause=None))

    comment = office.call("evaluation.score", KEY)["return_comment"]

    assert comment.startswith("“验收合格率”未得满分，须填写偏差原因；“按期完成率”")
    assert "改造教室" not in comment


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        ({"cause": None}, "“改造教室”明显超额完成，须填写偏差原因和改进措施。"),
        ({"cause": CAUSE}, "“改造教室”明显超额完成，须填写改进措施。"),
        ({"cause": CAUSE, "measure": "下年度按实际需求设定指标值"}, None),
    ],
)
def test_a_target_far_exceeded_comes_back_until_it_is_explained(office, answer, asked):
    finish_the_year(office)
    form = self_evaluation()
    form["indicators"][0] |= {"actual": D(40), **answer}
    office.file(KEY, "F-05", form)

    assert office.call("evaluation.score", KEY)["return_comment"] == asked


def test_money_hardly_spent_wants_a_reason(office):
    finish_the_year(office)
    low = PaidSoFar(project_code="A01", fiscal_year=YEAR, month=12, cumulative=D("719.99"))
    import_payments(office.connection, TENANT, [low], "importer", NOW)
    office.file(KEY, "F-05", self_evaluation(exec_reason=None))

    assert office.call("evaluation.score", KEY)["return_comment"] == "预算执行率偏低，须说明原因。"


def test_the_rounding_of_the_campaign_is_that_of_the_day_the_form_was_opened(office):
    finish_the_year(office)
    office.file(KEY, "F-05", self_evaluation())
    opened = {"places": D(0), "cut": True, "from_printed_rate": False}

    found = office.call("evaluation.score", KEY, scoring_rules=opened)

    # 9 + 15 + 14 + 7 + 9 + 20 + 7 + 9
    assert (found["self_score"], found["self_score_exact"].quantize(D("0.01"))) == (90, D("92.82"))


def test_more_spent_than_there_was_blocks_signing(office):
    finish_the_year(office)
    keep_approval(office.connection, office.key("A01"), is_approved=True, amount=D(730), decided_on=date(2026, 11, 2))
    office.file(KEY, "F-05", self_evaluation())

    comment = office.call("evaluation.score", KEY)["return_comment"]

    assert comment == "“年度资金总额”全年执行数 736 万元大于全年预算数 730 万元。"


def test_what_does_not_fit_together_is_noted_for_those_who_review_and_blocks_nothing(office):
    finish_the_year(office)
    office.file(KEY, "F-05", self_evaluation())

    found = office.call("evaluation.score", KEY)

    assert found["return_comment"] is None
    assert found["consistency_note"].startswith("UNIT_MISSING “改造教室”的指标值“24”没有计量单位。\n")


def test_nothing_can_be_evaluated_without_a_goal(office):
    office.register("A01")

    with pytest.raises(ExecutionFailed, match="Expected a confirmed goal of A01 for 2026, but found none"):
        office.call("evaluation.open", KEY)


def test_a_frozen_evaluation_stands_in_the_ledger_with_its_measures_and_a_receipt(office):
    finish_the_year(office)
    office.file(KEY, "F-05", self_evaluation())

    receipt = office.call("evaluation.freeze", KEY, self_score=D("92.82"), grade="优")

    kept = results_of(office.connection, TENANT, "A01", YEAR)["self"]
    assert (kept.score, kept.grade) == (D("92.82"), "优")
    assert receipt == {"receipt_no": "RECEIPT-2026-001"}
    assert [each.content for each in measures_of(office.connection, office.key("A01"), "self")] == [
        *MEASURES.values(),
        "加强管护",
    ]


# --- the result of the year


def results(office, **scores: tuple[object, str]) -> None:
    """Keep results by kind: self_=(98, "优")."""
    office.register("A03", 2025)
    for kind, (score, grade) in scores.items():
        kept = Result(
            project_code="A03", fiscal_year=2025, kind=kind.rstrip("_"), score=D(str(score)), grade=grade, source="self"
        )
        record_result(office.connection, TENANT, kept, "importer", NOW)


@pytest.mark.parametrize(
    ("scores", "final", "source"),
    [
        ({"self_": (95, "优")}, 95, "self"),
        ({"self_": (95, "优"), "spot_check": (92, "优")}, 95, "self"),
        ({"self_": (95, "优"), "spot_check": (90, "优")}, 95, "self"),
        ({"self_": (95, "优"), "spot_check": ("89.99", "良")}, D("89.99"), "spot_check"),
        ({"self_": (91, "优"), "spot_check": (89, "良")}, 89, "spot_check"),
        ({"self_": (98, "优"), "spot_check": (79, "中")}, 79, "spot_check"),
        ({"self_": (86, "良"), "spot_check": (85, "良"), "key": ("58.5", "差")}, D("58.5"), "key"),
    ],
    ids=["self only", "reliable", "just reliable", "deviating", "grade changed", "untrue", "key evaluation"],
)
def test_the_key_evaluation_comes_before_the_re_check_and_that_before_the_self_evaluation(
    office, scores, final, source
):
    results(office, **scores)

    found = office.call("ledger.year_result", "PRJ:A03:2025")

    assert (found["final_score"], found["result_source"], found["self_score"]) == (final, source, scores["self_"][0])


@pytest.mark.parametrize(("ok", "has"), [(False, True), (True, False)])
def test_money_used_against_the_rules_is_an_issue(office, ok, has):
    results(office, self_=(95, "优"))
    office.file("SELF-2025-A03", "F-05", {"compliance": [{"check": "专款专用", "ok": ok}]})

    assert office.call("ledger.year_result", "PRJ:A03:2025")["has_issues"] is has


def test_there_is_no_result_of_a_year_without_a_self_evaluation(office):
    office.register("A03", 2025)

    with pytest.raises(ExecutionFailed, match="Expected a self-evaluation of A03 for 2025, but found none"):
        office.call("ledger.year_result", "PRJ:A03:2025")


def test_the_final_result_names_its_source(office):
    results(office, self_=(98, "优"), spot_check=(79, "中"))

    office.call("ledger.record_result", "PRJ:A03:2025", final_score=D(79), final_grade="中", result_source="spot_check")

    final = results_of(office.connection, TENANT, "A03", 2025)["final"]
    assert (final.score, final.grade, final.source) == (79, "中", "spot_check")


# --- result application


def test_the_base_is_the_budget_of_the_year_after_the_result(office):
    """A03: 中 in 2025, budget of 2026 is 260: improve, 234.00."""
    results(office, final=(79, "中"))
    office.take_over("A03")

    found = office.call("application.prepare", "APP-2025-A03")

    assert (found["grade"], found["final_score"], found["base"], found["for_year"]) == ("中", 79, 260, 2027)
    proposal = ask("R10", **{name: found[name] for name in PREPARED}).value
    assert (proposal["action"], proposal["proposal"]) == ("improve", D("234.00"))


PREPARED = ("ineffective", "duplicate", "grade", "open_rectification_overdue", "base")


def test_without_a_later_budget_that_of_the_year_is_the_base_and_then_what_was_asked_for(office):
    results(office, final=(79, "中"))
    asked = office.call("application.prepare", "APP-2025-A03")["base"]
    keep_approval(
        office.connection, office.key("A03", 2025), is_approved=True, amount=D(240), decided_on=date(2025, 2, 1)
    )

    assert (asked, office.call("application.prepare", "APP-2025-A03")["base"]) == (260, 240)


def test_an_overdue_rectification_and_a_failed_one_are_facts_of_the_proposal(office):
    results(office, final=(79, "中"))
    before = office.call("application.prepare", "APP-2025-A03")
    found = {"source": "spot_check", "result_ref": "PRJ:A03:2025"}
    rect_no = office.call("rectification.announce", "PRJ:A03:2025", **found)["rect_key"]
    office.open_user_task(rect_no, "carry-out", NOW - timedelta(days=1))
    overdue = office.call("application.prepare", "APP-2025-A03")
    reach(office.connection, TENANT, rect_no, "failed", NOW)
    failed = office.call("application.prepare", "APP-2025-A03")

    names = ("open_rectification_overdue", "ineffective")
    assert [[each[name] for name in names] for each in (before, overdue, failed)] == [
        [False, False],
        [True, False],
        [False, True],
    ]


def test_without_a_final_result_nothing_is_applied(office):
    results(office, self_=(98, "优"))

    with pytest.raises(ExecutionFailed, match="Expected a final result of A03 for 2025, but found none"):
        office.call("application.prepare", "APP-2025-A03")


@pytest.mark.parametrize(
    ("advice", "amount"), [("cut", 230), ("cancel", 0), ("maintain", 260), ("priority", 260), ("merge", 260)]
)
def test_the_approved_proposal_is_there_for_the_budget_two_years_later(office, advice, amount):
    office.file("APP-2025-A03", "F-11", {"finance_advice": advice, "remark": "说明"}, "advise")

    stored = office.call(
        "application.store",
        "APP-2025-A03",
        proposal={"action": "improve", "proposal": D(234), "held": D(0)},
        base=D(260),
        finance_advice=advice,
        advised_amount=D(230),
    )

    kept = application_for(office.connection, TENANT, "A03", 2027)
    assert stored == {"approved_proposal": amount}
    assert kept is not None
    assert (kept.action, kept.proposal, kept.amount, kept.remark) == ("improve", 234, amount, "说明")
