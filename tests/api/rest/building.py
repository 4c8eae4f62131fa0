"""The doors of the small district, put together."""

from __future__ import annotations

from pathlib import Path

from api.campaigns import CampaignDoor
from api.house import House, ReadinessCheck
from api.identity.gate import Gate
from api.imports import ImportDoors
from api.rest.application import make_application
from api.rest.doors import DOORS
from api.settings import load_settings
from processes.budget_performance.package import SENDERS
from tests.api.rest.engine_room import FORMS, deadlines, open_engine
from tests.api.rest.visiting import Doors
from tests.api.uploading import make_uploads


def make_doors(database_url: str, var_dir: Path, readiness: tuple[ReadinessCheck, ...] = ()) -> Doors:
    """An application over an empty database, with the real engine behind it."""
    district, dispatcher = open_engine(database_url)
    house = House(
        settings=load_settings({"var_dir": var_dir}, {}),
        dispatcher=dispatcher,
        gate=Gate(district.front_desk, https=False, language="zh"),
        clock=district.clock,
        forms=FORMS,
        readiness=lambda: readiness,
        imports=ImportDoors(district.database, district.directories, district.clock),
        campaigns=CampaignDoor(district.database, district.directories, district.clock, dispatcher, SENDERS),
        uploads=make_uploads(district, var_dir),
        absences=district.absences,
        deadlines=deadlines,
        senders={"round.open": frozenset({"finance_perf"}), "budget.approved": frozenset()},
    )
    return Doors(make_application(house, DOORS, version="0.0.0"), district, dispatcher)
