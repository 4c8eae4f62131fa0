"""How often a login may fail: counted in the database, so that restarts and further processes do not start anew.

Each try is written down as open before the password is looked at, and open ones count as failed. So tries that arrive
together cannot all slip past the count.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.sql.elements import ColumnElement

from api.identity.refusals import TooManyAttempts
from api.identity.tables import login_attempt

OPEN, FAILED, SUCCEEDED, REFUSED = "open", "failed", "succeeded", "refused"
#: How long attempts are kept for those who look into a break-in.
KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class AttemptLimits:
    """Failures within `window` after which the next try is refused, whatever its password."""

    window: timedelta
    per_account: int
    per_address: int


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One try to log in."""

    tenant_id: str
    id: str
    account_digest: str
    address: str
    at: datetime


def account_digest(secret: str, account: str) -> str:
    """What stands for the account in the list; without the secret nobody can try out names (or passwords) on it."""
    return hmac.new(secret.encode(), account.strip().casefold().encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def network_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 of an IPv6 one, which a single customer gets."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def write_down(connection: Connection, attempt: Attempt) -> None:
    """Count the try; commit before the password is looked at."""
    connection.execute(
        insert(login_attempt).values(
            tenant_id=attempt.tenant_id,
            attempt_id=attempt.id,
            account_digest=attempt.account_digest,
            address=attempt.address,
            at=attempt.at,
            outcome=OPEN,
        )
    )


def refuse_too_many(connection: Connection, attempt: Attempt, limits: AttemptLimits) -> TooManyAttempts | None:
    """The refusal when account or address have failed too often; this try then no longer counts.

    Failures of an account before its last success are forgotten; those of an address are not.
    """
    since = attempt.at - limits.window
    last_success = select(func.max(login_attempt.c.at)).where(
        login_attempt.c.tenant_id == attempt.tenant_id,
        login_attempt.c.account_digest == attempt.account_digest,
        login_attempt.c.outcome == SUCCEEDED,
    )
    account_since = max(since, connection.scalar(last_success) or since)
    by_account = login_attempt.c.account_digest == attempt.account_digest
    by_address = login_attempt.c.address == attempt.address
    waits = [
        _wait(connection, attempt, by_account, account_since, limits.per_account, limits.window),
        _wait(connection, attempt, by_address, since, limits.per_address, limits.window),
    ]
    longest = max((wait for wait in waits if wait is not None), default=None)
    if longest is None:
        return None
    close(connection, attempt, REFUSED)
    return TooManyAttempts(max(1, math.ceil(longest.total_seconds())))


def close(connection: Connection, attempt: Attempt, outcome: str) -> None:
    """Say how the try ended."""
    connection.execute(
        update(login_attempt)
        .where(login_attempt.c.tenant_id == attempt.tenant_id, login_attempt.c.attempt_id == attempt.id)
        .values(outcome=outcome)
    )


def forget_old(connection: Connection, tenant_id: str, now: datetime) -> None:
    """Delete attempts that nobody needs any more."""
    connection.execute(
        delete(login_attempt).where(login_attempt.c.tenant_id == tenant_id, login_attempt.c.at < now - KEPT_FOR)
    )


def _wait(
    connection: Connection,
    attempt: Attempt,
    whose: ColumnElement[bool],
    since: datetime,
    allowed: int,
    window: timedelta,
) -> timedelta | None:
    """Time until a further try is allowed; None when it is allowed now."""
    others = (
        select(login_attempt.c.at)
        .where(
            login_attempt.c.tenant_id == attempt.tenant_id,
            whose,
            login_attempt.c.at > since,
            login_attempt.c.attempt_id != attempt.id,
            login_attempt.c.outcome.in_((OPEN, FAILED)),
        )
        .order_by(login_attempt.c.at.desc())
        .limit(allowed)
    )
    counted = list(connection.scalars(others))
    if len(counted) < allowed:
        return None
    # the oldest of those that fill the measure must leave the window first
    return counted[-1] + window - attempt.at
