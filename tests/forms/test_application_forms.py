"""F-11: what the result does to the money, and where it departs from the rule; and the small decision forms."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.forms.library import LIBRARY, texts

D = Decimal


def context(action: str, proposal: int, base: int = 260, grade: str = "中") -> dict[str, Any]:
    return {
        "fiscal_year": D(2025),
        "project": {"code": "A03", "name": "社区卫生服务能力提升", "budget_type": "general", "form": "appropriation"},
        "final_score": D("79.0"),
        "grade": grade,
        "base": D(base),
        "proposal": {"action": action, "proposal": D(proposal)},
    }


REASON = "该项目承担法定职责，核减后无法完成年度基本任务。"


@pytest.mark.parametrize(
    ("action", "advice", "amount", "departs"),
    [
        ("improve", "cut", 234, False),
        ("improve", "cut", 235, True),
        ("improve", "maintain", None, True),
        ("cut_or_cancel", "cut", 130, False),
        ("cut_or_cancel", "cancel", 0, False),
        ("cut_or_cancel", "maintain", None, True),
        ("cancel", "cancel", 0, False),
        ("cancel", "cut", 100, True),
        ("merge_or_adjust", "merge", None, False),
        ("maintain", "maintain", None, False),
        ("maintain_release_after_closure", "maintain", None, False),
        ("priority", "priority", None, False),
        ("priority", "maintain", None, True),
    ],
)
def test_advice_is_compared_with_the_rule(action: str, advice: str, amount: int | None, departs: bool) -> None:
    proposal = {"improve": 234, "cut_or_cancel": 130, "cancel": 0}.get(action, 260)
    submission = {"finance_advice": advice, "amount": amount, "remark": "绩效较好，建议保障", "overlap": "A06",
                  "reason": REASON}  # fmt: skip

    checked = LIBRARY.check("F-11", submission, context(action, proposal))

    assert checked.variables["is_override"] is departs
    assert checked.document.get("reason") == (REASON if departs else None)


@pytest.mark.parametrize(
    ("submission", "path", "text"),
    [
        ({"finance_advice": "cut"}, "amount", "“建议金额”必须填写。"),
        ({"finance_advice": "maintain", "reason": REASON}, "remark", "“说明”必须填写。"),
        ({"finance_advice": "cut", "amount": 261, "reason": REASON}, "amount", "建议金额 261 万元大于基数 260 万元。"),
        ({"finance_advice": "cancel", "reason": REASON}, "amount", "“建议金额”必须填写。"),
        ({"finance_advice": "cancel", "amount": 10}, "amount", "取消的建议金额应为 0（当前 10 万元）。"),
        ({"finance_advice": "maintain", "remark": "建议按原额安排"}, "reason", "“偏离理由”必须填写。"),
        ({"finance_advice": "maintain", "remark": "建议按原额安排", "reason": "职责需要"}, "reason",
         "“偏离理由”至少 20 个字（当前 4 个）。"),
        ({"finance_advice": "more"}, "finance_advice",
         "“业务科室预算调整意见”应为 核减、取消、维持、优先、合并 之一（当前“more”）。"),
    ],
)  # fmt: skip
def test_each_fault_says_what_is_wrong(submission: dict[str, Any], path: str, text: str) -> None:
    assert texts("F-11", submission, context("improve", 234))[path] == text


@pytest.mark.parametrize("form", ["F-11-check", "F-11-approve", "F-11-leader"])
def test_who_checks_or_signs_sees_the_advised_amount(form: str) -> None:
    seen = context("cut_or_cancel", 130, grade="差") | {"finance_advice": "cut", "advised_amount": D(100)}

    assert LIBRARY.prefilled(form, seen)["advised_amount"] == D(100)


def test_a_proposal_says_for_which_budget_it_is() -> None:
    assert LIBRARY.prefilled("F-11", context("improve", 234) | {"for_year": D(2027)})["for_year"] == D(2027)


def test_what_is_held_until_the_rectification_is_closed_is_shown_where_something_is() -> None:
    def held(amount: int) -> Any:
        known = context("maintain_release_after_closure", 800, base=800, grade="良")
        return LIBRARY.prefilled("F-11", known | {"proposal": known["proposal"] | {"held": D(amount)}}).get("held")

    assert (held(160), held(0)) == (D(160), None)


def test_who_advises_to_merge_names_the_other_object() -> None:
    submission = {"finance_advice": "merge", "reason": REASON}

    assert texts("F-11", submission, context("improve", 234)) == {"overlap": "“交叉重复对象”必须填写。"}


def test_what_the_budget_made_of_a_proposal_is_not_for_its_author_to_write() -> None:
    submission = {"finance_advice": "cut", "amount": 234, "approved_amount": 300, "difference": 66}

    document = LIBRARY.check("F-11", submission, context("improve", 234)).document

    assert not {"approved_amount", "difference", "difference_reason", "approved_on"} & document.keys()


def test_who_signs_an_override_says_why() -> None:
    seen = context("cut_or_cancel", 130, grade="差") | {"finance_advice": "maintain", "is_override": True}

    assert texts("F-11-approve", {"decision": "sign"}, seen) == {"override_reason": "“同意偏离的理由”必须填写。"}
    assert texts("F-11-approve", {"decision": "sign"}, seen | {"is_override": False}) == {}
    assert texts("F-11-leader", {"decision": "sign"}, seen) == {"override_reason": "“同意偏离的理由”必须填写。"}
    assert texts("F-11-check", {"decision": "return"}, seen) == {"comment": "“意见”必须填写。"}


@pytest.mark.parametrize(
    ("form_key", "submission", "found"),
    [
        ("sign", {"decision": "sign"}, {}),
        ("sign", {"decision": "return", "comment": "请补充依据"}, {}),
        ("sign", {"decision": "return"}, {"comment": "“意见”必须填写。"}),
        ("sign", {}, {"decision": "“签批意见”必须填写。"}),
        ("review", {"decision": "maybe"}, {"decision": "“审核结论”应为 通过、退回 之一（当前“maybe”）。"}),
        ("confirm", {"confirmed": "否"}, {"confirmed": "办理后方可提交。"}),
        ("confirm", {"confirmed": True}, {}),
    ],
)
def test_the_small_forms(form_key: str, submission: dict[str, Any], found: dict[str, str]) -> None:
    assert texts(form_key, submission, {}) == found
