"""The page of a batch: a look at every item, one form below them, and what became of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.naming import step_name
from api.problems import Problem
from forms.form import Form
from web.batch.answer import sent_answer, view_answer, wrong_everywhere
from web.batch.items import Item, look_at_some
from web.batch.sending import not_signed, send_all
from web.batch.steps import MOST
from web.parts import language
from web.place import last_list, path_here
from web.words import say, say_count

batch_pages = Blueprint("batch", __name__, url_prefix="/batch")


@batch_pages.get("")
@open_to(SIGNED_IN)
def show() -> str | Response:
    """The items that were chosen, and the form."""
    ids = request.args.getlist("item")
    if not ids:
        flash(say("请先勾选要一并签批的事项。", language()))
        return redirect(last_list()[0], code=303)
    return _page(look_at_some(ids[:MOST]), {}, beyond=len(ids[MOST:]))


@batch_pages.post("")
@open_to(SIGNED_IN)
def sign() -> str | Response | tuple[str, int]:
    """Sign what is ticked. What was not signed stays, with the reason and everything that was typed."""
    chosen = frozenset(request.form.getlist("item"))
    items = [
        replace(each, is_chosen=each.user_task_id in chosen)
        for each in look_at_some(request.args.getlist("item")[:MOST])
    ]
    wanted = [each for each in items if each.is_chosen and each.step]
    form = _form_of(wanted)
    if form is None:
        typed_for = _form_of(items)
        values = sent_answer(typed_for) if typed_for is not None else {}
        return _page(items, values, told_nothing=not any(each.is_chosen for each in items)), 422
    submission = sent_answer(form)
    details = [each.detail for each in wanted if each.detail is not None]
    # what the visitor has done goes along: it may be what this page itself has sent before, and was answered for
    if not any(each.user_task.closed_by == actor().user_id for each in details):
        problem = wrong_everywhere(form, submission, [each for each in details if each.may_complete])
        if problem is not None:
            return _page(items, submission, problem=problem), problem.status
    answers = send_all(details, submission, request.form.get("once", ""))
    left = not_signed(items, answers)
    signed = sum(each is None for each in answers.values())
    if left:
        return _page(left, submission, signed=signed), 409
    flash(say("%(signed)s：%(step)s。", language(), signed=_signed_words(signed), step=_step_words(wanted)))
    flash(_kept_as(), "taken")
    return redirect(path_here(request.form.get("back", ""), url_for("inbox.show")), code=303)


def _page(
    items: Sequence[Item],
    values: Mapping[str, Any],
    *,
    problem: Problem | None = None,
    signed: int | None = None,
    told_nothing: bool = False,
    beyond: int = 0,
) -> str:
    """The page; of several steps, only the choice between them."""
    steps: dict[str, list[Item]] = {}
    for each in items:
        if each.step:
            steps.setdefault(each.step, []).append(each)
    form = _form_of(items) if any(not each.why_not for each in items) else None
    return render_template(
        "batch.html",
        items=items,
        steps=[(_step_words(each), [item.user_task_id for item in each]) for each in steps.values()],
        name=_step_words(next(iter(steps.values()), items)),
        view=view_answer(form, values, problem) if form is not None else None,
        problem=problem,
        signed=_signed_words(signed) if signed else "",
        is_refused=signed is not None,
        told_nothing=told_nothing,
        beyond=beyond,
        most=MOST,
        ids=[each.user_task_id for each in items],
        kept_as=_kept_as(),
        # the page of a refusal is the same window: what has been sent is not sent again
        once=request.form.get("once") or str(uuid4()),
        is_first=request.method == "GET",
    )


def _form_of(items: Sequence[Item]) -> Form | None:
    """The form of the one step; None where there is none, or they are several."""
    found = {each.step: each for each in items if each.step}
    if len(found) != 1:
        return None
    (detail,) = [each.detail for each in found.values()]
    return house().forms.form(detail.user_task.form_key) if detail is not None else None


def _signed_words(count: int) -> str:
    return say_count("已签批 %(count)s 项", language(), count)


def _step_words(items: Sequence[Item]) -> str:
    details = [each.detail for each in items if each.detail is not None]
    return step_name(details[0].user_task) if details else ""


def _kept_as() -> str:
    """Where the window keeps what is typed for these items, until they are signed."""
    named = blake2b("\n".join(sorted(request.args.getlist("item"))).encode(), digest_size=12).hexdigest()
    return f"{url_for('inbox.batch.show')}/{named} {actor().user_id}"
