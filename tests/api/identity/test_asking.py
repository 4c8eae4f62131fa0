"""Who may be asked for an opinion: business people with an open account, and nobody else."""

from __future__ import annotations

from api.identity.organisation import close_account
from api.identity.people import People
from engine.store.database import read_transaction, write_transaction
from tests.api.conftest import District
from tests.api.district import CATALOGUE, CONTENT, TENANT

#: Who runs the engine, and who belongs to no body of the district.
OTHERS = {"designer", "admin", "exp.a"}


def test_everybody_with_a_business_post_may_be_asked(district: District) -> None:
    logins = {user["username"] for user in CONTENT["users"]}
    people = People(CATALOGUE, district.directories, district.clock)
    with read_transaction(district.database) as connection:
        assert people.askable(connection, TENANT, {*logins, "nobody"}) == logins - OTHERS


def test_a_closed_account_is_asked_nothing(district: District) -> None:
    with write_transaction(district.database) as connection:
        close_account(connection, TENANT, "fin.dir")
    people = People(CATALOGUE, district.directories, district.clock)
    with read_transaction(district.database) as connection:
        assert people.askable(connection, TENANT, ["fin.dir", "fin.perf"]) == {"fin.perf"}
