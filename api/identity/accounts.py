"""The account behind a login key: password and language."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from api.identity.refusals import UserNotFound
from api.identity.tables import user_account


def password_hash_of(connection: Connection, tenant_id: str, user_id: str) -> str | None:
    """The hash to check a password against; None when there is no such account, it is closed or it has no password."""
    if not user_id.isprintable():
        # what no database can hold is nobody's login key
        return None
    return connection.scalar(
        select(user_account.c.password_hash).where(
            user_account.c.tenant_id == tenant_id,
            user_account.c.user_id == user_id,
            user_account.c.closed.is_(False),
        )
    )


def set_password_hash(connection: Connection, tenant_id: str, user_id: str, password_hash: str) -> None:
    """Replace the password. Raises UserNotFound."""
    _change(connection, tenant_id, user_id, password_hash=password_hash)


def choose_language(connection: Connection, tenant_id: str, user_id: str, language: str) -> None:
    """Remember in which language ("zh" | "en") the person reads. Raises UserNotFound."""
    _change(connection, tenant_id, user_id, language=language)


def _change(connection: Connection, tenant_id: str, user_id: str, **values: str) -> None:
    changed = connection.execute(
        update(user_account)
        .where(user_account.c.tenant_id == tenant_id, user_account.c.user_id == user_id)
        .values(**values)
    )
    if changed.rowcount == 0:
        raise UserNotFound(f"Expected account {user_id!r}, but found none.", user_id=user_id)
