"""Compiled versions: graphs and decisions, each compiled once per process and shared by all instances."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection

from engine.bpmn import read_process_file
from engine.dmn import Decision, nested_context, read_decisions
from engine.feel import FeelFunction
from engine.kernel.environment import DecisionAnswer
from engine.kernel.graph import Call, Graph
from engine.model.calendar import SHANGHAI, local_day
from engine.model.errors import EngineError, ExecutionFailed
from engine.store import definitions as stored
from engine.store.definitions import DECISION, PROCESS, DefinitionVersion
from engine.store.settings_rows import Setting, in_force, rows_read, rules_revision

T = TypeVar("T")

#: Settings that decision tables read as `rule.<table>.<name>`.
THRESHOLDS = "rule."
#: Days whose thresholds are kept at hand.
CONFIGURED_DAYS = 8


class UnknownDecision(ExecutionFailed):
    """A diagram asks for a decision that is not deployed."""

    code = "unknown-decision"


@dataclass(frozen=True, slots=True)
class Configured:
    """The thresholds that hold on a day."""

    #: As decisions read them: {"rule": {"R00": {"annual_amount": 500, …}}}.
    context: Mapping[str, Any]
    #: Key → row.
    rows: Mapping[str, Setting]
    #: Of all settings; another one after every change.
    revision: str
    _read: dict[tuple[str, ...], Mapping[str, Any]] = field(default_factory=dict[tuple[str, ...], "Mapping[str, Any]"])

    def read_by(self, paths: tuple[str, ...]) -> Mapping[str, Any]:
        """What is frozen with a decision that read these paths: looked for once, for a decision reads the same ones."""
        found = self._read.get(paths)
        if found is None:
            found = self._read[paths] = rows_read(self.rows, paths)
        return found


_NOTHING = Configured({}, {}, "")


class _Shelf(Generic[T]):
    """Least recently used compiled things by (tenant, ref)."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[tuple[str, str], T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str], make: Callable[[], T]) -> T:
        with self._lock:
            if key in self._entries:
                self._entries.move_to_end(key)
                return self._entries[key]
        made = make()
        with self._lock:
            self._entries[key] = made
            while len(self._entries) > self._capacity:
                self._entries.popitem(last=False)
        return made


class Definitions:
    """All compiled versions of one running engine."""

    def __init__(
        self,
        functions: Mapping[str, FeelFunction],
        connect: Callable[[], AbstractContextManager[Connection]],
        capacity: int = 500,
    ) -> None:
        self._functions = functions
        self._connect = connect
        self._graphs: _Shelf[Graph] = _Shelf(capacity)
        self._decisions: _Shelf[Decision] = _Shelf(capacity)
        #: By "caller kind key": what the binding "deployment" finds is settled when the caller is deployed.
        self._bound: _Shelf[DefinitionVersion | None] = _Shelf(capacity)
        self._configured: _Shelf[Configured] = _Shelf(CONFIGURED_DAYS)

    def within(self, connection: Connection, tenant_id: str, now: datetime | None = None) -> DefinitionsAtHand:
        """Definitions as one transaction sees them; without `now` nothing can be decided."""
        return DefinitionsAtHand(self, connection, tenant_id, now)

    def configured(self, connection: Connection, tenant_id: str, on: date) -> Configured:
        """The thresholds that hold on a day."""
        revision = rules_revision(connection, tenant_id)

        def read() -> Configured:
            rows = in_force(connection, tenant_id, THRESHOLDS, on)
            return Configured(nested_context({key: row.value for key, row in rows.items()}), rows, revision)

        return self._configured.get((tenant_id, f"{revision}:{on}"), read)

    def graph(self, connection: Connection, tenant_id: str, ref: str) -> Graph:
        """The graph of a version "key:version"."""
        return self._graphs.get((tenant_id, ref), lambda: self._compile_graph(connection, tenant_id, ref))

    def graph_at_hand(self, tenant_id: str, ref: str) -> Graph:
        """The graph of a version; a connection is asked for only where it is not compiled yet.

        Raises:
            ExecutionFailed: there is no such version.
            RefusedDiagram: it was deployed before the engine learned to refuse it.
        """

        def compile_it() -> Graph:
            with self._connect() as connection:
                return self._compile_graph(connection, tenant_id, ref)

        return self._graphs.get((tenant_id, ref), compile_it)

    def decision(self, connection: Connection, tenant_id: str, version: DefinitionVersion) -> Decision:
        """A compiled decision."""
        return self._decisions.get(
            (tenant_id, version.ref), lambda: self._compile_decision(connection, tenant_id, version)
        )

    def bound_to_deployment(
        self, connection: Connection, tenant_id: str, kind: str, key: str, caller_ref: str
    ) -> DefinitionVersion | None:
        """The version of a process or decision that was the newest when the caller was deployed."""
        return self._bound.get(
            (tenant_id, f"{caller_ref} {kind} {key}"),
            lambda: _newest_for(connection, tenant_id, kind, key, caller_ref),
        )

    def _compile_graph(self, connection: Connection, tenant_id: str, ref: str) -> Graph:
        version = stored.by_ref(connection, tenant_id, PROCESS, ref)
        if version is None:
            raise ExecutionFailed(f"Expected the deployed process {ref!r}, but found none.", definition_ref=ref)
        content = stored.read_content(connection, tenant_id, version.resource_id)
        result = read_process_file(content, ref_of=lambda key: f"{key}:{version.version}", functions=self._functions)
        result.report.raise_if_refused(ref)
        return next(graph for graph in result.graphs if graph.key == version.key)

    def _compile_decision(self, connection: Connection, tenant_id: str, version: DefinitionVersion) -> Decision:
        content = stored.read_content(connection, tenant_id, version.resource_id)
        return read_decisions(content, functions=self._functions).decisions[version.key]


