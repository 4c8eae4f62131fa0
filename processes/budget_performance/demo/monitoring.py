"""The monitoring rounds of 2026: data to the end of April, July and August (ORG.md, sections 4, 5 and 8.2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from processes.budget_performance.demo import district, fillings
from processes.budget_performance.demo.preparation import project
from processes.budget_performance.demo.stage import Stage

#: Indicators counted with one decimal; the others in whole units.
ONE_DECIMAL = frozenset({"公里"})
#: (project, month) -> values that do not follow the payments (ORG.md 8.2).
EXCEPTIONS: Mapping[tuple[str, int], Mapping[str, int]] = {
    ("A03", 4): {"采购按期完成率": 70},
    ("D02", 7): {"返还企业": 180, "稳定岗位": 4400},
}
#: Balance of the insurance fund and what it pays a month, 万元: 27 and 30 months (ORG.md, section 4, for D01).
SOCIAL_INSURANCE: Mapping[str, Mapping[str, int]] = {
    "D01": {"fund_balance": 21600, "monthly_benefit": 800},
    "D02": {"fund_balance": 1080, "monthly_benefit": 36},
}
#: Profit that the district's company has to remit in 2026, 万元; it does so month by month.
REMIT_DUE = Decimal(120)
MONTHS = 12
#: Share of what was paid in that the investment fund has invested.
INVESTED = Decimal("0.6")
#: What owners of projects with an expected warning write into issues and measures.
ISSUES = [{"type": "management", "text": "执行进度低于参考进度，部分指标未达到时间节点要求。"}]
MEASURE = "倒排工期，按周调度，确保年底前完成全部目标。"
CAUSE = "受采购周期和施工季节影响，部分工作集中在下半年完成。"


@dataclass(frozen=True, kw_only=True)
class Round:
    """One round of monitoring and the days on which people act in it; None = not yet."""

    month: int
    files: str
    dept_review: str | None
    summary: str | None = None
    finance_check: str | None = None
    #: The choice after a yellow level, and its day.
    choice: str = "continue"
    chooses: str | None = None
    #: Finance asks for a rectification at a yellow level.
    asks_for_rectification: bool = False
    #: The department returns the form on the day of its review.
    returned: bool = False


APRIL = Round(
    month=4,
    files="2026-05-12 10:00",
    dept_review="2026-05-14 10:00",
    summary="2026-05-15 10:00",
    finance_check="2026-05-20 10:00",
    chooses="2026-05-22 10:00",
)
JULY = Round(
    month=7,
    files="2026-08-06 10:00",
    dept_review="2026-08-07 10:00",
    summary="2026-08-10 10:00",
    finance_check="2026-08-12 10:00",
    chooses="2026-08-13 10:00",
)
AUGUST = Round(
    month=8,
    files="2026-09-03 10:00",
    dept_review="2026-09-07 10:00",
    summary="2026-09-08 10:00",
    finance_check="2026-09-10 10:00",
)
#: Projects whose people are slower, or choose otherwise.
SPECIAL: Mapping[tuple[str, int], Round] = {
    ("A09", 7): Round(**{**vars(JULY), "asks_for_rectification": True}),
    ("A03", 7): Round(
        **{
            **vars(JULY),
            "files": "2026-08-14 10:00",
            "dept_review": "2026-08-18 10:00",
            "summary": "2026-08-20 10:00",
            "finance_check": "2026-08-28 10:00",
        }
    ),
    ("A05", 7): Round(
        **{
            **vars(JULY),
            "files": "2026-08-14 11:00",
            "dept_review": "2026-08-18 11:00",
            "summary": "2026-08-20 11:00",
            "finance_check": "2026-08-27 10:00",
            "choice": "adjust",
            "chooses": "2026-09-09 11:00",
        }
    ),
    ("A05", 8): Round(
        month=8,
        files="2026-09-02 10:00",
        dept_review="2026-09-03 10:00",
        returned=True,
    ),
    ("B01", 8): Round(**{**vars(AUGUST), "finance_check": "2026-09-11 10:00"}),
    ("D02", 8): Round(month=8, files="2026-09-09 10:00", dept_review=None),
}


def monitoring(stage: Stage) -> list[Iterator[str]]:
    """Every project through every round that is opened; rounds overlap, so each is a story of its own."""
    return [
        _round(stage, each["code"], SPECIAL.get((each["code"], usual.month), usual))
        for each in district.content()["projects"]
        for usual in (APRIL, JULY, AUGUST)
    ]


def _round(stage: Stage, code: str, when: Round) -> Iterator[str]:
    it = project(code)
    case = f"MON-2026-{when.month:02}-{code}"
    yield when.files
    stage.act(it["owner"], case, "fill", report(it, when.month))
    if when.dept_review is None:
        return
    yield when.dept_review
    if when.returned:
        comment = "清淤长度与监理月报不一致，请核实后补充佐证材料。"
        stage.act_whoever(case, "dept-review", {"decision": "return", "comment": comment})
        return
    stage.act_whoever(case, "dept-review", fillings.PASSED)
    yield str(when.summary)
    stage.act_whoever(case, "summary", {"summary": "本部门项目总体按计划推进，问题已列明。", "send": True})
    yield str(when.finance_check)
    stage.act_whoever(case, "finance-check", _finance_check(stage, case, when))
    if when.chooses is not None and any(item.element_id == "choose" for item in stage.open_of(case)):
        yield when.chooses
        stage.act(it["owner"], case, "choose", _choice(it, when))


def _finance_check(stage: Stage, case: str, when: Round) -> Mapping[str, Any]:
    (item,) = [each for each in stage.open_of(case) if each.element_id == "finance-check"]
    return checked(when.asks_for_rectification or stage.variable_of(item.id, "level_dept") == "red")


def checked(must_rectify: bool) -> Mapping[str, Any]:
    """F-04, the check of the finance division."""
    advice = {"rectify_advise": "查明原因，提出整改措施和完成时限。"} if must_rectify else {}
    return {
        "decision": "pass",
        "is_perf_rectify": must_rectify,
        "site_visit": "现场核查与填报数据一致，施工台账齐全。",
        **advice,
    }


def _choice(it: Mapping[str, Any], when: Round) -> Mapping[str, Any]:
    if when.choice == "continue":
        return goes_on(it, when.month)
    return {"choice": when.choice, "reason": "汛情突发，年度目标和工期需要调整。"}


def goes_on(it: Mapping[str, Any], month: int) -> Mapping[str, Any]:
    """The choice after a yellow level: continue, with measures."""
    return {"choice": "continue", "measures": _measures(it, month)}


def report(it: Mapping[str, Any], month: int) -> Mapping[str, Any]:
    """F-04 of one project and round up to August."""
    actual = {each["l3"]: value_of(it, each, month) for each in it["indicators"] if each["due"]}
    possibility = it["possibility"] if month == AUGUST.month else "certain"
    return filled_report(it, month, it["cumulative"][month - 1], actual, possibility)


def filled_report(
    it: Mapping[str, Any], month: int, paid: Decimal, actual: Mapping[str, Decimal], possibility: str
) -> Mapping[str, Any]:
    """F-04 with the values of the indicators that are due."""
    rows = [_row(each, actual.get(each["l3"]), month, possibility) for each in it["indicators"]]
    budget = it["budget"]
    return {
        "forecast": budget,
        "indicators": rows,
        # a project that runs to plan has nothing to report; the system asks back where it does not
        **({"issues": ISSUES, "measures": _measures(it, month)} if _needs_words(rows, paid, budget, month) else {}),
        "compliance": True,
        **_annex(it, month, paid),
    }


def _annex(it: Mapping[str, Any], month: int, paid: Decimal) -> Mapping[str, Any]:
    """What F-04 asks of the form of funding and of the budget; nothing of it changes a level (R04b)."""
    by_form: Mapping[str, Mapping[str, Any]] = {
        "ppp": {"paid_before_assessment": False, "payment_basis": "按合同每季度末考核，最近一次考核得分92分。"},
        "purchase_service": {"paid_before_acceptance": False},
        "investment_fund": {"fund_idle_months": month, "fund_invested": paid * INVESTED},
        # the bonds are repaid from 2029 on
        "special_bond": {"bond_income": 0, "bond_due": 0, "bond_unused_months": 3},
    }
    by_budget: Mapping[str, Mapping[str, Any]] = {
        "social_insurance": SOCIAL_INSURANCE.get(it["code"], {}),
        "state_capital": {"remit_due": REMIT_DUE, "remitted": REMIT_DUE * month / MONTHS},
    }
    return {**by_form.get(it["form"], {}), **by_budget.get(it["budget_type"], {})}


def _row(indicator: Mapping[str, Any], actual: Decimal | None, month: int, possibility: str) -> dict[str, Any]:
    row: dict[str, Any] = {"l3": indicator["l3"], "possibility": possibility}
    target = indicator["target"] if indicator["op"] != "qualitative" else Decimal(100)
    row["forecast_val"] = max(target, actual or target) if indicator["op"] != "<=" else actual or target
    if actual is not None:
        row["actual"] = actual
    done = _completion(indicator, actual)
    expected = Decimal(month) / 12 if indicator["accumulation"] == "cumulative" else Decimal("0.9")
    if possibility != "certain" or (done is not None and done < expected):
        row |= {"cause_type": ["other"], "cause": CAUSE}
    return row


def value_of(it: Mapping[str, Any], indicator: Mapping[str, Any], month: int) -> Decimal:
    """The value reached by the end of a month: cumulative ones follow the payments, states stay as in August."""
    exception = EXCEPTIONS.get((it["code"], month), {}).get(indicator["l3"])
    if exception is not None:
        return Decimal(exception)
    if indicator["accumulation"] == "state":
        return indicator["actual"]
    value = indicator["actual"] * it["cumulative"][month - 1] / it["cumulative"][AUGUST.month - 1]
    return value.quantize(Decimal("0.1") if indicator["unit"] in ONE_DECIMAL else Decimal(1), ROUND_HALF_UP)


def _completion(indicator: Mapping[str, Any], actual: Decimal | None) -> Decimal | None:
    if actual is None or indicator["op"] == "qualitative":
        return None
    if indicator["op"] == "<=":
        return Decimal(1) if actual <= indicator["target"] else indicator["target"] / actual
    return actual / indicator["target"]


def _needs_words(rows: list[dict[str, Any]], paid: Decimal, budget: Decimal, month: int) -> bool:
    """Whether the owner sees a reason to explain himself: money or a value behind the plan."""
    return any("cause" in row for row in rows) or paid / budget < Decimal(month) / 12


def _measures(it: Mapping[str, Any], month: int) -> list[Mapping[str, Any]]:
    return [{"text": MEASURE, "person": district.title_of(it["owner"]), "due": f"2026-{month + 1:02}-28"}]


def mid_term_review(stage: Stage, code: str) -> Iterator[str]:
    """Half of the years 2024 to 2028 has passed on 1 July 2026 (PROCESSES P00.7c); reviewed within 30 working days."""
    yield "2026-07-22 10:00"
    stage.act("fin.perf", f"PRJ:{code}:2026", "mid-term-review", fillings.MID_TERM)


def violation_is_found(stage: Stage) -> Iterator[str]:
    """The audit finds that bond money of B01 went elsewhere."""
    yield "2026-08-31 15:00"
    stage.send("audit.staff", "violation", "PRJ:B01:2026", {})
