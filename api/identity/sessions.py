"""Sessions of people, kept on the server: the cookie holds a random text, the table its digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select, update

from api.identity.directory import ORGANISATION
from api.identity.tables import login_session
from engine.store.register_tables import revision as revisions

#: The last use is written down at most this often, so that reading pages does not write each time.
NOTED_EVERY = timedelta(minutes=1)
#: Ended sessions are kept so long for those who look into a break-in.
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class SessionLifetimes:
    #: Ends when not used for so long.
    idle: timedelta
    #: Ends so long after login, however busy.
    absolute: timedelta


@dataclass(frozen=True, kw_only=True)
class OpenSession:
    """A session that was found open, with what the next question needs anyway."""

    digest: str
    user_id: str
    last_used_at: datetime
    #: Of the organisation; "" before the first import.
    revision: str


def digest_of(token: str) -> str:
    """What the tables hold of a secret text; it is random, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def csrf_token_of(session_token: str) -> str:
    """The token that a form of this session carries; who cannot read the cookie cannot make it."""
    return hmac.new(session_token.encode("utf-8", "replace"), b"csrf", hashlib.sha256).hexdigest()


def open_session(
    connection: Connection, tenant_id: str, user_id: str, address: str, now: datetime, lifetimes: SessionLifetimes
) -> str:
    """Begin a session; returns the text for the cookie, which is written down nowhere."""
    token = secrets.token_urlsafe(32)
    connection.execute(
        insert(login_session).values(
            tenant_id=tenant_id,
            digest=digest_of(token),
            user_id=user_id,
            created_at=now,
            last_used_at=now,
            expires_at=now + lifetimes.absolute,
            address=address,
        )
    )
    return token


def find_session(
    connection: Connection, tenant_id: str, token: str, now: datetime, lifetimes: SessionLifetimes
) -> OpenSession | None:
    """The open session of a cookie; None when there is none, or it has ended."""
    revision = select(revisions.c.revision).where(
        revisions.c.tenant_id == tenant_id, revisions.c.subject == ORGANISATION
    )
    row = connection.execute(
        select(
            login_session.c.digest,
            login_session.c.user_id,
            login_session.c.last_used_at,
            revision.scalar_subquery().label("revision"),
        ).where(
            login_session.c.tenant_id == tenant_id,
            login_session.c.digest == digest_of(token),
            login_session.c.ended_at.is_(None),
            login_session.c.expires_at > now,
            login_session.c.last_used_at > now - lifetimes.idle,
        )
    ).first()
    if row is None:
        return None
    return OpenSession(
        digest=row.digest, user_id=row.user_id, last_used_at=row.last_used_at, revision=row.revision or ""
    )


def note_use(connection: Connection, tenant_id: str, digest: str, now: datetime) -> None:
    """Put off the end of an idle session."""
    _change(connection, tenant_id, digest, last_used_at=now)


def end_session(connection: Connection, tenant_id: str, token: str, now: datetime) -> None:
    """Log out; nothing happens when the session has ended before."""
    _change(connection, tenant_id, digest_of(token), ended_at=now)


def end_sessions_of(connection: Connection, tenant_id: str, user_id: str, now: datetime) -> None:
    """Log a person out everywhere: after a new password, or when the account is closed."""
    connection.execute(
        update(login_session)
        .where(
            login_session.c.tenant_id == tenant_id,
            login_session.c.user_id == user_id,
            login_session.c.ended_at.is_(None),
        )
        .values(ended_at=now)
    )


def forget_old(connection: Connection, tenant_id: str, now: datetime) -> None:
    """Delete sessions that ended long ago."""
    long_ago = now - KEPT_FOR
    connection.execute(
        delete(login_session).where(
            login_session.c.tenant_id == tenant_id,
            or_(login_session.c.ended_at < long_ago, login_session.c.expires_at < long_ago),
        )
    )


def _change(connection: Connection, tenant_id: str, digest: str, **values: datetime) -> None:
    connection.execute(
        update(login_session)
        .where(
            login_session.c.tenant_id == tenant_id,
            login_session.c.digest == digest,
            login_session.c.ended_at.is_(None),
        )
        .values(**values)
    )
