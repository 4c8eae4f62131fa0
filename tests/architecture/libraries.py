"""Each foreign library has one home, and some rooms have none."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.architecture.sources import ROOMS, Source

#: Import name: the rooms that may use it. A library that is not listed may be used nowhere.
HOMES: dict[str, tuple[str, ...]] = {
    "SpiffWorkflow": ("engine.bpmn",),
    "alembic": ("migrations",),
    "apiflask": ("api",),
    "apscheduler": ("engine.scheduler",),
    "argon2": ("api.identity",),
    "babel": ("web",),
    "click": ("api.cli",),
    "chinese_calendar": ("engine.store",),
    "flask": ("api", "web"),
    "holidays": ("engine.store",),
    "jinja2": ("web",),
    "jsonschema": ("forms",),
    "lxml": ("engine.xml", "engine.bpmn", "engine.dmn"),
    "markupsafe": ("web",),
    "openpyxl": ("forms", "processes"),
    "orjson": ("engine.store", "engine.queries", "api.rest", "api.cli"),
    "procrastinate": ("engine.scheduler",),
    "psycopg": ("engine.store",),
    "pydantic": ("api",),
    "re2": ("api.bootstrap",),
    "sqlalchemy": (
        *("engine.store", "engine.queries", "engine.dispatcher"),
        *("processes", "api.identity", "api.uploads", "api.bootstrap", "migrations"),
    ),
    "tqdm": ("api", "processes"),
    "waitress": ("api",),
    "werkzeug": ("api", "web"),
    "zstandard": ("engine.store",),
}


def strangers(source: Source) -> Iterator[str]:
    """Imports of libraries outside their homes."""
    for module, line in source.imports():
        library = module.split(".")[0]
        if library in sys.stdlib_module_names or library in ROOMS:
            continue
        homes = HOMES.get(library, ())
        if not source.is_in(*homes):
            where = ", ".join(homes) or "no room: give it a home in tests/architecture/libraries.py"
            yield f"{source.path}:{line} import of {module}; its home is {where}"
