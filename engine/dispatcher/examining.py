"""Looks at a deployment before the write transaction begins: reading and trying out files takes its time."""

from __future__ import annotations

from collections.abc import Iterable

from engine.bpmn import thrown_messages
from engine.commands import Collaborators, DeployDefinitions
from engine.commands.examination import Deployed, Examination, examine
from engine.commands.subjects import must_have
from engine.dispatcher.definitions import Definitions, DefinitionsAtHand
from engine.kernel.graph import Graph
from engine.model.errors import EngineError
from engine.store import definitions as stored
from engine.store import settings_rows
from engine.store import unit_of_work as store
from engine.store.reader import read_answer

#: Settings that user tasks are due by.
DEADLINES = "due."
#: Settings that remind of user tasks.
LADDERS = "ladder."


def examine_files(
    database: store.Database,
    definitions: Definitions,
    collaborators: Collaborators,
    command: DeployDefinitions,
    key: str | None,
) -> Examination | None:
    """The examination of the files; None where the request was answered before.

    Raises:
        NotPermitted: the actor may not deploy.
        RefusedDeployment: holds every fault of every file.
    """
    actor = command.actor
    must_have(actor, "deploy", "deploy definitions")
    with store.read_transaction(database) as connection:
        if key is not None and read_answer(connection, actor.tenant_id, actor.user_id, key) is not None:
            return None
        deployed = _deployed(connection, actor.tenant_id, definitions.within(connection, actor.tenant_id))
    return examine(command.files, deployed, collaborators.means)


def _deployed(connection: store.Connection, tenant_id: str, definitions: DefinitionsAtHand) -> Deployed:
    latest = stored.all_latest(connection, tenant_id)
    refs = [version.ref for version in latest if version.kind == stored.PROCESS]
    return Deployed(
        sha256={(version.kind, version.key): version.sha256 for version in latest},
        thrown_messages=thrown_messages(_readable(definitions, refs)),
        deadlines=_keys_under(connection, tenant_id, DEADLINES),
        ladders=frozenset(key.removeprefix(LADDERS) for key in _keys_under(connection, tenant_id, LADDERS)),
    )


def _keys_under(connection: store.Connection, tenant_id: str, prefix: str) -> frozenset[str]:
    return frozenset(row.key for row in settings_rows.settings_under(connection, tenant_id, prefix))


def _readable(definitions: DefinitionsAtHand, refs: Iterable[str]) -> Iterable[Graph]:
    """Graphs of deployed processes; one that this release reads no longer is nobody's fault here."""
    for ref in refs:
        try:
            yield definitions.by_ref(ref)
        except EngineError:
            continue
