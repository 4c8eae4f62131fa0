"""What pages say of extensions: until when one may be asked for, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request

from api.house import actor, house
from engine.model.calendar import local_day
from engine.model.extension import Extension
from engine.queries import UserTaskDetail, extendable_until
from web.naming import person_name
from web.parts import language, typed
from web.shown import show_day
from web.words import say


@dataclass(frozen=True)
class Extendable:
    """What a person may ask for, with what was typed before it was refused."""

    #: The first and the last day that can be asked for.
    earliest: date
    latest: date
    until: str = ""
    reason: str = ""
    #: It was sent and refused: the dialog stands open again.
    is_open: bool = False


def extendable_at(detail: UserTaskDetail) -> Extendable | None:
    """What the visitor may ask for here; None where there is nothing to ask for."""
    latest = house().dispatcher.query(extendable_until, actor(), detail, house().deadlines, house().clock.now())
    if latest is None or detail.user_task.due_at is None:
        return None
    earliest = local_day(detail.user_task.due_at) + timedelta(days=1)
    was_sent = request.endpoint == "user_task.extension.ask_for"
    sent = (request.form.get("until", ""), typed("reason")) if was_sent else ("", "")
    return Extendable(earliest, latest, *sent, is_open=was_sent)


def extension_words(extension: Extension | None) -> str:
    """Where a request for an extension stands; "" where there is none."""
    if extension is None:
        return ""
    by, asked = person_name(extension.answered_by), show_day(extension.until)
    if extension.state == "asked":
        return say("%(name)s 申请延至 %(day)s，等待答复", language(), name=person_name(extension.asked_by), day=asked)
    if extension.state == "granted":
        granted = show_day(extension.granted_until)
        if not by:
            return say("已延至 %(day)s", language(), day=granted)
        return say("%(name)s 同意延至 %(day)s", language(), name=by, day=granted)
    if not by:
        return say("申请延至 %(day)s，逾期未答复，视为不同意", language(), day=asked)
    return say("%(name)s 不同意延至 %(day)s", language(), name=by, day=asked)
