"""What people call processes, people, units and roles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import g

from api.house import house
from api.naming import definition_name, in_language, newest, newest_step
from engine.model.actor import SYSTEM_USER_ID
from web.parts import directory, language
from web.words import say


def process_name(key: str) -> str:
    """What people call a process."""
    return process_names().get(key, key)


def person_name(user_id: str | None, on_behalf_of: str | None = None) -> str:
    """What people call a person; the engine itself is the system. With whom the person stood in for: both names."""
    if on_behalf_of:
        both = {"name": person_name(user_id), "absent": person_name(on_behalf_of)}
        return say("%(name)s（代 %(absent)s）", language(), **both)
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
        g.process_names = {key: definition_name(item) for key, item in newest().items()}
    return g.process_names


def late_name(late: Mapping[str, Any]) -> str:
    """What people call a step that is told to be late, as its message says (`engine/commands/fire_rung.py`)."""
    node = newest_step(late.get("process", ""), late.get("element_id", ""))
    return in_language(late["name"], node.names) if node is not None else late["name"]