def _newest_for(
    connection: Connection, tenant_id: str, kind: str, key: str, caller_ref: str
) -> DefinitionVersion | None:
    own = stored.by_ref(connection, tenant_id, PROCESS, caller_ref)
    if own is None:
        return stored.latest(connection, tenant_id, kind, key)
    return stored.of_deployment(connection, tenant_id, kind, key, own.deployment_id)


class DefinitionsAtHand:
    """Definitions within one transaction: the kernel's graphs port and decision port."""

    def __init__(self, definitions: Definitions, connection: Connection, tenant_id: str, now: datetime | None) -> None:
        self._definitions = definitions
        self._connection = connection
        self._tenant_id = tenant_id
        self._now = now

    def by_ref(self, ref: str) -> Graph:
        """The graph an instance runs on."""
        return self._definitions.graph(self._connection, self._tenant_id, ref)

    def called(self, caller: Graph, call: Call, key: str) -> Graph | None:
        """The graph a call activity starts, by its binding; None if there is no such version."""
        bound_to = caller.ref if call.binding == "deployment" else call.version
        version = self._bound_version(PROCESS, key, call.binding, bound_to)
        return self.by_ref(version.ref) if version is not None else None

    def latest_process(self, key: str) -> DefinitionVersion | None:
        """The newest version of a process."""
        return stored.latest(self._connection, self._tenant_id, PROCESS, key)

    def decide(self, key: str, binding: str, version: str | None, context: Mapping[str, Any]) -> DecisionAnswer:
        """Evaluate a decision; for the binding "deployment" `version` is the "key:version" of the process that asks.

        Raises:
            UnknownDecision: no such version is deployed.
            ExecutionFailed: the decision could not answer.
        """
        return self._answer(self._version(key, binding, version), context)

    def decide_given(self, key: str, version: int | None, given: Mapping[str, Any]) -> DecisionAnswer:
        """Evaluate a decision for what came as JSON: dates are text there. The latest version, or the one named.

        Raises:
            UnknownDecision, ExecutionFailed: as `decide`.
        """
        found = self._version(key, "latest" if version is None else "version", str(version))
        decision = self._definitions.decision(self._connection, self._tenant_id, found)
        return self._answer(found, decision.read_given(given))

    def _version(self, key: str, binding: str, version: str | None) -> DefinitionVersion:
        found = self._bound_version(DECISION, key, binding, version)
        if found is None:
            raise UnknownDecision(f"Expected a deployed decision {key!r}, but found none.", decision=key)
        return found

    def _answer(self, version: DefinitionVersion, context: Mapping[str, Any]) -> DecisionAnswer:
        """The answer of a version; its explanation freezes the thresholds it read, with basis and validity."""
        configured = self._configured()
        decision = self._definitions.decision(self._connection, self._tenant_id, version)
        try:
            answer = decision.evaluate(
                {**configured.context, **context}, now=self._now.astimezone(SHANGHAI) if self._now else None
            )
        except ExecutionFailed:
            raise
        except EngineError as error:
            raise ExecutionFailed(error.message, **error.facts) from error
        # what the caller brought is no threshold of ours
        read = tuple(path for path in answer.values_read if path.partition(".")[0] not in context)
        frozen = {"settings": configured.read_by(read), "settings_revision": configured.revision}
        return DecisionAnswer(answer.value, version.ref, {**answer.explanation, **frozen})

    def _configured(self) -> Configured:
        if self._now is None:
            return _NOTHING
        return self._definitions.configured(self._connection, self._tenant_id, local_day(self._now))

    def _bound_version(self, kind: str, key: str, binding: str, version: str | None) -> DefinitionVersion | None:
        place = (self._connection, self._tenant_id, kind, key)
        if binding == "version" and version is not None:
            return stored.of_version(*place, int(version)) if version.isdecimal() else None
        if binding == "versionTag" and version is not None:
            return stored.of_tag(*place, version)
        if binding == "deployment" and version is not None:
            return self._definitions.bound_to_deployment(*place, version)
        return stored.latest(*place)
