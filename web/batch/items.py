"""What the page of a batch says of each item: whose it is, until when, what is signed, and why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from api.house import actor, house
from api.opening import note_opened
from engine.commands.user_task_subject import UserTaskSubject
from engine.model.errors import EngineError, NotFound
from engine.queries import UserTaskDetail, user_task_detail
from web.batch.figures import Signed, brought_along, signed_in
from web.batch.steps import batch_form, step_key
from web.parts import ask, calendar, language, titles
from web.refusal import told
from web.shown import DueShown, show_due
from web.words import say

#: What an id looks like; whatever else came is not asked for.
_ID = re.compile(r"[\w-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Item:
    """One user task of a batch; without a detail there is none that the visitor may know of."""

    user_task_id: str
    detail: UserTaskDetail | None = None
    #: What people call its object.
    title: str = ""
    due: DueShown | None = None
    signed: Signed | None = None
    #: (name, value with its unit), the main figures.
    figures: Sequence[tuple[str, str]] = ()
    #: Why it cannot be signed now; "" = it can.
    why_not: str = ""
    #: Why it was not signed when that was tried.
    refused: Sequence[str] = ()
    is_chosen: bool = True

    @property
    def step(self) -> str:
        """What it is answered together with; "" for nothing."""
        if self.detail is None or batch_form(self.detail.user_task) is None:
            return ""
        return step_key(self.detail.user_task.definition_key, self.detail.user_task)


def look_at(ids: Iterable[str]) -> list[Item]:
    """Each once, in their order."""
    details = {each: _detail(each) for each in dict.fromkeys(ids)}
    for each in details.values():
        if each is not None:
            note_opened(each)
    known = titles([each.user_task.business_key for each in details.values() if each is not None])
    return [_item(each, detail, known) for each, detail in details.items()]


def look_at_some(ids: Sequence[str]) -> list[Item]:
    """The same; of nothing there is no page. Raises NotFound: none of them is there for the visitor."""
    items = look_at(ids)
    if all(each.detail is None for each in items):
        raise NotFound(f"Expected user tasks, but found none of {len(items)}.")
    return items


def _detail(user_task_id: str) -> UserTaskDetail | None:
    try:
        return ask(user_task_detail, user_task_id) if _ID.fullmatch(user_task_id) else None
    except NotFound:
        return None


def _item(user_task_id: str, detail: UserTaskDetail | None, known: Mapping[str, str]) -> Item:
    if detail is None:
        return Item(user_task_id=user_task_id, why_not=say("没有找到这一项。", language()))
    user_task = detail.user_task
    item = Item(
        user_task_id=user_task_id,
        detail=detail,
        title=known.get(user_task.business_key, ""),
        due=show_due(user_task.due_at, house().clock.now(), calendar(), language()) if user_task.is_open else None,
        why_not=_hindrance(detail),
        # what was written there is for that item alone: whoever wants to drop it says so
        is_chosen=detail.draft_at_hand is None,
    )
    if item.why_not:
        return item
    signed = signed_in(detail)
    # the form of the step says it last: what has been confirmed since counts
    figures = {**(signed.figures if signed else {}), **brought_along(detail)}
    return replace(item, signed=signed, figures=tuple(figures.items()))


def _hindrance(detail: UserTaskDetail) -> str:
    """Why the visitor cannot sign it with others now, as the command itself would say; "" for no reason."""
    user_task = detail.user_task
    reviewed = user_task.four_eyes_with
    filers = {each.element_id: each.filers for each in detail.documents if each.element_id in reviewed}
    subject = UserTaskSubject(user_task, detail.suspended, filers=filers)
    try:
        subject.must_be_workable(actor(), "complete")
        user_task.must_be_for(actor(), "complete")
        subject.must_have_four_eyes(actor())
    except EngineError as error:
        return told(error).detail
    return "" if batch_form(user_task) is not None else say("这一项不能一并签批，请打开单独办理。", language())
