"""What the page of a user task shows: the form with what stands in it, and everything known about the work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from flask import render_template, request

from api.house import house
from api.problems import Problem
from engine.queries import UserTaskDetail, instance_history
from forms.form import Form
from web.parts import ask, calendar, graph, language, node_names, titles
from web.shown import show_due
from web.user_task.filed import filed_before, mended
from web.user_task.filling import filling_of, form_of, left_over, shows_own_draft
from web.user_task.form_view import Filling, Told, view_form
from web.user_task.live import expressions, live_description
from web.user_task.returning import earlier_user_tasks, last_given_back, last_return

#: Deeds of the whole case that are looked through, and those of this process that are shown.
LOOKED_AT, SHOWN = 300, 30
#: What people did, for the margin of the page.
DEEDS = (
    "UserTaskCompleted",
    "UserTaskReturned",
    "UserTaskClaimed",
    "UserTaskReleased",
    "UserTaskWithdrawn",
    "WithdrawalAsked",
    "WithdrawalAnswered",
    "UserTaskTransferred",
    "ExtensionAsked",
    "ExtensionAnswered",
    "OpinionAsked",
    "OpinionGiven",
)


def _live(form: Form | None, filling: Filling | None, detail: UserTaskDetail) -> dict[str, Any] | None:
    """What the browser needs to calculate and check while somebody types; None where there is nothing of the kind."""
    if form is None or filling is None or not detail.may_complete or not any(expressions(form)):
        return None
    return live_description(form, filling.values, detail.variables, language())


def page(
    detail: UserTaskDetail, submission: Mapping[str, Any] | None, problem: Problem | None, *, comment: str = ""
) -> str:
    """The page, with what was typed and why it was refused."""
    user_task, now = detail.user_task, house().clock.now()
    form = form_of(detail)
    faults: dict[str, list[Told]] = {}
    for fault in problem.faults if problem else ():
        told = Told(str(fault["message"]), str(fault.get("code", "")))
        faults.setdefault(str(fault.get("path", "")), []).append(told)
    typed = submission if detail.may_complete else None
    filling = filling_of(form, detail, typed, faults) if form is not None else None
    process = graph(user_task.definition_ref)
    history = ask(instance_history, user_task.root_id, kinds=DEEDS, latest_first=True, limit=LOOKED_AT)
    deeds = [entry for entry in history.items if entry.part == user_task.part]
    return render_template(
        "user_task.html",
        detail=detail,
        user_task=user_task,
        title=titles([user_task.business_key]).get(user_task.business_key, ""),
        due=show_due(user_task.due_at, now, calendar(), language()) if user_task.is_open else None,
        form=form,
        view=view_form(form, filling) if form is not None and filling is not None else None,
        live=_live(form, filling, detail),
        mended=mended(detail) if submission is None and detail.draft_at_hand is None else None,
        shows_own_draft=shows_own_draft(detail),
        filed=filed_before(detail),
        problem=problem,
        submission=submission,
        left_over=left_over(form, detail, submission),
        comment=comment,
        # the page of a refusal is the same window: what was typed there was not typed elsewhere
        once=(request.form.get("once") if problem else "") or str(uuid4()),
        history=deeds[:SHOWN],
        returned=last_return(deeds, user_task) if user_task.is_open else None,
        given_back=last_given_back(deeds, user_task) if user_task.is_open else None,
        withdrawn={entry.payload.get("user_task") for entry in deeds if entry.kind == "UserTaskWithdrawn"},
        node_names=node_names(process),
        returnable=ask(earlier_user_tasks, user_task, process) if detail.may_complete else [],
    )
