"""The overdue list."""

from __future__ import annotations

from datetime import time

from flask import Blueprint, render_template, request

from api.house import house
from api.identity.gate import SIGNED_IN, open_to
from engine.model.calendar import instant_of, local_day
from engine.queries import overdue as overdue_user_tasks
from web.parts import ask, calendar, language, titles
from web.place import remember_list
from web.shown import show_due

supervision_pages = Blueprint("supervision", __name__)

PAGE = 100
RUNGS = ("yellow", "orange", "red", "interview", "pre-check")


@supervision_pages.get("/overdue")
@open_to(SIGNED_IN)
def overdue() -> str:
    """Open user tasks that are overdue or due today, longest overdue first."""
    remember_list()
    now = house().clock.now()
    rung = request.args.get("rung", "")
    page = ask(
        overdue_user_tasks,
        now=now,
        calendar=calendar(),
        due_before=instant_of(local_day(now), time(23, 59, 59)),
        process_definition_key=request.args.get("process") or None,
        rung=rung if rung in RUNGS else None,
        cursor=request.args.get("cursor") or None,
        limit=PAGE,
    )
    late = [each for each in page.items if each.due_at < now]
    return render_template(
        "overdue.html",
        lines=[(each, show_due(each.due_at, now, calendar(), language())) for each in page.items],
        late=len(late),
        due_today=len(page.items) - len(late),
        by_rung={key: sum(each.rung == key for each in late) for key in RUNGS},
        is_whole=page.cursor is None and not request.args.get("cursor"),
        titles=titles([each.business_key for each in page.items]),
        cursor=page.cursor,
        chosen={"process": request.args.get("process", ""), "rung": rung},
        rungs=RUNGS,
    )
