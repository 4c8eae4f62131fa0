"""What is really sent to the database: every statement and every commit, told by the driver's events."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event


@dataclass(slots=True)
class Sent:
    """What was sent while somebody watched; begin and commit are no statements."""

    #: (text, parameters); of a batch the parameters are a list of rows.
    statements: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    commits: int = 0
    #: How many statements had been sent at each commit.
    sent_at_commit: list[int] = field(default_factory=list[int])


@contextlib.contextmanager
def watching(database: Engine) -> Iterator[Sent]:
    """Everything a database is sent within a `with` block."""
    sent = Sent()

    def statement(_connection: Any, _cursor: Any, text: str, parameters: Any, _context: Any, _many: bool) -> None:
        sent.statements.append((text, parameters))

    def commit(_connection: Any) -> None:
        sent.commits += 1
        sent.sent_at_commit.append(len(sent.statements))

    event.listen(database, "before_cursor_execute", statement)
    event.listen(database, "commit", commit)
    try:
        yield sent
    finally:
        event.remove(database, "before_cursor_execute", statement)
        event.remove(database, "commit", commit)
