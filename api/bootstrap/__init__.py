"""The only place where parts are chosen: which database, which clock, which forms, which processes, which doors.

Names are loaded when first asked for: a command that evaluates one expression needs neither database nor server.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from api.bootstrap.calendar import CalendarOfRows, published_calendar
    from api.bootstrap.checking import Workbench
    from api.bootstrap.doors import application
    from api.bootstrap.functions import feel_functions
    from api.bootstrap.installation import Installation, open_installation
    from api.bootstrap.packages import bring_up_to_date
    from api.bootstrap.running import must_be_free, new_ticker, serve, ticking, work
    from api.bootstrap.storage import storage_told
    from api.bootstrap.thresholds import shipped_settings, shipped_thresholds

__all__ = [
    "CalendarOfRows",
    "Installation",
    "Workbench",
    "application",
    "bring_up_to_date",
    "feel_functions",
    "must_be_free",
    "new_ticker",
    "open_installation",
    "published_calendar",
    "serve",
    "shipped_settings",
    "shipped_thresholds",
    "storage_told",
    "ticking",
    "work",
]

_ROOMS = {
    "CalendarOfRows": "calendar",
    "Installation": "installation",
    "Workbench": "checking",
    "application": "doors",
    "bring_up_to_date": "packages",
    "feel_functions": "functions",
    "must_be_free": "running",
    "new_ticker": "running",
    "open_installation": "installation",
    "published_calendar": "calendar",
    "serve": "running",
    "shipped_settings": "thresholds",
    "shipped_thresholds": "thresholds",
    "storage_told": "storage",
    "ticking": "running",
    "work": "running",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return getattr(import_module(f"api.bootstrap.{_ROOMS[name]}"), name)
    raise AttributeError(f"module 'api.bootstrap' has no attribute {name!r}")
