"""P01, P02 and the gate of the library: what is checked before an object may ask for money."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from engine.model.errors import NotFound, WrongState
from engine.model.ports import BpmnError
from engine.model.process_instance import UnitOutOfScope
from processes.budget_performance.ledger.budgets import ObjectKey, enter_library, is_supported
from processes.budget_performance.ledger.goals import keep_goal, newest_goal
from processes.budget_performance.ledger.tables import library_entry
from tests.doubles import person
from tests.processes.office import BY_CODE, NOW, TENANT, YEAR, D, goal_of, office

__all__ = ["office"]

EXA, GOAL = "EXA-2026-A08", "GOAL-2026-A08"


# --- P01


def application(**other: object) -> dict:
    return {"overlap": "无", "standard": [], **other}


def test_an_application_in_order_has_no_faults(office):
    office.register("A08", project_name="公共就业服务信息系统")
    office.register("A06", project_name="公共文化服务进社区")
    row = {"item": "低保", "our_value": D(800), "superior_value": D(800), "scope": "within"}
    office.file(EXA, "F-03-A", application(standard=[row]))

    assert office.call("assessment.formal_check", EXA) == {"faults": [], "has_faults": False, "duplicates": []}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ({"our_value": D(801), "superior_value": D(800)}, "“低保”标准 801 高于上级标准 800。"),
        ({"our_value": D(800), "superior_value": D(800), "scope": "wider"}, "“低保”扩大了保障范围。"),
    ],
)
def test_livelihood_standards_stay_within_those_of_the_superior_government(office, row, fault):
    office.register("A08")
    office.file(EXA, "F-03-A", application(standard=[{"item": "低保", **row}]))

    assert office.call("assessment.formal_check", EXA)["faults"] == [fault]


#: What a search finds to "公共就业服务信息系统".
ALIKE = {"project_code": "B08", "project_name": "公共就业服务信息系统二期", "unit_code": "2101"}


def of_like_names(office) -> None:
    """An object like A08 of another department; others that are none: of another year, and of another name."""
    office.register("A08", project_name="公共就业服务信息系统")
    office.register("B08", project_name=ALIKE["project_name"], unit_code="2101")
    office.register("C08", 2025, project_name="公共就业服务信息系统")
    office.register("A06", project_name="公共文化服务进社区")


def test_a_search_finds_objects_of_a_like_name_by_code_name_and_unit_and_nothing_else_of_them(office):
    of_like_names(office)

    assert office.call("assessment.search", EXA) == {"duplicates": [ALIKE]}


def test_an_object_without_its_like_has_no_duplicates(office):
    office.register("A06", project_name="公共文化服务进社区")
    office.register("A08", project_name="公共就业服务信息系统")

    assert office.call("assessment.search", EXA) == {"duplicates": []}


def test_an_object_of_a_like_name_that_came_in_since_the_search_must_be_explained(office):
    of_like_names(office)
    office.file(EXA, "F-03-A", application())

    checked = office.call("assessment.formal_check", EXA)

    assert checked == {
        "faults": ["与现有对象 B08《公共就业服务信息系统二期》名称相近，须在“疑似重复对象”中说明不属于重复的理由。"],
        "has_faults": True,
        "duplicates": [ALIKE],
    }


def test_an_explained_object_of_a_like_name_goes_on_to_the_reviewers_with_its_explanation(office):
    of_like_names(office)
    explained = {**ALIKE, "reason": "二期建设内容与本项目不同，互不重复。"}
    office.file(EXA, "F-03-A", application(duplicates=[explained]))

    checked = office.call("assessment.formal_check", EXA)

    assert checked == {"faults": [], "has_faults": False, "duplicates": [explained]}


def rated(*scores: int, vetoes: tuple[str, ...] = ()) -> list[dict]:
    return [{"score": D(score), "vetoes": list(vetoes[:1]), "suggested_amount": D(95)} for score in scores]


def test_the_panel_gives_the_mean_of_its_scores(office):
    found = office.call("assessment.score", EXA, ratings=rated(84, 86, 88))

    commission = found.pop("commission")
    assert found == {"score": 86, "spread": 4, "needs_discussion": False, "panel_size": 3, "vetoes": []}
    assert commission == {"annual_amount": 1000, "total_amount": 1000, "score_gap": 10}


def test_a_checklist_of_one_rater_is_its_own_mean(office):
    found = office.call("assessment.score", EXA, ratings=rated(85))

    assert (found["score"], found["spread"]) == (85, 0)


def test_one_veto_is_a_veto_and_counts_once(office):
    ratings = [*rated(84, 86, vetoes=("V2",)), *rated(60)]

    found = office.call("assessment.score", EXA, ratings=ratings)

    assert (found["vetoes"], found["needs_discussion"]) == (["V2"], True)


def test_a_registered_assessment_holds_for_24_months(office):
    key = office.register("A08")

    registered = office.call("assessment.register", EXA, score=D(86), conclusion="support", depth="full")

    assert registered == {"valid_until": date(2028, 9, 15)}
    assert is_supported(office.connection, key, date(2028, 9, 15))
    assert not is_supported(office.connection, key, date(2028, 9, 16))


# --- P02


def declaration(**other: object) -> dict:
    groups = [("产出", "数量", 20), ("产出", "质量", 20), ("产出", "时效", 10), ("效益", "社会效益", 30)]
    rows = [
        {
            "l1": l1,
            "l2": l2,
            "l3": f"{l2}指标",
            "weight": D(weight),
            "nature": ">=",
            "target": D(6),
            "unit_name": "个",
            "accumulation": "state",
            "due_month": D(6),
        }
        for l1, l2, weight in [*groups, ("满意度", "服务对象", 10)]
    ]
    return {
        "weight_set": "standard",
        "amount_year": D(95),
        "goal_year": "上线六个业务模块，群众办事线上可办率达到九成。",
        "cash_plan": [{"month": D(6), "amount": D(45)}, {"month": D(12), "amount": D(50)}],
        "floor_basis": "table",
        "indicators": rows,
        **other,
    }


def validated(office, **form: object) -> dict:
    office.register("A08", annual_amount=D(95))
    office.file(GOAL, "F-01", declaration(**form))
    return office.call("goal.validate", GOAL)


def test_a_sound_declaration_passes(office):
    assert validated(office) == {"errors": [], "has_errors": False, "warnings": [], "formal_fault": False}


def test_weights_that_are_not_those_of_the_set_are_a_formal_fault(office):
    rows = declaration()["indicators"]
    rows[0]["weight"] = D(25)

    found = validated(office, indicators=rows)

    assert found["errors"] == ["指标分值合计应为 90，实为 95。", "产出指标分值应为 50，实为 55。"]
    assert (found["has_errors"], found["formal_fault"]) == (True, True)


def test_a_cash_plan_that_does_not_add_up_is_no_formal_fault(office):
    found = validated(office, cash_plan=[{"month": D(6), "amount": D(45)}])

    assert found["errors"] == ["用款计划合计 45 万元，与年度资金 95 万元不一致。"]
    assert (found["has_errors"], found["formal_fault"]) == (True, False)


def test_a_hint_wants_an_explanation_and_then_passes(office):
    plan = [{"month": D(1), "amount": D(100)}]
    bare = validated(office, amount_year=D(100), cash_plan=plan)
    explained = validated(office, amount_year=D(100), cash_plan=plan, lint_reason="新增一个模块")

    hint = "年度资金 100 万元大于登记金额 95 万元"
    assert (bare["errors"], bare["warnings"]) == ([f"有规范性提示，须填写说明：{hint}"], [hint])
    assert (explained["has_errors"], explained["warnings"]) == (False, [hint])


@pytest.mark.parametrize(("unit", "copied"), [("28", True), ("2202", False)], ids=["of another unit", "its own"])
def test_a_goal_copied_from_another_unit_is_noticed(office, unit, copied):
    office.register("A07", unit_code=unit, project_name="网格化")
    given = goal_of(BY_CODE["A07"])
    text = declaration()["goal_year"].replace("六个", "八个")
    keep_goal(office.connection, TENANT, "A07", YEAR, _with_text(given, text), NOW)

    warnings = validated(office)["warnings"]

    assert warnings == (["年度目标与网格化（A07）雷同"] if copied else [])


def _with_text(goal, text: str):
    return type(goal)(**{**vars(goal), "goal_year": text})


def test_a_confirmed_goal_is_version_0_9_with_twelve_months_of_cash(office):
    office.register("A08")
    office.file(GOAL, "F-01", declaration())
    office.now = NOW + timedelta(days=1)
    office.file(GOAL, "F-01", declaration(goal_year="修改后的目标"), "revise")

    confirmed = office.call("goal.confirm", GOAL, goal_grade="优", goal_score=D(90))

    kept = newest_goal(office.connection, TENANT, "A08", YEAR)
    assert confirmed == {"goal_version": "0.9"}
    assert kept is not None
    assert (kept.version, kept.grade, kept.score, kept.goal_year) == ("0.9", "优", 90, "修改后的目标")
    assert kept.cash_plan == [0, 0, 0, 0, 0, 45, 0, 0, 0, 0, 0, 50]
    assert [row["l2"] for row in kept.indicators] == ["数量", "质量", "时效", "社会效益", "服务对象"]


# --- the gate of the library (S-26)


def assessed(office, key: ObjectKey) -> None:
    office.call("assessment.register", EXA, score=D(86), conclusion="support", depth="full")


def confirmed(office, key: ObjectKey) -> None:
    keep_goal(office.connection, TENANT, key.project_code, YEAR, goal_of(BY_CODE["A08"]), NOW)


def test_with_assessment_and_goal_an_object_enters_the_library(office):
    key = office.register("A08")
    assessed(office, key)
    confirmed(office, key)

    assert office.call("ledger.enter_library", "PRJ:A08:2026", depth="full") == {"library_no": "LIB-2026-001"}


@pytest.mark.parametrize(
    ("steps", "missing"),
    [
        ((), ["有效的事前绩效评估支持结论", "审核确认的绩效目标"]),
        ((assessed,), ["审核确认的绩效目标"]),
        ((confirmed,), ["有效的事前绩效评估支持结论"]),
    ],
    ids=["nothing", "no goal", "no assessment"],
)
def test_the_gate_says_what_is_missing(office, steps, missing):
    key = office.register("A08")
    for step in steps:
        step(office, key)

    with pytest.raises(BpmnError) as closed:
        office.call("ledger.enter_library", "PRJ:A08:2026", depth="full")

    assert (closed.value.error_code, closed.value.variables) == ("GATE_S26", {"gate_missing": missing})


def test_an_object_that_needs_no_assessment_needs_its_goal(office):
    confirmed(office, office.register("A08"))

    assert office.call("ledger.enter_library", "PRJ:A08:2026", depth="none") == {"library_no": "LIB-2026-001"}


def test_an_assessment_that_has_expired_opens_no_gate(office):
    key = office.register("A08")
    assessed(office, key)
    confirmed(office, key)
    office.now = datetime(2028, 9, 15, 16, 0, tzinfo=UTC)

    with pytest.raises(BpmnError, match="A08 缺少有效的事前绩效评估支持结论，不得纳入项目库"):
        office.call("ledger.enter_library", "PRJ:A08:2026", depth="full")


# --- the calendar of rounds


def test_the_rounds_of_a_year_are_configured(office):
    found = office.call("ledger.rounds", "PRJ:A08:2026")["rounds"]

    assert found == [
        {"round": "R1", "cutoff": date(2026, 4, 30), "month": "04"},
        {"round": "R2", "cutoff": date(2026, 7, 31), "month": "07"},
        {"round": "R3", "cutoff": date(2026, 8, 31), "month": "08"},
        {"round": "R4", "cutoff": date(2026, 10, 31), "month": "10"},
    ]


def test_an_object_is_loaded_by_the_key_of_its_loop(office):
    office.register("A08")

    loaded = office.call("ledger.load_project", "PRJ:A08:2026")

    assert (loaded["project_code"], loaded["fiscal_year"], loaded["project_key"]) == ("A08", 2026, "PRJ:A08:2026")


def test_an_object_of_another_unit_is_not_loaded(office):
    office.register("A08")
    office.actor = person("edu1.proj", "project_owner@2101", units=frozenset({"2101"}))

    with pytest.raises(UnitOutOfScope, match="Expected 'A08' to be an object in the data scope"):
        office.call("ledger.load_project", "PRJ:A08:2026")


def test_a_main_loop_bears_the_key_of_its_object(office):
    office.register("A08")

    with pytest.raises(WrongState, match="to have business key 'PRJ:A08:2026', but found 'second'"):
        office.call("ledger.load_project", "second", project_code="A08", fiscal_year=2026)


# --- P00 from one year to the next


def test_an_object_with_years_left_is_registered_for_the_next_one(office):
    office.register("A08", end_year=YEAR + 1, is_new=True, scope_increase_pct=D(30), annual_amount=D(95))

    assert office.call("ledger.next_year", "PRJ:A08:2026") == {"goes_on": True}
    following = office.call("ledger.load_project", "PRJ:A08:2027")
    assert (following["is_new"], following["scope_increase_pct"], following["annual_amount"]) == (False, D(0), D(95))


def test_an_object_of_its_last_year_is_not_carried_on(office):
    office.register("A08", end_year=YEAR)

    assert office.call("ledger.next_year", "PRJ:A08:2026") == {"goes_on": False}
    with pytest.raises(NotFound):
        office.call("ledger.load_project", "PRJ:A08:2027")


def test_what_was_brought_in_for_the_next_year_stays(office):
    office.register("A08", end_year=YEAR + 1, annual_amount=D(95))
    office.register("A08", YEAR + 1, end_year=YEAR + 1, annual_amount=D(120), total_amount=D(300))

    assert office.call("ledger.next_year", "PRJ:A08:2026") == {"goes_on": True}
    assert office.call("ledger.load_project", "PRJ:A08:2027")["annual_amount"] == D(120)


def test_a_renewed_policy_is_new_in_its_next_year(office):
    office.register("A08", end_year=YEAR, kind="policy")

    with pytest.raises(WrongState, match="to name its unit"):
        office.call("ledger.load_project", "PRJ:A08:2027", renewed=True)
    unit = office.call("ledger.load_project", "PRJ:A08:2026")["unit_code"]
    renewed = office.call("ledger.load_project", "PRJ:A08:2027", renewed=True, unit_code=unit)
    assert (renewed["is_new"], renewed["end_year"]) == (True, D(YEAR + 1))


def test_a_renewed_policy_that_was_registered_as_going_on_counts_as_new(office):
    office.register("A08", YEAR + 1, end_year=YEAR + 1, is_new=False)

    unit = office.call("ledger.load_project", "PRJ:A08:2027")["unit_code"]
    assert office.call("ledger.load_project", "PRJ:A08:2027", renewed=True, unit_code=unit)["is_new"] is True


def test_an_object_without_money_is_kept_in_reserve(office):
    office.register("A08")
    key = ObjectKey(tenant_id=TENANT, project_code="A08", fiscal_year=YEAR)
    enter_library(office.connection, key, NOW)
    office.call("ledger.into_reserve", "PRJ:A08:2026")

    assert office.connection.execute(select(library_entry.c.state)).scalar_one() == "reserve"
