"""What the people of the district answer when nobody says otherwise: every user task of the loop, by process and step.

Reviewers pass, leaders sign, units promise and keep; only the values of the year differ from project to project.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from processes.budget_performance.demo import district, fillings, next_year, year_end
from processes.budget_performance.demo.application import ADVICE
from processes.budget_performance.demo.fillings import Filling
from processes.budget_performance.demo.monitoring import AUGUST, checked, goes_on, report
from processes.budget_performance.demo.preparation import PANEL, project
from processes.budget_performance.demo.rectifications import notice_of, plan_for, progress, urged

#: What the notices of the performance section ask for where the finding does not say.
REQUIREMENT = "查明原因，限期整改，建立长效管理机制。"
POINTS = 84


@dataclass(frozen=True, kw_only=True)
class Sight:
    """A user task as the person before it sees it."""

    element_id: str
    business_key: str
    assignee: str | None
    #: Variables of the process.
    seen: Mapping[str, Any]
    today: date


#: Codes of the objects that the district tells something about.
KNOWN = frozenset({*(each["code"] for each in district.content()["projects"]), *next_year.INDICATORS})
#: Processes whose forms ask for figures of the year.
OF_THE_YEAR = frozenset({"dual_monitoring", "self_evaluation", "main_loop"})

#: None: not yet, the day has not come.
Answer = Callable[[Sight], Filling | None]


def answer_to(process_key: str, sight: Sight) -> Filling | None:
    """The filling of a user task; None where nobody has anything to say yet, or nothing is known: a visitor may have
    registered objects of his own, and 2026 is the only year with figures.
    """
    found = ANSWERS.get((process_key, sight.element_id))
    code, year = sight.seen.get("project_code"), sight.seen.get("fiscal_year")
    if found is None or (code is not None and code not in KNOWN):
        return None
    if process_key in OF_THE_YEAR and (year != year_end.YEAR or code in next_year.INDICATORS):
        return None
    return found(sight)


def _always(filling: Filling) -> Answer:
    return lambda _sight: filling


def _object(sight: Sight) -> Mapping[str, Any]:
    """The project or policy a user task is about."""
    code = sight.seen["project_code"]
    return next_year.project_of(code) if code in next_year.INDICATORS else project(code)


def _application(sight: Sight) -> Filling:
    it = _object(sight)
    totals = next_year.totals(it) if it["code"] in next_year.INDICATORS else {}
    return {**fillings.assessment_application(it), **totals}


def _adjustment(sight: Sight) -> Filling:
    change = {"item": "绩效指标", "old": "按原方案", "new": "按评估意见细化"}
    return {"adjustments": [change], "annual": _object(sight)["budget"]}


def _investment(_sight: Sight) -> Filling:
    return {"decision": "approve", "document_no": "康发改投资〔2026〕61号"}


def _finance_stage(_sight: Sight) -> Filling:
    opinion = "资料完整，结论可信，同意支持。"
    return {"own_score": POINTS, "veto_doubt": False, "leader_request": False, "opinion": opinion}


def _decision(sight: Sight) -> Filling:
    return {"decision": "support", "confirmed_amount": _object(sight)["budget"]}


def _consent(sight: Sight) -> Filling:
    amended = {"field": "indicators", "old": "统计口径未明确", "new": "明确统计口径和数据来源"}
    return {"consent": True, "consent_by": _object(sight)["owner"], "amendments": [amended]}


def _meeting(sight: Sight) -> Filling:
    amended = {"field": "indicators", "old": "目标值偏低", "new": "按上年实际提高目标值"}
    return {
        "held_on": sight.today.isoformat(),
        "participants": "业务科、主管部门、项目单位",
        "minutes": "逐项讨论绩效指标，现场修改后达成一致。",
        "amendments": [amended],
        "meeting_score": POINTS,
    }


def _opinion(sight: Sight) -> Filling:
    """The request, or what the last result proposes where that is less."""
    wanted, proposal = sight.seen["object"]["requested_amount"], sight.seen["object"]["proposal"]
    amount = wanted if proposal is None else min(wanted, proposal)
    used = "none" if proposal is None else "accepted"
    return {"decision": "fund", "amount": amount, "result_used": used, "within_control": True}


def _ranking(sight: Sight) -> Filling:
    objects = fillings.priorities(sight.seen["opinions"])
    total = sum((each["amount"] for each in objects), Decimal(0))
    return {"objects": objects, "funds": total, "guarantees_met": True}


def _session(sight: Sight) -> date:
    """The district's congress meets on 20 January of the budget year, as in 2026."""
    return date(int(sight.seen["fiscal_year"]), 1, 20)


