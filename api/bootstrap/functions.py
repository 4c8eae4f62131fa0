"""Which functions every expression of this house may call beside FEEL's own: in diagrams, decision tables and forms, on
the command line and by REST.
"""

from __future__ import annotations

from collections.abc import Mapping

from api.bootstrap.regex import Re2Port
from engine.feel import BUILTINS, CalendarSource, FeelFunction, regex_functions, working_day_functions
from forms.functions import FUNCTIONS as FUNCTIONS_OF_FORMS
from processes.functions import FUNCTIONS_OF_PACKAGES


def feel_functions(calendar: CalendarSource) -> Mapping[str, FeelFunction]:
    """By name.

    Args:
        calendar: tells which days are worked.
    """
    sources = {"forms": FUNCTIONS_OF_FORMS, "calendar": working_day_functions(calendar), **FUNCTIONS_OF_PACKAGES}
    return {**regex_functions(Re2Port()), **merged(sources)}


def merged(sources: Mapping[str, Mapping[str, FeelFunction]]) -> dict[str, FeelFunction]:
    """The functions of all sources.

    Raises:
        ValueError: a name that FEEL has or that another source brings: an expression would mean two things.
    """
    found: dict[str, FeelFunction] = {}
    brought_by = dict.fromkeys(BUILTINS, "FEEL")
    for source, functions in sources.items():
        for name, function in functions.items():
            if name in brought_by:
                raise ValueError(
                    f"Expected a function {name!r} once, but both {brought_by[name]} and {source} bring one."
                )
            brought_by[name] = source
            found[name] = function
    return found
