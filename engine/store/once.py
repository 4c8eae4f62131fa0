"""What is asked many times within one transaction and read once: every user task that is created asks for the same.

What is kept goes with the transaction, so no other one ever sees it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection
from sqlalchemy.engine import RootTransaction

from engine.store.database import KEPT

T = TypeVar("T")

#: Of transactions that only read; one that writes has a place of its own.
_KEPT: WeakKeyDictionary[RootTransaction, dict[Hashable, Any]] = WeakKeyDictionary()


def once(connection: Connection, key: Hashable, read: Callable[[], T]) -> T:
    """What `read` gives, asked at most once in the running transaction."""
    kept = _of_transaction(connection)
    if key not in kept:
        kept[key] = read()
    return kept[key]


def keep(connection: Connection, key: Hashable, value: Any) -> None:
    """A value that came along with something else."""
    _of_transaction(connection)[key] = value


def forget(connection: Connection, key: Hashable) -> None:
    """The transaction itself has changed what was kept."""
    _of_transaction(connection).pop(key, None)


def _of_transaction(connection: Connection) -> dict[Hashable, Any]:
    kept = connection.get_execution_options().get(KEPT)
    if kept is not None:
        return kept
    transaction = connection.get_transaction()
    # before the first statement of a reader there is none, and nothing is kept
    return _KEPT.setdefault(transaction, {}) if transaction is not None else {}