def _submission(sight: Sight) -> Filling:
    return {
        "session_on": _session(sight).isoformat(),
        "submitted_on": sight.today.isoformat(),
        "annex": fillings.document("预算草案及重点项目绩效目标.pdf"),
    }


def _congress(sight: Sight) -> Filling | None:
    held = _session(sight)
    if sight.today < held:
        return None
    return {"approved_on": held.isoformat(), "document_no": f"康人大〔{held.year}〕2号"}


def _reply(sight: Sight) -> Filling:
    return {"reply_no": f"康财预〔{sight.today.year}〕5号", "replied_on": sight.today.isoformat(), "with_goals": True}


def _passed_on(sight: Sight) -> Filling:
    return {"passed_on": True, "day": sight.today.isoformat()}


def _monitoring(sight: Sight) -> Filling:
    month = int(sight.business_key.split("-")[2])
    code = sight.seen["project_code"]
    return report(project(code), month) if month <= AUGUST.month else year_end.october(code)


def _checked(sight: Sight) -> Filling:
    return checked(sight.seen["level_dept"] == "red")


def _choice(sight: Sight) -> Filling:
    return goes_on(project(sight.seen["project_code"]), int(sight.business_key.split("-")[2]))


def _self_evaluation(sight: Sight) -> Filling:
    return year_end.self_evaluation(sight.seen["project_code"])


def _notice(sight: Sight) -> Filling:
    usual = {"category": "management", "requirement": REQUIREMENT, "severity": "light"}
    return notice_of([{**usual, **issue} for issue in sight.seen["issues"]], "分管负责人", "绩效经办 0477-8590002")


def _receipt(sight: Sight) -> Filling:
    return {"received": True, "responsible": sight.seen["owner"]}


def _plan(sight: Sight) -> Filling:
    return plan_for(len(sight.seen["issues"]), sight.seen["owner"], sight.seen["complete_limit_on"])


def _verified(sight: Sight) -> Filling:
    issues = [{"no": issue["no"], "verified": "closed"} for issue in sight.seen["open_issues"]]
    return {"issues": issues, "site_visit": "现场核查佐证材料齐全，整改措施已落实。"}


def _closure(sight: Sight) -> Filling:
    number = sight.seen["rect_no"].rpartition("-")[2]
    return {
        "letter_no": f"整改销〔{sight.today.year}〕{number}号",
        "closed_on": sight.today.isoformat(),
        "text": "经核查整改到位，同意销号。",
    }


def _urged(sight: Sight) -> Filling:
    return urged(sight.seen["late"]["assignee"], sight.today, "已电话联系责任人，要求三个工作日内报送。")


def _extended(sight: Sight) -> Filling:
    return {"decision": "grant", "until": str(sight.seen["asked"]["until"])}


def _advice(sight: Sight) -> Filling:
    """As R10 proposes: nobody departs from it."""
    said = ADVICE[sight.seen["grade"]]
    return said if said["finance_advice"] != "cut" else {**said, "amount": sight.seen["proposal"]["proposal"]}


def _completion(sight: Sight) -> Filling:
    code, year = sight.seen["project_code"], int(sight.seen["fiscal_year"])
    return {
        "completed_on": date(year, 12, 31).isoformat(),
        "goal_done": "项目期内各项建设和服务任务全部完成。",
        "total_paid": year_end.paid_by(code, 12),
        "effect": "服务对象受益明显，项目成果已投入使用。",
        "handover": "资产已入账，档案已移交。",
    }


def _coordinated(sight: Sight) -> Filling:
    return {
        "held_on": sight.today.isoformat(),
        "participants": "项目单位、审核单位",
        "agreed": "逐条核对退回意见，明确修改内容和完成时间。",
    }


_SCORES = _always(fillings.assessment_scores(POINTS, Decimal(1)))
_REVIEW: Answer = _always(fillings.department_review(fillings.REVIEW_90))

