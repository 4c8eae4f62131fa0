"""Preparing a budget year: registration, ex-ante assessment, goals; and the budget of 2026 with its approval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine import StartProcessInstance
from processes.budget_performance.demo import district, fillings
from processes.budget_performance.demo.stage import Stage

#: Projects assessed ex ante: the points each of the experts gives, or the department's checklist (ORG.md 8.3).
EXPERTS = {"A01": (84, 86, 88), "A05": (80, 82, 84), "B01": (81, 83, 85)}
CHECKLISTS = {"A08": 85}
PANEL = ("exp.a", "exp.b", "exp.c")
#: Graded 良, amended with the owner's consent (ORG.md 8.3).
AMENDED = frozenset({("A07", 2026)})


def project(code: str) -> Mapping[str, Any]:
    return next(each for each in district.content()["projects"] if each["code"] == code)


def prepares(stage: Stage, code: str, year: int) -> Iterator[str]:
    """One project from its registration to the goal that enters the budget, in the year before the budget year.

    The loop of the first year is begun by hand; each later one begins by itself on 1 June.
    """
    it = project(code)
    is_new = it["is_new"] and it["start"] == year
    before = year - 1
    if year == district.first_year():
        yield f"{before}-03-03 09:00" if is_new else f"{before}-06-01 09:00"
        stage.dispatcher.dispatch(
            StartProcessInstance(
                actor=stage.actor_of("fin.perf"),
                process_definition_key="main_loop",
                business_key=f"PRJ:{code}:{year}",
                variables={"project_code": code, "fiscal_year": Decimal(year)},
                unit_code=it["unit"],
            )
        )
    if is_new:
        yield from _is_assessed(stage, code, it)
    goal = f"GOAL-{year}-{code}"
    if year != district.first_year():  # whose budget is opened by a campaign
        yield f"{before}-07-01 09:00"
        stage.send("fin.perf", "budget.open", goal, {})
    yield f"{before}-07-10 10:00"
    stage.act(it["owner"], goal, "fill", fillings.goal_declaration(it))
    # the 11th is a Friday in 2025 and a Saturday in 2026
    yield f"{before}-07-11 10:00" if before == 2025 else f"{before}-07-13 10:00"
    stage.act_whoever(goal, "sign", fillings.SIGNED)
    points = fillings.REVIEW_85 if (code, year) in AMENDED else fillings.REVIEW_90
    yield f"{before}-07-16 10:00"
    stage.act_whoever(goal, "dept-review", fillings.department_review(points))
    yield f"{before}-07-28 10:00"
    stage.act_whoever(goal, "finance-review", fillings.finance_review(points, it["budget"]))
    yield f"{before}-07-30 10:00"
    if any(item.element_id == "countersign" for item in stage.open_of(goal)):
        stage.act_whoever(goal, "countersign", fillings.PASSED)
    if (code, year) in AMENDED:
        amended = {"field": "indicators", "old": "按时办结率98%", "new": "按时办结率98%，明确统计口径"}
        stage.act_whoever(goal, "consult", {"consent": True, "consent_by": it["owner"], "amendments": [amended]})
    yield f"{before}-07-31 10:00"
    stage.act_whoever(goal, "confirm", fillings.CONFIRMED)


def _is_assessed(stage: Stage, code: str, it: Mapping[str, Any]) -> Iterator[str]:
    case = f"EXA-2026-{code}"
    yield "2025-03-12 10:00"
    stage.act(it["owner"], case, "file", fillings.assessment_application(it))
    if code in CHECKLISTS:
        yield "2025-03-18 10:00"
        stage.act_whoever(case, "score-simple", fillings.assessment_scores(CHECKLISTS[code], it["budget"]))
    else:
        yield "2025-03-14 10:00"
        experts = {"experts": list(PANEL), "avoidance": "经核对，三位专家与项目单位无利害关系。"}
        stage.act_whoever(case, "choose-experts", experts)
        yield "2025-03-20 10:00"
        for expert, points in zip(PANEL, EXPERTS[code], strict=True):
            stage.act(expert, case, "score-full", fillings.assessment_scores(points, it["budget"]))
        yield "2025-03-25 10:00"
        stage.act_whoever(case, "panel", fillings.panel_report(it, it["budget"]))
    yield "2025-03-27 10:00"
    stage.act_whoever(case, "head-sign", {"decision": "agree"})
    yield "2025-04-08 10:00"
    following = [item.element_id for item in stage.open_of(case)]
    if "investment" in following:
        stage.act("ndrc.inv", case, "investment", {"decision": "approve", "document_no": "康发改投资〔2025〕27号"})
    if code in EXPERTS:
        yield "2025-04-17 10:00"
        review = {
            "own_score": EXPERTS[code][1],
            "veto_doubt": False,
            "leader_request": False,
            "opinion": "资料完整，结论可信，同意支持。",
        }
        stage.act_whoever(case, "finance-review", review)
        yield "2025-04-24 10:00"
        stage.act("fin.perf", case, "decide", {"decision": "support", "confirmed_amount": it["budget"]})


def approves_the_budget(stage: Stage) -> Iterator[str]:
    """The budget of 2026: opinions, ranking, government, congress, reply, passing on."""
    year = "BUD:2026"
    projects: Sequence[Mapping[str, Any]] = district.content()["projects"]
    yield "2025-11-10 10:00"
    for item in [each for each in stage.open_of(year) if each.element_id == "opinion"]:
        # the amount of each object stands on its form
        amount = project(stage.variable_of(item.id, "object")["project_code"])["budget"]
        stage.complete_as_holder(
            item, {"decision": "fund", "amount": amount, "result_used": "none", "within_control": True}
        )
    yield "2025-11-20 10:00"
    total = sum(each["budget"] for each in projects)
    objects = fillings.priorities([{"project_code": each["code"], "amount": each["budget"]} for each in projects])
    stage.act("fin.budget", year, "rank", {"objects": objects, "funds": total, "guarantees_met": True})
    yield "2025-11-24 10:00"
    stage.act("fin.dir", year, "director-sign", fillings.SIGNED)
    yield "2025-12-10 10:00"
    stage.act("gov.lead", year, "government", fillings.SIGNED)
    yield "2025-12-19 10:00"
    submission = {
        "session_on": "2026-01-20",
        "submitted_on": "2025-12-19",
        "annex": fillings.document("2026年预算草案及重点项目绩效目标.pdf"),
    }
    stage.act("fin.budget", year, "submit", submission)
    yield "2025-12-29 10:00"
    stage.act("npc.view", year, "npc-opinions", {"decision": "none"})
    yield "2026-01-20 16:00"
    stage.act("fin.budget", year, "npc-approval", {"approved_on": "2026-01-20", "document_no": "康人大〔2026〕2号"})
    yield "2026-02-09 10:00"
    reply = {"reply_no": "康财预〔2026〕5号", "replied_on": "2026-02-09", "with_goals": True}
    stage.act("fin.budget", year, "reply", reply)
    yield "2026-02-13 10:00"
    for item in [each for each in stage.open_of(year) if each.element_id == "pass-on"]:
        stage.complete_as_holder(item, {"passed_on": True, "day": "2026-02-13"})
