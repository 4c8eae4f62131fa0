"""The inbox page. List, filters, text and page stand in the address, so they survive opening a user task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.house import house
from api.identity.gate import SIGNED_IN, open_to
from api.naming import steps_called
from engine.model.calendar import instant_of, local_day
from engine.queries import InboxFilter, InboxItem, InboxList, inbox, inbox_counts, inbox_total, overdue_count
from web.batch.steps import MOST, steps_shown
from web.parts import ask, calendar, keys_called, language, titles
from web.place import remember_list
from web.shown import DueShown, show_due
from web.totals import list_foot
from web.urges import Urged, urged_in

inbox_pages = Blueprint("inbox", __name__)

PAGE = 30
DUE_CHOICES = ("overdue", "today", "week")


@dataclass(frozen=True)
class Line:
    """One row of the list as it is shown."""

    item: InboxItem
    title: str
    #: What it urges, if it does.
    urged: Urged | None
    due: DueShown | None
    #: What it may be signed together with; "" for nothing that is shown.
    step: str


@inbox_pages.get("/")
@open_to(SIGNED_IN)
def home() -> Response:
    return redirect(url_for("inbox.show"))


@inbox_pages.get("/inbox")
@open_to(SIGNED_IN)
def show() -> str:
    """One list of the inbox."""
    remember_list()
    which = _which()
    now = house().clock.now()
    words = request.args.get("text", "").strip()
    filters = InboxFilter(
        process_definition_key=request.args.get("process") or None,
        text=words,
        called=keys_called(words),
        steps=steps_called(words),
        due_before=_due_before(request.args.get("due", ""), now),
    )
    cursor = request.args.get("cursor") or None
    page = ask(inbox, which, filters=filters, cursor=cursor, limit=PAGE)
    picked, steps = steps_shown(page.items if which is not InboxList.DONE else ())
    template = "inbox_list.html" if request.headers.get("HX-Request") == "true" else "inbox.html"
    return render_template(
        template,
        which=which.value,
        lines=_lines(page.items, now, picked),
        steps=steps,
        most=MOST,
        cursor=page.cursor,
        foot=list_foot(page, cursor, lambda: ask(inbox_total, which, filters=filters), language()),
        counts=ask(inbox_counts, now=now),
        overdue_in_scope=ask(overdue_count, now=now),
        chosen={name: request.args.get(name, "") for name in ("process", "text", "due")},
    )


def _which() -> InboxList:
    wanted = request.args.get("list", InboxList.MINE.value)
    return InboxList(wanted) if wanted in set(InboxList) else InboxList.MINE


def _due_before(choice: str, now: datetime) -> datetime | None:
    """Latest due instant for a choice: overdue, due by tonight, due within seven days."""
    if choice not in DUE_CHOICES:
        return None
    if choice == "overdue":
        return now
    last = local_day(now) + timedelta(days=0 if choice == "today" else 7)
    return instant_of(last, time(23, 59, 59)).astimezone(UTC)


def _lines(items: Sequence[InboxItem], now: datetime, picked: Mapping[str, str]) -> list[Line]:
    known = titles([item.business_key for item in items])
    urged = urged_in((item.process_definition_key, item.business_key) for item in items)
    return [
        Line(
            item=item,
            title=known.get(item.business_key, ""),
            urged=urged.get(item.business_key),
            due=show_due(item.due_at, now, calendar(), language()) if item.closed_at is None else None,
            step=picked.get(item.id, ""),
        )
        for item in items
    ]
