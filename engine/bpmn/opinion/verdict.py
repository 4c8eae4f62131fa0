"""Whether two engines showed the same."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.bpmn.opinion.cases import Showing


class Outcome(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """About one case."""

    case: str
    outcome: Outcome
    #: The first difference, or why nothing could be compared; "" if they agree.
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """About a process: it differs if one case does, and agrees if one does and none differs."""

    cases: tuple[CaseVerdict, ...]

    @property
    def outcome(self) -> Outcome:
        found = {each.outcome for each in self.cases}
        for outcome in (Outcome.DIFFERS, Outcome.AGREES):
            if outcome in found:
                return outcome
        return Outcome.NOT_COMPARABLE

    @property
    def differences(self) -> tuple[CaseVerdict, ...]:
        return tuple(each for each in self.cases if each.outcome is Outcome.DIFFERS)


def first_difference(ours: Showing, theirs: Showing, unsettled: Collection[str]) -> str:
    """The first thing that was seen differently, as a sentence; "" if everything agrees.

    Args:
        unsettled: variables written where branches run side by side; SpiffWorkflow merges copies of them.
    """
    for number, (mine, other) in enumerate(zip(ours.sights, theirs.sights, strict=False)):
        moment = f"after step {number}" if number else "after the start"
        if mine.state != other.state:
            return f"{moment} the instance {_state(mine.state)} here, but {_state(other.state)} in SpiffWorkflow"
        for name, here, there in (
            ("open user tasks", mine.user_tasks, other.user_tasks),
            ("open waits", mine.waits, other.waits),
        ):
            if here != there:
                return f"{moment} {name} are {list(here)} here, but {list(there)} in SpiffWorkflow"
    if len(ours.sights) != len(theirs.sights):
        return f"{len(ours.sights) - 1} steps were taken here, but {len(theirs.sights) - 1} in SpiffWorkflow"
    for name in sorted(ours.variables.keys() - set(unsettled)):
        here, there = ours.variables[name], theirs.variables.get(name, _ABSENT)
        if here != there:
            return f"at the end {name} is {here!r} here, but {there!r} in SpiffWorkflow"
    return ""


class _Absent:
    def __repr__(self) -> str:
        return "absent"


_ABSENT: Any = _Absent()


def _state(state: str) -> str:
    return {"running": "is running", "ended": "has ended", "failed": "has failed"}[state]
