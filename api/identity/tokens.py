"""Bearer tokens of programs: shown once, kept as digests, ended by time or by hand."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select, update

from api.identity.directory import ORGANISATION
from api.identity.refusals import TokenNotFound
from api.identity.sessions import digest_of
from api.identity.tables import api_token
from engine.store.register_tables import revision as revisions

#: So that scanners of source code recognise a token that was committed by mistake.
PREFIX = "bihuan_"
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class ApiToken:
    """What may be told of a token; the text itself is known to its owner only."""

    id: str
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class LiveToken:
    """A token that was found valid, with what the next question needs anyway."""

    id: str
    user_id: str
    last_used_at: datetime | None
    #: Of the organisation; "" before the first import.
    revision: str


def issue(
    connection: Connection, tenant_id: str, token_id: str, user_id: str, name: str, now: datetime, lifetime: timedelta
) -> tuple[str, ApiToken]:
    """Make a token; the text is returned here and never again."""
    text = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken(
        id=token_id, name=name, created_at=now, expires_at=now + lifetime, last_used_at=None, revoked_at=None
    )
    connection.execute(
        insert(api_token).values(
            tenant_id=tenant_id,
            token_id=token_id,
            digest=digest_of(text),
            user_id=user_id,
            name=name,
            created_at=token.created_at,
            expires_at=token.expires_at,
        )
    )
    return text, token


def find_token(connection: Connection, tenant_id: str, text: str, now: datetime) -> LiveToken | None:
    """The valid token of a text; None when there is none, it has expired or was revoked."""
    revision = select(revisions.c.revision).where(
        revisions.c.tenant_id == tenant_id, revisions.c.subject == ORGANISATION
    )
    row = connection.execute(
        select(
            api_token.c.token_id,
            api_token.c.user_id,
            api_token.c.last_used_at,
            revision.scalar_subquery().label("revision"),
        ).where(
            api_token.c.tenant_id == tenant_id,
            api_token.c.digest == digest_of(text),
            api_token.c.revoked_at.is_(None),
            api_token.c.expires_at > now,
        )
    ).first()
    if row is None:
        return None
    return LiveToken(id=row.token_id, user_id=row.user_id, last_used_at=row.last_used_at, revision=row.revision or "")


def note_use(connection: Connection, tenant_id: str, token_id: str, now: datetime) -> None:
    """Remember when the token was last used."""
    connection.execute(
        update(api_token)
        .where(api_token.c.tenant_id == tenant_id, api_token.c.token_id == token_id)
        .values(last_used_at=now)
    )


def tokens_of(connection: Connection, tenant_id: str, user_id: str) -> list[ApiToken]:
    """All tokens of a person, newest first."""
    rows = connection.execute(
        select(api_token)
        .where(api_token.c.tenant_id == tenant_id, api_token.c.user_id == user_id)
        .order_by(api_token.c.token_id.desc())
    )
    return [
        ApiToken(
            id=row.token_id,
            name=row.name,
            created_at=row.created_at,
            expires_at=row.expires_at,
            last_used_at=row.last_used_at,
            revoked_at=row.revoked_at,
        )
        for row in rows
    ]


def revoke(connection: Connection, tenant_id: str, user_id: str, token_id: str, now: datetime) -> None:
    """End one's own token.

    Raises:
        TokenNotFound: this person has no such token, or it was revoked before.
    """
    revoked = connection.execute(
        update(api_token)
        .where(
            api_token.c.tenant_id == tenant_id,
            api_token.c.token_id == token_id,
            api_token.c.user_id == user_id,
            api_token.c.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )
    if revoked.rowcount == 0:
        raise TokenNotFound(f"Expected a token {token_id!r} of yours, but found none.", token_id=token_id)


def revoke_all(connection: Connection, tenant_id: str, user_id: str, now: datetime) -> None:
    """End every token of a person."""
    connection.execute(
        update(api_token)
        .where(api_token.c.tenant_id == tenant_id, api_token.c.user_id == user_id, api_token.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
