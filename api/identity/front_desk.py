"""The front desk: who are you, may you come in, and with which rights. Each question is a transaction of its own."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from api.identity import accounts, attempts, sessions, tokens
from api.identity.directory import DirectoryReader, Person
from api.identity.organisation import mark_changed
from api.identity.passwords import Passwords, refuse_weak
from api.identity.people import day_of
from api.identity.refusals import SignInFailed, UserNotFound
from api.identity.rights import actor_of
from api.identity.roles import RoleCatalogue
from engine.model.actor import Actor
from engine.model.clock import Clock
from engine.model.identifiers import Uuid7Source
from engine.store.database import read_transaction, write_transaction


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Somebody who was recognised, and how."""

    actor: Actor
    person: Person
    #: The token that forms of this session carry; None for programs, which send no cookies.
    csrf_token: str | None


@dataclass(frozen=True, kw_only=True)
class FrontDeskRules:
    """What the settings say about logging in."""

    tenant_id: str
    lifetimes: sessions.SessionLifetimes
    limits: attempts.AttemptLimits
    #: Longest life of a bearer token.
    token_lifetime: timedelta
    #: Hides account names in the list of attempts.
    secret: str


class FrontDesk:
    """Logs people and programs in and out, and recognises them afterwards.

    Sessions, tokens and attempts go by `wall_clock`, posts by `clock`: a demonstration year must not keep a session
    alive for ever, nor end it.
    """

    def __init__(
        self,
        database: Engine,
        rules: FrontDeskRules,
        catalogue: RoleCatalogue,
        directories: DirectoryReader,
        passwords: Passwords,
        clock: Clock,
        wall_clock: Clock,
    ) -> None:
        self.rules = rules
        self.catalogue = catalogue
        self._database = database
        self._directories = directories
        self._passwords = passwords
        self._clock = clock
        self._wall_clock = wall_clock
        self._ids = Uuid7Source()

    def sign_in(self, account: str, password: str, address: str, earlier_session: str | None = None) -> str:
        """Log a person in; returns the text for the cookie. A session that was there before ends.

        Raises:
            SignInFailed: account and password do not fit.
            TooManyAttempts: whatever the password, the account or the address has to wait.
        """
        user_id = self._check(account, password, address)
        tenant_id, now = self.rules.tenant_id, self._wall_clock.now()
        with write_transaction(self._database) as connection:
            if earlier_session:
                sessions.end_session(connection, tenant_id, earlier_session, now)
            return sessions.open_session(connection, tenant_id, user_id, address, now, self.rules.lifetimes)

    def admit(self, user_id: str, address: str = "") -> str:
        """Open a session for somebody who needs no password here; returns the text for the cookie.

        Only a demonstration, where there is nothing to protect, may call this.
        """
        with write_transaction(self._database) as connection:
            return sessions.open_session(
                connection, self.rules.tenant_id, user_id, address, self._wall_clock.now(), self.rules.lifetimes
            )

    def sign_out(self, session_token: str) -> None:
        """End the session."""
        with write_transaction(self._database) as connection:
            sessions.end_session(connection, self.rules.tenant_id, session_token, self._wall_clock.now())

    def by_session(self, session_token: str) -> Visitor | None:
        """The person of a cookie; None when the session has ended."""
        tenant_id, now = self.rules.tenant_id, self._wall_clock.now()
        with read_transaction(self._database) as connection:
            found = sessions.find_session(connection, tenant_id, session_token, now, self.rules.lifetimes)
            if found is None:
                return None
            visitor = self._visitor(connection, found.user_id, found.revision, sessions.csrf_token_of(session_token))
        if visitor and now - found.last_used_at >= sessions.NOTED_EVERY:
            with write_transaction(self._database) as connection:
                sessions.note_use(connection, tenant_id, found.digest, now)
        return visitor

    def by_token(self, text: str) -> Visitor | None:
        """The person a program acts for; None when the token is not valid."""
        tenant_id, now = self.rules.tenant_id, self._wall_clock.now()
        with read_transaction(self._database) as connection:
            found = tokens.find_token(connection, tenant_id, text, now)
            if found is None:
                return None
            visitor = self._visitor(connection, found.user_id, found.revision, None)
        if visitor and (found.last_used_at is None or now - found.last_used_at >= tokens.NOTED_EVERY):
            with write_transaction(self._database) as connection:
                tokens.note_use(connection, tenant_id, found.id, now)
        return visitor

    def issue_token(
        self, account: str, password: str, address: str, name: str, lifetime: timedelta
    ) -> tuple[str, tokens.ApiToken]:
        """A bearer token for a program; its text is returned here and never again. Lives at most as the rules allow.

        Raises:
            SignInFailed: account and password do not fit.
            TooManyAttempts: whatever the password, the account or the address has to wait.
        """
        user_id = self._check(account, password, address)
        now = self._wall_clock.now()
        with write_transaction(self._database) as connection:
            return tokens.issue(
                connection,
                self.rules.tenant_id,
                self._ids.make(now),
                user_id,
                name,
                now,
                min(lifetime, self.rules.token_lifetime),
            )

    def tokens_of(self, visitor: Visitor) -> list[tokens.ApiToken]:
        """The visitor's own tokens, newest first."""
        with read_transaction(self._database) as connection:
            return tokens.tokens_of(connection, self.rules.tenant_id, visitor.actor.user_id)

    def revoke_token(self, visitor: Visitor, token_id: str) -> None:
        """End one of the visitor's own tokens. Raises TokenNotFound."""
        with write_transaction(self._database) as connection:
            tokens.revoke(connection, self.rules.tenant_id, visitor.actor.user_id, token_id, self._wall_clock.now())

    def choose_language(self, visitor: Visitor, language: str) -> None:
        """Remember in which language the visitor reads."""
        with write_transaction(self._database) as connection:
            accounts.choose_language(connection, self.rules.tenant_id, visitor.actor.user_id, language)
            # the directory carries the language of each person
            mark_changed(connection, self.rules.tenant_id)

    def set_password(self, user_id: str, password: str) -> None:
        """Replace a password; the person is logged out everywhere, and tokens end.

        Raises:
            WeakPassword: too short, too long, or the account's own name.
            UserNotFound: no such account.
        """
        refuse_weak(password, user_id)
        password_hash = self._passwords.hash(password)
        now = self._wall_clock.now()
        with write_transaction(self._database) as connection:
            accounts.set_password_hash(connection, self.rules.tenant_id, user_id, password_hash)
            sessions.end_sessions_of(connection, self.rules.tenant_id, user_id, now)
            tokens.revoke_all(connection, self.rules.tenant_id, user_id, now)

    def give_passwords(self, passwords: Mapping[str, str]) -> None:
        """Set the first passwords of many accounts at once, by login key; hashing uses all processors.

        Raises:
            WeakPassword: one of them can be guessed; none is set.
            UserNotFound: no such account; none is set.
        """
        for user_id, password in passwords.items():
            refuse_weak(password, user_id)
        with ThreadPoolExecutor() as pool:
            hashes = list(pool.map(self._passwords.hash, passwords.values()))
        with write_transaction(self._database) as connection:
            for user_id, password_hash in zip(passwords, hashes, strict=True):
                accounts.set_password_hash(connection, self.rules.tenant_id, user_id, password_hash)

    def actor_of(self, user_id: str) -> Actor:
        """Somebody with the rights held today. Raises UserNotFound."""
        tenant_id = self.rules.tenant_id
        with read_transaction(self._database) as connection:
            directory = self._directories.read(connection, tenant_id, day_of(self._clock.now()))
        person = directory.people.get(user_id)
        if person is None:
            raise UserNotFound(f"Expected account {user_id!r}, but found none.", user_id=user_id)
        return actor_of(person, directory, self.catalogue, tenant_id)

    def forget_old(self) -> None:
        """Delete sessions and attempts that nobody needs any more; once a day is enough."""
        now = self._wall_clock.now()
        with write_transaction(self._database) as connection:
            sessions.forget_old(connection, self.rules.tenant_id, now)
            attempts.forget_old(connection, self.rules.tenant_id, now)

    def _visitor(self, connection: Connection, user_id: str, revision: str, csrf_token: str | None) -> Visitor | None:
        tenant_id, today = self.rules.tenant_id, day_of(self._clock.now())
        directory = self._directories.at_revision(connection, tenant_id, today, revision)
        person = directory.people.get(user_id)
        if person is None:
            return None
        actor = actor_of(person, directory, self.catalogue, tenant_id)
        return Visitor(actor=actor, person=person, csrf_token=csrf_token)

    def _check(self, account: str, password: str, address: str) -> str:
        """The login key when account and password fit; every try is counted."""
        user_id = account.strip().casefold()
        attempt = self._attempt(user_id, address, self._wall_clock.now())
        with write_transaction(self._database) as connection:
            attempts.write_down(connection, attempt)
        with write_transaction(self._database) as connection:
            refusal = attempts.refuse_too_many(connection, attempt, self.rules.limits)
            stored = accounts.password_hash_of(connection, self.rules.tenant_id, user_id)
        if refusal is not None:
            raise refusal
        # slow on purpose, so it happens while no transaction is open
        fits = self._passwords.fits(stored, password)
        fresh = self._passwords.hash(password) if fits and self._passwords.is_outdated(stored or "") else None
        with write_transaction(self._database) as connection:
            attempts.close(connection, attempt, attempts.SUCCEEDED if fits else attempts.FAILED)
            if fresh:
                accounts.set_password_hash(connection, self.rules.tenant_id, user_id, fresh)
        if not fits:
            raise SignInFailed("Expected an account and its password, but found another pair.")
        return user_id

    def _attempt(self, user_id: str, address: str, now: datetime) -> attempts.Attempt:
        return attempts.Attempt(
            tenant_id=self.rules.tenant_id,
            id=self._ids.make(now),
            account_digest=attempts.account_digest(self.rules.secret, user_id),
            address=attempts.network_of(address),
            at=now,
        )
