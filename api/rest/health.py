"""Whether this process lives, and whether it may be sent requests."""

from __future__ import annotations

import logging

from apiflask import APIBlueprint
from flask import Response

from api.house import house
from api.identity.gate import ANYONE, open_to
from api.rest.models import Health
from api.rest.wire import answer

health = APIBlueprint("health", __name__, tag="Operation")
_log = logging.getLogger("bihuan.health")


@health.get("/livez")
@health.output(Health)
@open_to(ANYONE)
def livez() -> Response:
    """The process answers"""
    return answer({"status": "ok", "checks": {}})


@health.get("/readyz")
@health.output(Health)
@health.doc(responses={503: {"description": "Not ready", "content": {"application/json": {"schema": Health}}}})
@open_to(ANYONE)
def readyz() -> Response:
    """Database, migrations, ticker and disk are well"""
    checks = house().readiness()
    for check in checks:
        if not check.ok:
            _log.warning("Not ready: %s. %s", check.name, check.note)
    ok = all(check.ok for check in checks)
    found = {"status": "ok" if ok else "failing", "checks": {check.name: check.ok for check in checks}}
    return answer(found, 200 if ok else 503)
