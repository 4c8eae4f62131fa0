"""One person for every role of the role file, seated so that the school 2101 is their own unit if any is."""

from __future__ import annotations

from sqlalchemy import Engine

from api.identity import accounts
from api.identity.organisation import import_organisation, read_organisation
from api.identity.roles import DataScope, Found, Role
from engine.model.identifiers import Uuid7Source
from engine.store.database import write_transaction
from tests.api.conftest import cheap_hash
from tests.api.district import CATALOGUE, CONTENT, NOW, TENANT

OWN, OTHER = "2101", "2201"


def login_of(role: str) -> str:
    return f"any.{role.replace('_', '.')}"


def seat_of(role: Role) -> str:
    if role.scope is DataScope.DIVISION:
        return "1003"
    elsewhere = "21" if role.scope is DataScope.SUBTREE else "1002"
    return {Found.UNIT: OWN, Found.DEPARTMENT: "21"}.get(role.found, elsewhere)


def sees(role: Role, unit_code: str) -> bool:
    """Whether the role's data scope, from its seat, covers the unit."""
    return role.scope is DataScope.ALL or (role.scope is not DataScope.NONE and unit_code == OWN)


#: Login → role.
PEOPLE: dict[str, Role] = {login_of(key): role for key, role in CATALOGUE.roles.items()}


def who_sees(unit_code: str) -> set[str]:
    return {login for login, role in PEOPLE.items() if sees(role, unit_code)}


def who_may(permission: str | None) -> set[str]:
    return {login for login, role in PEOPLE.items() if permission is None or permission in role.permissions}


def bring_in(database: Engine) -> None:
    """Open their accounts beside those of the small district."""
    users = [
        {"username": login, "title": role.zh, "unit": seat_of(role), "role": role.key} for login, role in PEOPLE.items()
    ]
    organisation = read_organisation({**CONTENT, "users": users}, CATALOGUE)
    ids = Uuid7Source()
    with write_transaction(database) as connection:
        import_organisation(connection, TENANT, organisation, CATALOGUE, lambda: ids.make(NOW), NOW)
        for login in PEOPLE:
            accounts.set_password_hash(connection, TENANT, login, cheap_hash())
