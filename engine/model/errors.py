"""Errors of the engine: what was expected, about which thing, and what was found.

They know no HTTP. Six middle classes say what kind of refusal it is; a table at the edge gives each a status and each
`code` its Chinese and English text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar


class EngineError(Exception):
    """A refusal with a stable code, an English sentence and the facts as fields."""

    #: Stable, kebab-case; keys the translated texts.
    code: ClassVar[str] = "engine-error"

    def __init__(self, message: str, **facts: Any) -> None:
        super().__init__(message)
        self.message = message
        #: JSON-ready values the texts are filled with.
        self.facts: dict[str, Any] = facts


class NotFound(EngineError):
    """The thing does not exist, or the actor must not learn that it does."""

    code = "not-found"


class NotPermitted(EngineError):
    """The actor may see the thing but not do this with it."""

    code = "not-permitted"


class WrongState(EngineError):
    """The thing exists but is not in the state the command expects."""

    code = "wrong-state"


class Stale(EngineError):
    """The thing changed since the actor read it."""

    code = "stale"


class ExecutionFailed(EngineError):
    """A script, service or expression of a process failed; becomes an incident."""

    code = "execution-failed"


class Fault(dict[str, Any]):
    """One fault of an input: `code`, `message`, `path` (where in the input), and facts. JSON-ready."""

    def __init__(self, code: str, message: str, path: str = "", **facts: Any) -> None:
        super().__init__(code=code, message=message, path=path, **facts)


class Invalid(EngineError):
    """An input is unsound. Holds all faults at once, never only the first."""

    code = "invalid"

    def __init__(self, message: str, faults: Sequence[Fault] = (), **facts: Any) -> None:
        super().__init__(message, **facts)
        self.faults: tuple[Fault, ...] = tuple(faults)


class UserTaskAlreadyCompleted(WrongState):
    """Somebody was faster."""

    code = "user-task-already-completed"


class NotTheAssignee(NotPermitted):
    """Another person has claimed the user task."""

    code = "not-the-assignee"


class NotACandidate(NotPermitted):
    """The actor is neither assignee nor in a candidate group of the user task."""

    code = "not-a-candidate"


class FourEyesViolated(NotPermitted):
    """The person who filed a document may not review it (PROCESSES 0.3)."""

    code = "four-eyes"
