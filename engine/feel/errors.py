"""What FEEL refuses: text that is not FEEL, work beyond the budget, and things an expression cannot be given."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.errors import ExecutionFailed, Invalid


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a source text. Lines and columns count from 1, the offset from 0; all count characters."""

    line: int
    column: int
    offset: int

    @classmethod
    def of(cls, source: str, offset: int) -> Position:
        """The place of an offset; beyond the end means the end."""
        before = source[:offset]
        return cls(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1, len(before))

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


class FeelSyntaxError(Invalid):
    """The text is not a FEEL expression. Facts: line, column, offset, expected, found."""

    code = "feel-syntax"

    def __init__(self, source: str, offset: int, *, expected: str, found: str) -> None:
        self.position = Position.of(source, offset)
        self.expected = expected
        self.found = found
        super().__init__(
            f"Expected {expected}, but found {found} at {self.position}.",
            line=self.position.line,
            column=self.position.column,
            offset=self.position.offset,
            expected=expected,
            found=found,
        )


class FeelBudgetExceeded(ExecutionFailed):
    """An expression asks for more work or room than its budget allows. Facts: limit (name), allowed (number)."""

    code = "feel-budget"

    def __init__(self, limit: str, allowed: int, unit: str) -> None:
        self.limit = limit
        self.allowed = allowed
        super().__init__(
            f"Expected an expression within its budget of {allowed} {unit}, but it needs more ({limit}).",
            limit=limit,
            allowed=allowed,
        )


class FeelEvaluationError(ExecutionFailed):
    """Something around the expression is missing: an instant for `now()`, a port, a value FEEL can read."""

    code = "feel-evaluation"


class NullResult(Exception):
    """Raised by a built-in function whose result is null; carries the reason. Never leaves this package."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
