"""The one door to change.

    command ─► prepare ─► begin ─► lock the root ─► read ─► decide ─► kernel, local services ─► write ─► commit
                            ▲                                                                     │        │
                            └──────────────── again, when another transaction was in the way ◄────┘        ▼
                                                                                            deliver messages

The commit stands here and nowhere else.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, Protocol, TypeVar

from engine.commands import Answer, Collaborators, Decision, DeliverMessage, Moved, answer_of
from engine.dispatcher.definitions import Definitions, DefinitionsAtHand
from engine.dispatcher.lazy_deadlines import LazyDeadlines
from engine.dispatcher.loading import Loaded, Reading, Restart, load
from engine.dispatcher.rules import RULES
from engine.dispatcher.running import Running
from engine.kernel.environment import Environment
from engine.kernel.state import State
from engine.model.actor import Actor, system_actor
from engine.model.deeds import Deed
from engine.model.errors import Invalid, Stale
from engine.store import unit_of_work as store

T = TypeVar("T")
#: A version that was read, or several of which any one will do.
Versions = int | frozenset[int]

_log = logging.getLogger(__name__)

#: A command that meets other transactions so often is refused with the error of the last attempt.
ATTEMPTS = 8
#: Messages delivered right after the change that sent them; the ticker takes what is beyond.
DELIVERED_AT_ONCE = 100


class Command(Protocol):
    """Anything of `engine.commands`: a frozen dataclass with an actor."""

    @property
    def actor(self) -> Actor: ...


class IdempotencyKeyReused(Invalid):
    """An Idempotency-Key came again with something else."""

    code = "idempotency-key-reused"


class _Done(NamedTuple):
    """A committed command."""

    answer: Answer
    #: Messages that may have a receiver now.
    deliverable: tuple[str, ...] = ()


class Dispatcher:
    """Takes commands, one transaction each. Thread-safe; one an engine and process."""

    def __init__(self, database: store.Database, collaborators: Collaborators, *, cache_capacity: int = 2_000) -> None:
        self._database = database
        self._collaborators = collaborators
        self._functions = collaborators.functions_by_name
        self._definitions = Definitions(self._functions, lambda: store.read_transaction(database))
        self._cache = store.LiveCache(cache_capacity)

    @property
    def database(self) -> store.Database:
        return self._database

    @property
    def definitions(self) -> Definitions:
        """Compiled versions as this engine keeps them at hand: for the names of elements, which lists show."""
        return self._definitions

    @property
    def collaborators(self) -> Collaborators:
        return self._collaborators

    def dispatch(
        self, command: Command, idempotency_key: str | None = None, *, expected_version: Versions | None = None
    ) -> Answer:
        """Do what a command asks, or refuse.

        Args:
            idempotency_key: the same key of the same actor gets the same answer for 24 hours, and no second effect.
            expected_version: what the actor has read: of the user task, else of the root instance; of several, any one
                will do (If-Match).

        Raises:
            EngineError: the refusal; nothing has changed.
        """
        prepared = self._insist(lambda: self._prepare(command, idempotency_key))
        done = self._insist(lambda: self._once(command, idempotency_key, expected_version, prepared))
        self._deliver(command.actor.tenant_id, done.deliverable)
        return done.answer

    def query(self, ask: Callable[..., T], *arguments: Any, **named: Any) -> T:
        """Run a query of `engine.queries` on a connection of its own."""
        with store.read_transaction(self._database) as connection:
            return ask(connection, *arguments, **named)

    def definitions_within(
        self, connection: store.Connection, tenant_id: str, now: datetime | None = None
    ) -> DefinitionsAtHand:
        """Compiled definitions as a transaction sees them: for pages that draw a diagram or prefill a form.

        Args:
            now: aware instant by whose thresholds decisions are made; without it none are put in.
        """
        return self._definitions.within(connection, tenant_id, now)

    def _insist(self, attempt: Callable[[], T]) -> T:
        """Try again while another transaction is in the way."""
        for _ in range(ATTEMPTS - 1):
            try:
                return attempt()
            except Exception as error:
                if not isinstance(error, Restart) and not store.is_transient(error):
                    raise
        return attempt()

    def _deliver(self, tenant_id: str, message_ids: Iterable[str]) -> None:
        """Bring messages to their receivers, each in a transaction of its own; what fails is left to the ticker."""
        waiting = deque(message_ids)
        for _ in range(DELIVERED_AT_ONCE):
            if not waiting:
                return
            command = DeliverMessage(actor=system_actor(tenant_id), message_id=waiting.popleft())
            try:
                done = self._insist(lambda: self._once(command, None, None))  # noqa: B023 - run before the next turn
            except Exception:
                # what was asked for is committed; the ticker comes back to the message
                _log.exception("message %s could not be delivered", command.message_id)
                continue
            waiting.extend(done.deliverable)

    def _prepare(self, command: Command, key: str | None) -> Any:
        """What a command needs that takes its time, before anything is locked."""
        prepare = RULES[type(command)].prepare
        return prepare(self._database, self._definitions, self._collaborators, command, key) if prepare else None

    def _once(
        self, command: Command, key: str | None, expected_version: Versions | None, prepared: Any = None
    ) -> _Done:
        collaborators = self._collaborators.at(self._collaborators.clock.now())
        with store.write_transaction(self._database) as connection:
            work = _Work(
                connection, command, key, collaborators, self._functions, self._definitions, self._cache, prepared
            )
            try:
                done = work.do(expected_version)
            except BaseException:
                work.forget()
                raise
        work.remember()
        return done


class _Work:
    """One attempt at one command, within one transaction."""

    def __init__(
        self,
        connection: store.Connection,
        command: Command,
        key: str | None,
        collaborators: Collaborators,
        functions: dict[str, Any],
        definitions: Definitions,
        cache: store.LiveCache,
        prepared: Any,
    ) -> None:
        self._connection = connection
        self._command = command
        self._key = key
        self._collaborators = collaborators
        self._now: datetime = collaborators.clock.now()
        self._tenant_id = command.actor.tenant_id
        self._frame = store.Frame(self._tenant_id, command.actor, self._now)
        self._functions = functions
        self._definitions = definitions.within(connection, self._tenant_id, self._now)
        self._cache = cache
        self._prepared = prepared
        self._deadlines = LazyDeadlines(lambda: collaborators.deadlines(connection))
        self._state: State | None = None
        self._root: store.LockedRoot | None = None
        self._after: tuple[int, State] | None = None
        #: What the decision says, until the documents among it are filed.
        self._unfiled: tuple[Deed, ...] = ()

    def do(self, expected_version: Versions | None) -> _Done:
        """Everything between begin and commit."""
        rule = RULES[type(self._command)]
        loaded = load(self._reading(), rule.about, self._command)
        self._root = loaded.root
        if loaded.given is not None:
            return _Done(answer=self._given(loaded.given))
        _must_be_current(loaded, expected_version)
        if loaded.user_task is not None and self._command.actor.stands_in:
            whom = loaded.user_task.on_behalf_of(self._command.actor)
            self._frame = replace(self._frame, on_behalf_of=whom)
        decision = rule.decide(loaded.subject, self._command, self._collaborators)
        done = self._carry_out(loaded, decision)
        if self._key is not None:
            self._keep(done.answer, self._key)
        return done

    def remember(self) -> None:
        """After the commit: the new state may serve the next change."""
        if self._after is not None and self._root is not None:
            version, state = self._after
            self._cache.put(self._tenant_id, self._root.root_id, version, store.at_rest(state))

    def forget(self) -> None:
        """After any failure only the rows are right."""
        if self._root is not None:
            self._cache.evict(self._tenant_id, self._root.root_id)

    # --- reading

    def _reading(self) -> Reading:
        return Reading(
            connection=self._connection,
            tenant_id=self._tenant_id,
            actor_id=self._command.actor.user_id,
            key=self._key,
            now=self._now,
            definitions=self._definitions,
            deadlines=self._deadlines,
            functions=self._functions,
            state_of=self._state_of,
            people=self._collaborators.people,
            prepared=self._prepared,
        )

    def _state_of(self, root: store.LockedRoot) -> State:
        """The state of the locked root: the live one if it belongs to the locked version, else from the rows."""
        if self._state is None:
            self._root = root
            live = self._cache.get(self._tenant_id, root.root_id, root.version)
            if live is not None:
                self._state = store.bound(live, self._connection)
            else:
                self._state = store.read_state(self._connection, self._tenant_id, root)
        return self._state

    # --- carrying out

    def _carry_out(self, loaded: Loaded, decision: Decision) -> _Done:
        if decision.is_empty:
            return _Done(answer=decision.answer or self._unchanged(loaded))
        if decision.new_root_id is not None:
            return self._change(store.new_root(decision.new_root_id), loaded, decision)
        if loaded.root is not None:
            return self._change(loaded.root, loaded, decision)
        deliverable = store.write_apart(self._connection, self._frame, decision.deeds, self._collaborators.ids.make)
        assert decision.answer is not None, "a decision outside of instances answers for itself"
        return _Done(answer=decision.answer, deliverable=deliverable)

    def _change(self, root: store.LockedRoot, loaded: Loaded, decision: Decision) -> _Done:
        is_new = root.version == 0
        self._root = root
        needs_kernel = bool(decision.changes)
        before = self._state_of(root) if needs_kernel and not is_new else None
        self._unfiled = decision.deeds
        running = self._running(root.root_id, before)
        running.apply(decision.changes)
        step = store.Step(
            frame=self._frame,
            root=root,
            is_new=is_new,
            before=lambda: None if is_new else self._state_of(root),
            after=running.state if needs_kernel else None,
            changed=frozenset(running.changed),
            removed=frozenset(running.removed),
            entries=(*decision.deeds, *running.events),
            user_task=loaded.user_task,
        )
        written = store.write(self._connection, step, self._writer_ports())
        self._file_documents()
        state = running.state if needs_kernel else self._cache.get(self._tenant_id, root.root_id, root.version)
        if state is not None and not written.ended:
            self._after = (written.version, state)
        answer = decision.answer or Moved(
            process_instance_id=root.root_id,
            version=written.version,
            ended=written.ended,
            opened_user_tasks=written.opened_user_tasks,
            opened_incidents=written.opened_incidents,
            user_task_id=loaded.user_task.id if loaded.user_task is not None else None,
        )
        return _Done(answer=answer, deliverable=written.deliverable)

    def _file_documents(self) -> None:
        """Once: before the first local service, which may read them, else with everything else that is written."""
        deeds, self._unfiled = self._unfiled, ()
        store.file_documents(self._connection, self._frame, deeds, self._collaborators.ids.make)

    def _running(self, root_id: str, before: State | None) -> Running:
        return Running(
            connection=self._connection,
            tenant_id=self._tenant_id,
            root_id=root_id,
            actor=self._command.actor,
            collaborators=self._collaborators,
            graphs=self._definitions,
            environment=Environment(self._now, self._definitions.decide, self._deadlines),
            before_services=self._file_documents,
            state=before,
        )

    def _writer_ports(self) -> store.WriterPorts:
        others, now = self._collaborators, self._now
        return store.WriterPorts(others.people, others.ladder, lambda: others.ids.make(now))

    def _unchanged(self, loaded: Loaded) -> Answer:
        assert loaded.root is not None, "only an instance can stay as it is"
        return Moved(
            process_instance_id=loaded.root.root_id,
            version=loaded.root.version,
            ended=False,
            user_task_id=loaded.user_task.id if loaded.user_task is not None else None,
        )

    # --- idempotency

    def _given(self, given: store.GivenAnswer) -> Answer:
        if given.fingerprint != _fingerprint(self._command):
            raise IdempotencyKeyReused(
                f"Expected idempotency key {self._key!r} to come again with the same request, but it came with another."
            )
        name, plain = store.decode(given.answer)
        return answer_of(name, plain)

    def _keep(self, answer: Answer, key: str) -> None:
        store.remember_answer(
            self._connection,
            self._frame,
            key=key,
            fingerprint=_fingerprint(self._command),
            # what is in it was decided here, or read from the rows
            answer=store.encode_text([type(answer).__name__, answer.as_plain()], checked=True),
        )


def _must_be_current(loaded: Loaded, expected_version: Versions | None) -> None:
    if expected_version is None:
        return
    expected = [expected_version] if isinstance(expected_version, int) else sorted(expected_version)
    holder = loaded.user_task or loaded.root
    if holder is not None and holder.version not in expected:
        raise Stale(
            f"Expected version {' or '.join(map(str, expected))}, but found version {holder.version}.",
            expected=expected[0] if len(expected) == 1 else expected,
            found=holder.version,
        )


def _fingerprint(command: Command) -> str:
    """Digest of what is asked, without who asks."""
    return store.digest_of((type(command).__name__, _asked_by(type(command))(command)))


@lru_cache(maxsize=64)
def _asked_by(kind: type) -> Callable[[Command], Any]:
    return attrgetter(*(each.name for each in fields(kind) if each.name != "actor"))
