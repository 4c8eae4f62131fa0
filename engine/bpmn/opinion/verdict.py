"""Whether two engines showed the same."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from engine.bpmn.opinion.cases import Showing


class Outcome(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_COMPARABLE = "not comparable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The first thing that two engines showed differently."""

    #: How many steps of the case had been taken; 0 is right after the start.
    step: int
    #: state | user-tasks | waits | steps | variable
    subject: str
    here: str
    there: str
    #: Of the variable.
    name: str = ""
    #: The first element that only one of them shows; "" if it is not about elements.
    element_id: str = ""

    def __str__(self) -> str:
        moment = f"after step {self.step}" if self.step else "after the start"
        if self.subject == "state":
            return f"{moment} the instance {_STATES[self.here]} here, but {_STATES[self.there]} in SpiffWorkflow"
        if self.subject == "steps":
            return f"{self.here} steps were taken here, but {self.there} in SpiffWorkflow"
        if self.subject == "variable":
            return f"at the end {self.name} is {self.here} here, but {self.there} in SpiffWorkflow"
        open_ones = {"user-tasks": "open user tasks", "waits": "open waits"}[self.subject]
        return f"{moment} {open_ones} are {self.here} here, but {self.there} in SpiffWorkflow"


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """About one case."""

    case: str
    outcome: Outcome
    #: The first difference, or why nothing could be compared; "" if they agree.
    reason: str = ""
    #: Why nothing could be compared: stable, kebab-case.
    cause: str = ""
    #: Where the engines part, or what stands in the way of comparing them; "" if no element can be named.
    element_id: str = ""
    difference: Difference | None = None


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


def first_difference(ours: Showing, theirs: Showing, unsettled: Collection[str]) -> Difference | None:
    """The first thing that was seen differently; None if everything agrees.

    Args:
        unsettled: variables written where branches run side by side; SpiffWorkflow merges copies of them.
    """
    for step, (mine, other) in enumerate(zip(ours.sights, theirs.sights, strict=False)):
        if mine.state != other.state:
            return Difference(step=step, subject="state", here=mine.state, there=other.state)
        for subject, here, there in (
            ("user-tasks", mine.user_tasks, other.user_tasks),
            ("waits", mine.waits, other.waits),
        ):
            if here != there:
                return Difference(
                    step=step,
                    subject=subject,
                    here=str(list(here)),
                    there=str(list(there)),
                    element_id=_only_one_has(here, there),
                )
    taken, taken_there = len(ours.sights) - 1, len(theirs.sights) - 1
    if taken != taken_there:
        return Difference(step=min(taken, taken_there), subject="steps", here=str(taken), there=str(taken_there))
    for name in sorted(ours.variables.keys() - set(unsettled)):
        here, there = ours.variables[name], theirs.variables.get(name, _ABSENT)
        if here != there:
            return Difference(step=taken, subject="variable", here=repr(here), there=repr(there), name=name)
    return None


def _only_one_has(here: Sequence[str], there: Sequence[str]) -> str:
    """The first element that is open more often on one side."""
    return next(name for name in sorted({*here, *there}) if here.count(name) != there.count(name))


class _Absent:
    def __repr__(self) -> str:
        return "absent"


_ABSENT: Any = _Absent()
_STATES = {"running": "is running", "ended": "has ended", "failed": "has failed"}
