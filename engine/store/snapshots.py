"""States of root instances in rows: one packed blob a part; branches are read only when a change touches them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from engine.kernel.parts import OverlaidParts
from engine.kernel.state import Part, PartKind, State
from engine.store import codec
from engine.store.encodings import pack_part
from engine.store.instance_tables import instance_state
from engine.store.reader import LockedRoot
from engine.store.statements import Row, in_list, insert, rows, send, without_waiting


class StoredParts(Mapping[int, Part]):
    """The parts of one root as stored: those of instances at hand, branches read when asked for.

    Reads through the connection it is bound to; between transactions it is bound to none. Whoever holds the lock of the
    root may use it, nobody else.
    """

    def __init__(self, tenant_id: str, root_id: str) -> None:
        self._connection: Connection | None = None
        self._keys = (tenant_id, root_id)
        self._parts: dict[int, Part] = {}
        self._numbers: frozenset[int] | None = None

    def bind(self, connection: Connection | None) -> None:
        """Read through this connection from now on; None at the end of a transaction."""
        self._connection = connection
        self._numbers = None

    def load(self) -> None:
        """Read all parts that are instances."""
        text = (
            "SELECT part, state FROM instance_state WHERE tenant_id = ? AND root_id = ? AND is_branch = ? "
            "AND state IS NOT NULL"
        )
        for number, blob in self._rows(text, *self._keys, False):
            self._parts[number] = Part.from_plain(codec.unpack(blob))

    def absorb(self, written: Mapping[int, Part | None]) -> None:
        """What was written and committed is stored now; branches are let go, they are read again when needed."""
        for number, part in written.items():
            if part is None or part.kind is PartKind.BRANCH:
                self._parts.pop(number, None)
            else:
                self._parts[number] = part

    def __getitem__(self, number: int) -> Part:
        part = self._parts.get(number)
        if part is None:
            part = self._parts[number] = self._read(number)
        return part

    def __contains__(self, number: object) -> bool:
        return number in self._parts or number in self._all_numbers()

    def __iter__(self) -> Iterator[int]:
        return iter(sorted(self._all_numbers()))

    def __len__(self) -> int:
        return len(self._all_numbers())

    def __bool__(self) -> bool:
        return bool(self._parts)

    def _read(self, number: int) -> Part:
        text = "SELECT state FROM instance_state WHERE tenant_id = ? AND root_id = ? AND part = ?"
        found = self._rows(text, *self._keys, number)
        if not found or found[0][0] is None:
            raise KeyError(number)
        return Part.from_plain(codec.unpack(found[0][0]))

    def _all_numbers(self) -> frozenset[int]:
        if self._numbers is None:
            text = "SELECT part FROM instance_state WHERE tenant_id = ? AND root_id = ? AND state IS NOT NULL"
            self._numbers = frozenset(row[0] for row in self._rows(text, *self._keys))
        return self._numbers

    def _rows(self, text: str, *parameters: Any) -> Sequence[Sequence[Any]]:
        assert self._connection is not None, "parts are read within a transaction"
        return rows(self._connection, text, parameters)


def read_state(connection: Connection, tenant_id: str, root: LockedRoot) -> State:
    """The state of a locked root instance, bound to the connection."""
    parts = StoredParts(tenant_id, root.root_id)
    parts.bind(connection)
    parts.load()
    return State(parts=parts, next_number=root.next_number)


def bound(state: State, connection: Connection) -> State:
    """A state from the cache, to be used in a transaction that holds its root's lock."""
    stored = _stored(state)
    if stored is not None:
        stored.bind(connection)
    return state


def at_rest(state: State) -> State:
    """A committed state, to be kept until the next transaction."""
    stored = _stored(state)
    if stored is None:
        return state
    if type(state.parts) is OverlaidParts:
        stored.absorb(state.parts.written)
    stored.bind(None)
    return State(parts=stored, next_number=state.next_number)


def _stored(state: State) -> StoredParts | None:
    # by type: to ask an abstract class takes ten times as long, and each change asks four times
    base = state.parts.base if type(state.parts) is OverlaidParts else state.parts
    return base if type(base) is StoredParts else None


_COUNTERS = "UPDATE instance_state SET version = ?, next_number = ?, history_seq = ?, suspended = ?"
_OF_ROOT = " WHERE tenant_id = ? AND root_id = ? AND part = 0"
_UPDATE_ROOT, _UPDATE_ROOT_WITH_STATE = f"{_COUNTERS}{_OF_ROOT}", f"{_COUNTERS}, state = ?{_OF_ROOT}"
#: The root goes with its other parts where there are any; without a state of its own it keeps the one it has.
_REPLACE = (
    " ON CONFLICT (tenant_id, root_id, part) DO UPDATE SET version = excluded.version, "
    "next_number = excluded.next_number, history_seq = excluded.history_seq, suspended = excluded.suspended, "
    "state = coalesce(excluded.state, instance_state.state)"
)


def write_parts(
    connection: Connection,
    tenant_id: str,
    root: LockedRoot,
    after: State | None,
    changed: frozenset[int],
    removed: frozenset[int],
    *,
    is_new: bool,
) -> None:
    """Write the root's counters and the parts that changed; the row of an ended root stays, without a state.

    These are the first rows of a change: from here on only its commit waits.
    """
    without_waiting(connection)
    counters = (root.version, root.next_number, root.history_seq, root.suspended)
    written: list[Row] = []
    if after is not None and len(changed) > (0 in changed):
        others = sorted(changed - {0} - removed)
        written = [_row(tenant_id, root.root_id, number, after.parts[number]) for number in others]
    if is_new or (written and 0 not in removed):
        first = after.parts.get(0) if after is not None and (is_new or 0 in changed) else None
        written.insert(0, _root_row(tenant_id, root, first))
    elif after is not None and (0 in changed or 0 in removed):
        blob = pack_part(after.parts[0]) if 0 not in removed else None
        send(connection, _UPDATE_ROOT_WITH_STATE, (*counters, blob, tenant_id, root.root_id))
    else:
        send(connection, _UPDATE_ROOT, (*counters, tenant_id, root.root_id))
    insert(connection, instance_state, written, "" if is_new else _REPLACE)
    gone = sorted(removed - {0}) if removed else ()
    for start in range(0, len(gone), 256):
        wanted, parameters = in_list(gone[start : start + 256])
        text = f"DELETE FROM instance_state WHERE tenant_id = ? AND root_id = ? AND part IN {wanted}"
        send(connection, text, (tenant_id, root.root_id, *parameters))


def _row(tenant_id: str, root_id: str, number: int, part: Part) -> Row:
    return {
        "tenant_id": tenant_id,
        "root_id": root_id,
        "part": number,
        "version": 0,
        "next_number": 0,
        "history_seq": 0,
        "suspended": False,
        "unit_code": None,
        "is_branch": part.kind is PartKind.BRANCH,
        "state": pack_part(part),
    }


def _root_row(tenant_id: str, root: LockedRoot, part: Part | None) -> Row:
    return {
        "tenant_id": tenant_id,
        "root_id": root.root_id,
        "part": 0,
        "version": root.version,
        "next_number": root.next_number,
        "history_seq": root.history_seq,
        "suspended": root.suspended,
        "unit_code": root.unit_code,
        "is_branch": False,
        "state": pack_part(part) if part is not None else None,
    }
