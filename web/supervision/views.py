"""The overdue list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from flask import Blueprint, render_template, request

from api.house import house
from api.identity.gate import SIGNED_IN, open_to
from engine.model.calendar import instant_of, local_day
from engine.queries import OverdueFilter, OverdueUserTask, Page, overdue_total
from engine.queries import overdue as overdue_user_tasks
from web.naming import unit_name
from web.parts import ask, calendar, language, titles
from web.place import remember_list
from web.shown import show_due
from web.totals import list_foot
from web.urges import urged_in, urges_about

supervision_pages = Blueprint("supervision", __name__)

PAGE = 100
RUNGS = ("yellow", "orange", "red", "interview", "pre-check")


@supervision_pages.get("/overdue")
@open_to(SIGNED_IN)
def overdue() -> str:
    """Open user tasks that are overdue or due today, longest overdue first; the counts are those of all, whatever is
    chosen to be shown.
    """
    remember_list()
    chosen = {name: request.args.get(name, "") for name in ("process", "rung", "unit")}
    if chosen["rung"] not in RUNGS:
        chosen["rung"] = ""
    cursor = request.args.get("cursor") or None
    now = house().clock.now()
    wanted = _filter(chosen, now)
    page = _late_or_today(wanted, cursor)
    whole = page if cursor is None and not any(chosen.values()) else _late_or_today(_filter({}, now), None)
    late = [each for each in whole.items if each.due_at < now]
    return render_template(
        "overdue.html",
        lines=[(each, show_due(each.due_at, now, calendar(), language())) for each in page.items],
        late=len(late),
        due_today=len(whole.items) - len(late),
        by_rung={key: sum(each.rung == key for each in late) for key in RUNGS},
        is_whole=whole.cursor is None,
        titles=titles([each.business_key for each in page.items]),
        urges=urges_about(page.items),
        urged=urged_in((each.process_definition_key, each.business_key) for each in page.items),
        cursor=page.cursor,
        foot=list_foot(page, cursor, lambda: ask(overdue_total, now=now, filters=wanted), language()),
        chosen=chosen,
        rungs=RUNGS,
        units=_units(whole.items, chosen["unit"]),
    )


def _late_or_today(chosen: OverdueFilter, cursor: str | None) -> Page[OverdueUserTask]:
    now = house().clock.now()
    return ask(overdue_user_tasks, now=now, calendar=calendar(), filters=chosen, cursor=cursor, limit=PAGE)


def _filter(chosen: Mapping[str, str], now: datetime) -> OverdueFilter:
    return OverdueFilter(
        due_before=instant_of(local_day(now), time(23, 59, 59)),
        process_definition_key=chosen.get("process") or None,
        unit_code=chosen.get("unit") or None,
        rung=chosen.get("rung") or None,
    )


def _units(listed: Sequence[OverdueUserTask], chosen: str) -> list[tuple[str, str]]:
    """Units that have something to be shown, and the chosen one, by name."""
    codes = {each.unit_code for each in listed if each.unit_code} | ({chosen} if chosen else set[str]())
    return sorted(((code, unit_name(code)) for code in codes), key=lambda unit: unit[1])
