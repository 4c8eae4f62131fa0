"""After something was done: back to the list, told what was done, which step is next, with whom, until when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from api.naming import step_name
from engine import Answer
from engine.model.errors import NotFound
from engine.queries import OpenUserTask, UserTaskDetail, open_user_tasks, user_task_detail
from web.naming import group_name, person_name
from web.parts import ask, language
from web.place import path_here
from web.shown import show_day
from web.words import say

#: More steps than this are counted, not named.
NAMED = 3


def go_on(done: str, detail: UserTaskDetail, moved: Answer) -> Response:
    """To the list the form came from; `done` says with %(name)s what was done to the user task of the detail."""
    flash(say(done, language(), name=step_name(detail.user_task)) + _next_steps(moved.as_plain()))
    flash(url_for("instance.show", instance_id=detail.user_task.root_id), "process")
    return _to_list()


def go_back(said: str) -> Response:
    """To the list the form came from, with a sentence."""
    flash(say(said, language()))
    return _to_list()


def stay(said: str, user_task_id: str) -> Response:
    """Back on the page of the user task, with a sentence."""
    flash(say(said, language()))
    return redirect(url_for("user_task.show", user_task_id=user_task_id), code=303)


def _to_list() -> Response:
    return redirect(path_here(request.form.get("back", ""), url_for("inbox.show")), code=303)


def _next_steps(moved: Mapping[str, Any]) -> str:
    """A sentence on what a command has opened; `moved` is its answer in plain values."""
    root_id, opened = moved.get("process_instance_id"), set(moved.get("opened_user_tasks") or ())
    if moved.get("opened_incidents"):
        return say("流程在后面的步骤遇到异常，需要运行维护人员处理；您提交的内容已经保存。", language())
    if moved.get("ended"):
        return say("流程已全部办结。", language())
    found = [each for each in ask(open_user_tasks, [root_id]).get(root_id, ()) if each.id in opened]
    if not found:
        return say("接下来暂时没有需要人办理的步骤。", language())
    named = say("；", language()).join(_step(each) for each in found[:NAMED])
    if len(found) > NAMED:
        return say("下一步：%(steps)s 等 %(count)s 项。", language(), steps=named, count=len(found))
    return say("下一步：%(steps)s。", language(), steps=named)


def _step(opened: OpenUserTask) -> str:
    """Its name, whose it is, and its due day."""
    who = person_name(opened.assignee) or _candidates(opened.id)
    due = say("%(day)s 前", language(), day=show_day(opened.due_at)) if opened.due_at else ""
    facts = say("，", language()).join(each for each in (who, due) if each)
    name = step_name(opened)
    return say("%(name)s（%(facts)s）", language(), name=name, facts=facts) if facts else name


def _candidates(user_task_id: str) -> str:
    """Whose inbox it lies in; "" where that is out of sight."""
    try:
        groups = ask(user_task_detail, user_task_id).user_task.candidate_groups
    except NotFound:
        return ""
    return say("、", language()).join(group_name(each) for each in groups)
