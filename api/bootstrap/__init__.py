"""The only place where parts are chosen: which database, which clock, which forms, which processes, which doors."""

from api.bootstrap.application import application
from api.bootstrap.installation import Installation, open_installation
from api.bootstrap.packages import bring_up_to_date
from api.bootstrap.regex import feel_functions
from api.bootstrap.running import new_ticker, serve, ticking, work

__all__ = [
    "Installation",
    "application",
    "bring_up_to_date",
    "feel_functions",
    "new_ticker",
    "open_installation",
    "serve",
    "ticking",
    "work",
]
