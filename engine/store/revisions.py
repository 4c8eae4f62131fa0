"""Revisions: each changes with every change of what it stands for, so that readers know when their copy is stale.

Read once a transaction; for a user task that somebody works on, all of them come along with it.
"""

from __future__ import annotations

from functools import lru_cache
from uuid import uuid4

from sqlalchemy import Connection

from engine.store.once import forget, keep, once
from engine.store.register_tables import revision as revisions
from engine.store.statements import first, insert

#: Settings and calendar.
RULES = "rules"

_TOGETHER = "(SELECT {join}(subject || ' ' || revision, ',') FROM revision WHERE tenant_id = {tenant})"


def read_revision(connection: Connection, tenant_id: str, subject: str) -> str:
    """The revision of a subject, as the running transaction sees it; "" before the first change."""
    text = "SELECT revision FROM revision WHERE tenant_id = ? AND subject = ?"

    def read() -> str:
        found = first(connection, text, (tenant_id, subject))
        return found[0] if found is not None else ""

    return once(connection, ("revision", tenant_id, subject), read)


def touch(connection: Connection, tenant_id: str, subject: str) -> None:
    """Tell readers that something has changed. Whoever touches a subject waits for who touched it before."""
    replace = " ON CONFLICT (tenant_id, subject) DO UPDATE SET revision = excluded.revision"
    # random, not counted: a number that was rolled back would be given twice
    row = {"tenant_id": tenant_id, "subject": subject, "revision": uuid4().hex}
    insert(connection, revisions, [row], replace)
    forget(connection, ("revision", tenant_id, subject))


def all_revisions(tenant: str, *, on_sqlite: bool) -> str:
    """An expression that gives all revisions of a tenant, for a statement that is sent anyway."""
    return _TOGETHER.format(join="group_concat" if on_sqlite else "string_agg", tenant=tenant)


def keep_revisions(connection: Connection, tenant_id: str, written: str | None) -> None:
    """What the expression gave: the transaction need not ask again."""
    for subject, value in _pairs(written) if written else ():
        keep(connection, ("revision", tenant_id, subject), value)


@lru_cache(maxsize=64)
def _pairs(written: str) -> tuple[tuple[str, str], ...]:
    """Subject and revision of each: most transactions find what the one before found."""
    pairs = (pair.partition(" ") for pair in written.split(","))
    return tuple((subject, value) for subject, _, value in pairs)
