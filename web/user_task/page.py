"""What the page of a user task shows: the form with what stands in it, and everything known about the work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from flask import render_template, request

from api.house import house
from api.problems import Problem
from engine.model.calendar import SHANGHAI
from engine.queries import UserTaskDetail, instance_history
from forms.appearance import appearance
from forms.form import Form
from web.parts import ask, calendar, graph, language, node_names, titles
from web.shown import show_due
from web.user_task.filed import as_filed, filed_before, mended
from web.user_task.form_view import Filling, Told, view_form
from web.user_task.live import expressions, left_fields, live_description
from web.user_task.returning import earlier_user_tasks, last_return

#: Deeds of the whole case that are looked through, and those of this process that are shown.
LOOKED_AT, SHOWN = 300, 30
#: What people did, for the margin of the page.
DEEDS = (
    "UserTaskCompleted",
    "UserTaskReturned",
    "UserTaskClaimed",
    "UserTaskReleased",
    "ExtensionAsked",
    "ExtensionAnswered",
)


def form_of(detail: UserTaskDetail) -> Form | None:
    """The form of a user task; None if it has none."""
    key = detail.user_task.form_key
    return house().forms.form(key) if key else None


def filling_of(
    form: Form,
    detail: UserTaskDetail,
    values: Mapping[str, Any] | None,
    faults: Mapping[str, Sequence[Told]] | None = None,
) -> Filling:
    """What stands in the form: the values given, else what was filed here, else a draft, else what it starts with."""
    if values is None:
        values = _begins_with(detail)
        if values is not None and not detail.user_task.is_open:
            return as_filed(form, values, detail.user_task.business_key)
    local = house().clock.now().astimezone(SHANGHAI)
    shown = appearance(house().forms, form.key, values, detail.variables, local)
    return Filling(
        values=shown.values,
        faults=faults or {},
        visible=shown.visible,
        required=shown.required,
        language=language(),
        left=left_fields(form),
        is_locked=not detail.may_complete,
    )


def _begins_with(detail: UserTaskDetail) -> Mapping[str, Any] | None:
    filed_here = [each.content for each in detail.documents if each.user_task_id == detail.user_task.id]
    if filed_here and not shows_own_draft(detail):
        return filed_here[-1]
    draft = detail.draft_at_hand
    if draft is not None:
        return draft.content
    before = mended(detail)
    return before.content if before is not None else None


def shows_own_draft(detail: UserTaskDetail) -> bool:
    """Whether a closed user task shows what the visitor typed and never submitted, instead of what was filed."""
    filed_here = any(each.user_task_id == detail.user_task.id for each in detail.documents)
    wanted = not filed_here or request.args.get("shown") == "draft"
    return wanted and detail.draft is not None and not detail.user_task.is_open


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
    filling = filling_of(form, detail, submission, faults) if form is not None else None
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
        shows_own_draft=shows_own_draft(detail),
        filed=filed_before(detail),
        problem=problem,
        submission=submission,
        comment=comment,
        once=str(uuid4()),
        history=deeds[:SHOWN],
        returned=last_return(deeds, user_task) if user_task.is_open else None,
        node_names=node_names(process),
        returnable=ask(earlier_user_tasks, user_task, process) if detail.may_complete else [],
    )
