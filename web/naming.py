"""What people call processes, people, units and roles."""

from __future__ import annotations

from flask import g

from api.house import actor, house
from engine.model.actor import SYSTEM_USER_ID
from engine.queries import definitions
from web.parts import directory, language
from web.words import say


def process_name(key: str) -> str:
    """What people call a process."""
    return process_names().get(key, key)


def person_name(user_id: str | None) -> str:
    """What people call a person; the engine itself is the system."""
    if not user_id:
        return ""
    if user_id == SYSTEM_USER_ID:
        return say("系统", language())
    person = directory().people.get(user_id)
    return person.title if person else user_id


def unit_name(code: str | None) -> str:
    """Name of a unit."""
    unit = directory().tree.units.get(code) if code else None
    return unit.name if unit else code or ""


def role_name(key: str) -> str:
    """What people call a role."""
    role = house().gate.desk.catalogue.roles.get(key)
    return role.title(language()) if role else key


def group_name(group: str) -> str:
    """"dept_perf@21" as people say it."""
    role, _, unit_code = group.partition("@")
    return f"{unit_name(unit_code)} {role_name(role)}" if unit_code else role_name(role)


def process_names() -> dict[str, str]:
    """Process definition key -> name of its newest version; asked once a request."""
    if "process_names" not in g:
        found = house().dispatcher.query(definitions, actor())
        g.process_names = {each.key: each.name for each in found}
    return g.process_names
