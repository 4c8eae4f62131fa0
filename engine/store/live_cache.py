"""States of instances that were in use lately, so that most changes need not read and decode them."""

from __future__ import annotations

import threading
from collections import OrderedDict

from engine.kernel.state import State

_Key = tuple[str, str]


class LiveCache:
    """Least recently used states by (tenant, root), each with the version it belongs to.

    A state counts only when its version equals that of the locked row; states are values, so sharing them is safe.
    """

    def __init__(self, capacity: int = 2_000) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[_Key, tuple[int, State]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, tenant_id: str, root_id: str, version: int) -> State | None:
        """The state of exactly this version, or None."""
        with self._lock:
            entry = self._entries.get((tenant_id, root_id))
            if entry is None or entry[0] != version:
                return None
            self._entries.move_to_end((tenant_id, root_id))
            return entry[1]

    def put(self, tenant_id: str, root_id: str, version: int, state: State) -> None:
        """Remember a state that has been committed."""
        with self._lock:
            self._entries[tenant_id, root_id] = (version, state)
            self._entries.move_to_end((tenant_id, root_id))
            while len(self._entries) > self._capacity:
                self._entries.popitem(last=False)

    def evict(self, tenant_id: str, root_id: str) -> None:
        """Forget a root: after any failure the rows alone are right."""
        with self._lock:
            self._entries.pop((tenant_id, root_id), None)