ANSWERS: Mapping[tuple[str, str], Answer] = {
    ("ex_ante_assessment", "file"): _application,
    ("ex_ante_assessment", "score-simple"): _SCORES,
    ("ex_ante_assessment", "choose-experts"): _always(
        {"experts": list(PANEL), "avoidance": "经核对，三位专家与项目单位无利害关系。"}
    ),
    ("ex_ante_assessment", "score-full"): _SCORES,
    ("ex_ante_assessment", "panel"): lambda sight: fillings.panel_report(_object(sight), _object(sight)["budget"]),
    ("ex_ante_assessment", "head-sign"): _always({"decision": "agree"}),
    ("ex_ante_assessment", "adjust"): _adjustment,
    ("ex_ante_assessment", "investment"): _investment,
    ("ex_ante_assessment", "finance-review"): _finance_stage,
    ("ex_ante_assessment", "decide"): _decision,
    ("ex_ante_assessment", "warn-head"): _always({"confirmed": True}),
    ("goal_review", "fill"): lambda sight: fillings.goal_declaration(_object(sight)),
    ("goal_review", "sign"): _always(fillings.SIGNED),
    ("goal_review", "dept-review"): _REVIEW,
    ("goal_review", "finance-review"): lambda sight: fillings.finance_review(
        fillings.REVIEW_90, _object(sight)["budget"]
    ),
    ("goal_review", "countersign"): _always(fillings.PASSED),
    ("goal_review", "consult"): _consent,
    ("goal_review", "revise"): lambda sight: fillings.goal_declaration(_object(sight)),
    ("goal_review", "meeting"): _meeting,
    ("goal_review", "confirm"): _always(fillings.CONFIRMED),
    ("goal_review", "decide-late"): _always({"decision": "exclude", "reason": "逾期未完成目标申报，列入下一年度。"}),
    ("budget_approval", "opinion"): _opinion,
    ("budget_approval", "rank"): _ranking,
    ("budget_approval", "director-sign"): _always(fillings.SIGNED),
    ("budget_approval", "government"): _always(fillings.SIGNED),
    ("budget_approval", "submit"): _submission,
    ("budget_approval", "npc-opinions"): _always({"decision": "none"}),
    ("budget_approval", "npc-approval"): _congress,
    ("budget_approval", "reply"): _reply,
    ("budget_approval", "pass-on"): _passed_on,
    ("budget_approval", "explain"): _always({"reason": "按政府会议审定的金额安排，差额列入储备。"}),
    ("dual_monitoring", "fill"): _monitoring,
    ("dual_monitoring", "dept-review"): _always(fillings.PASSED),
    ("dual_monitoring", "summary"): _always({"summary": "本部门项目总体按计划推进，问题已列明。", "send": True}),
    ("dual_monitoring", "finance-check"): _checked,
    ("dual_monitoring", "lower"): _always({"decision": "keep", "reason": "数据没有变化，维持原等级。"}),
    ("dual_monitoring", "choose"): _choice,
    ("self_evaluation", "fill"): _self_evaluation,
    ("self_evaluation", "unit-sign"): _always(fillings.SIGNED),
    ("self_evaluation", "dept-review"): _always({"decision": "pass", "report": "自评材料完整，得分有据，予以通过。"}),
    ("self_evaluation", "head-sign"): _always({"signed": True}),
    ("self_evaluation", "receive"): _always({"complete": True, "decision": "pass"}),
    ("rectification", "notice"): _notice,
    ("rectification", "issue"): _always(fillings.SIGNED),
    ("rectification", "receive"): _receipt,
    ("rectification", "plan"): _plan,
    ("rectification", "dept-review"): _always(fillings.PASSED),
    ("rectification", "accept"): _always(fillings.PASSED),
    ("rectification", "carry-out"): _always(progress()),
    ("rectification", "report"): _always({"decision": "sign", "report": "各项问题已逐项整改到位，佐证材料附后。"}),
    ("rectification", "verify"): _verified,
    ("rectification", "close"): _closure,
    ("urging", "urge"): _urged,
    ("extension", "approve"): _extended,
    ("withdrawal", "answer"): _always({"decision": "grant"}),
    ("opinion", "give"): _always({"opinion": "情况属实，没有其他意见。"}),
    ("rectification", "decide"): _always({"measure": "interview", "reason": "整改两次未通过，先行约谈。"}),
    ("result_application", "advise"): _advice,
    ("result_application", "check"): _always(fillings.PASSED),
    ("result_application", "approve"): _always(fillings.SIGNED),
    ("result_application", "leader-approve"): _always(fillings.SIGNED),
    ("coordination", "coordinate"): _coordinated,
    ("main_loop", "mid-term-review"): _always(fillings.MID_TERM),
    ("main_loop", "final-evaluation"): _completion,
}
