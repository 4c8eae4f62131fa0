"""What the package brings to an engine: forms, local services, deadlines and ladders as the settings say."""

from __future__ import annotations

from api.bootstrap import feel_functions, published_calendar
from engine.commands.collaborators import Collaborators
from engine.model.clock import FixedClock
from engine.store.time_rules import TimeRules
from forms.checker import FormLibrary
from forms.schema import read_forms
from processes.budget_performance.handlers import HANDLERS
from tests.doubles import MONDAY, collaborators


def package_ports(tenant_id: str) -> Collaborators:
    """Collaborators with the shipped forms and services, and stand-ins for people."""
    clock = FixedClock(MONDAY)
    rules, forms = TimeRules(tenant_id), FormLibrary(read_forms(), clock)
    functions = tuple(feel_functions(published_calendar).values())
    return collaborators(
        clock, services=HANDLERS, forms=forms, deadlines=rules.deadlines, ladder=rules, functions=functions
    )
