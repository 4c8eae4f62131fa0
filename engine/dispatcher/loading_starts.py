"""What is read for what begins, and for what the clock brings: instances, deployments, timers, rungs."""

from __future__ import annotations

from typing import Any

from engine.commands.deploy_subject import DeploySubject, LatestVersion
from engine.commands.start_events import business_key_of_start
from engine.commands.subjects import StartSubject, StartTimerSubject, TimerSubject
from engine.dispatcher.reading import Loaded, Reading
from engine.store import definitions as stored_definitions
from engine.store import due, messages, reader
from engine.store.ladder_rows import rungs_of


def start_timer(reading: Reading, command: Any) -> Loaded:
    """A timer start event and who runs under its business key."""
    connection, tenant_id = reading.connection, reading.tenant_id
    row = due.lock_timer(connection, tenant_id, command.definition_key, 0, command.element_id)
    if row is None:
        return Loaded(subject=StartTimerSubject(due_at=None, deadlines=reading.deadlines))
    definition_ref = str(row.payload["definition_ref"])
    graph = reading.definitions.by_ref(definition_ref)
    business_key = business_key_of_start(graph, command.element_id, row.due_at, reading.functions)
    running = reader.read_active_root_id(connection, tenant_id, command.definition_key, business_key)
    subject = StartTimerSubject(
        due_at=row.due_at,
        deadlines=reading.deadlines,
        definition_ref=definition_ref,
        payload=row.payload,
        business_key=business_key,
        running_root_id=running if business_key else None,
    )
    return Loaded(subject=subject)


def new_instance(reading: Reading, command: Any) -> Loaded:
    """The version to start, and who runs under the business key."""
    given = reading.given()
    key = command.process_definition_key
    version = reading.definitions.latest_process(key) if given is None else None
    running: str | None = None
    if version is not None and command.business_key:
        running = reader.read_active_root_id(reading.connection, reading.tenant_id, key, command.business_key)
    if version is None:
        return Loaded(subject=StartSubject(definition_ref=None, running_root_id=None), given=given)
    starters = reading.definitions.by_ref(version.ref).starters
    subject = StartSubject(definition_ref=version.ref, running_root_id=running, starters=starters)
    return Loaded(subject=subject, given=given)


def deployment(reading: Reading, command: Any) -> Loaded:
    """What is deployed already, and what the examination has found."""
    latest = {
        (version.kind, version.key): LatestVersion(version=version.version, sha256=version.sha256)
        for version in stored_definitions.all_latest(reading.connection, reading.tenant_id)
    }
    subject = DeploySubject(latest=latest, deadlines=reading.deadlines, examination=reading.prepared)
    return Loaded(subject=subject, given=reading.given())


def timer(reading: Reading, command: Any) -> Loaded:
    """A due row within its root: a timer event or a rung."""
    connection, tenant_id = reading.connection, reading.tenant_id
    root = reader.lock_root(connection, tenant_id, command.root_id)
    row = root and due.read_timer(connection, tenant_id, command.root_id, command.number, getattr(command, "key", ""))
    if not root or not row:
        # fired, withdrawn, or its instance has ended meanwhile
        return Loaded(subject=TimerSubject(due_at=None, suspended=False))
    waits, user_task, told_before = False, None, False
    if row.user_task_id is not None:
        user_task = reader.read_user_task(connection, tenant_id, row.user_task_id)
        message = row.payload.get("message")
        if user_task is not None and message:
            told_before = messages.has_message(connection, tenant_id, user_task.id_of_lateness(message))
    elif not root.suspended:
        part = reading.state_of(root).parts.get(row.part)
        waits = part is not None and command.number in part.waits
    subject = TimerSubject(
        due_at=row.due_at,
        suspended=root.suspended,
        part=row.part,
        element_id=row.element_id,
        waits=waits,
        user_task=user_task,
        rungs=rungs_of(row.key, row.due_at, row.payload) if user_task is not None else (),
        told_before=told_before,
    )
    return Loaded(subject=subject, root=root)
