"""Add sign 加签: whoever has a user task asks colleagues for an opinion; whose it is does not change (PROCESSES 0.3).

    ask ──► message `task.opinion`, one a person ──► a process asks him ──► message `task.opinion_given` ──► noted here
                                                                                 given, or lapsed

The work goes on meanwhile: it is due when it was, and may be completed without waiting. What each is asked within which
time is drawn; who may be asked, by whom and how many at once is kept here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from engine.model.errors import Fault, Invalid, WrongState
from engine.model.user_task import BLIND, UserTask
from engine.model.value import value

#: Message that begins the process in which one person is asked.
ASKS = "task.opinion"
#: Message by which that process answers; its correlation key is the id of the opinion.
ANSWERS = "task.opinion_given"
#: Property of a user task: "none" = nobody is asked for an opinion there.
PROPERTY = "addSign"
#: Open at one user task at the same time. More would be a circular, not an opinion: whoever has the work has to read
#: and weigh each before the work is due.
AT_ONCE = 10
SHORTEST_QUESTION = 5
LONGEST_QUESTION = 1000
#: An opinion that may wait longer than this is none that the work needs.
LONGEST_WAIT = timedelta(days=30)


class NoOpinionsHere(WrongState):
    """The step asks nobody for an opinion, or no process does."""

    code = "no-opinions-here"


class BlindForOpinions(WrongState):
    """The step is done apart: nobody else has a say in it."""

    code = "blind-for-opinions"


class OpinionInvalid(Invalid):
    """The people, the question or the day will not do."""

    code = "opinion-invalid"


@value(kw_only=True)
class Opinion:
    """What one person was asked at a user task, and what came of it."""

    id: str
    user_task_id: str
    asked_by: str
    #: Aware, UTC.
    asked_at: datetime
    #: Who is asked.
    of: str
    question: str
    #: The last day to answer; None = as the process says.
    until: date | None
    #: lapsed = nobody answered in time.
    state: Literal["asked", "given", "lapsed"] = "asked"
    #: Aware, UTC.
    answered_at: datetime | None = None
    #: Who has given it; somebody else than was asked where that one has a stand-in.
    given_by: str | None = None
    opinion: str = ""


@value(kw_only=True)
class Asking:
    """What there is to know before somebody is asked."""

    #: What was asked at the user task, oldest first.
    asked: Sequence[Opinion]
    #: Of the people named: who has an open account and a business role.
    askable: Collection[str]
    #: Whether a process asks.
    somebody_asks: bool

    @property
    def waiting(self) -> Sequence[Opinion]:
        return [each for each in self.asked if each.state == "asked"]


def takes_opinions(user_task: UserTask) -> bool:
    """Whether the diagram lets others be asked there."""
    return user_task.properties.get(PROPERTY) != "none" and BLIND not in user_task.properties


def must_take_opinions(user_task: UserTask, *, somebody_asks: bool) -> None:
    """Raises NoOpinionsHere, BlindForOpinions."""
    facts = {"user_task_id": user_task.id, "element_id": user_task.element_id}
    if BLIND in user_task.properties:
        raise BlindForOpinions(
            f"Expected user task {user_task.element_id!r} to be one on which others have a say, but it is done apart.",
            **facts,
        )
    if not takes_opinions(user_task) or not somebody_asks:
        raise NoOpinionsHere(
            f"Expected user task {user_task.element_id!r} to be one at which others are asked, but it is not.", **facts
        )


def named(of: Iterable[str]) -> tuple[str, ...]:
    """The people named, once each, in their order."""
    return tuple(dict.fromkeys(each.strip() for each in of if each.strip()))


def case_key(user_task: UserTask, opinion_id: str) -> str:
    """Business key of the process that asks: the case and the step, and which opinion of the step it is."""
    return f"{user_task.lateness_key}#{opinion_id.rpartition('-')[2]}"


def faults_of(
    askers: Collection[str | None],
    of: Sequence[str],
    question: str,
    until: date | None,
    today: date,
    asking: Asking,
) -> tuple[Fault, ...]:
    """Everything that is wrong with what is asked, at once; nobody is named twice in `of`.

    Args:
        askers: who asks, and for whom where he stands in for somebody.
    """
    return (*_of_people(askers, of, asking), *_of_question(question), *_of_day(until, today))


def _of_people(askers: Collection[str | None], of: Sequence[str], asking: Asking) -> Iterable[Fault]:
    if not of:
        yield Fault("opinion-nobody", "Expected somebody to ask, but found nobody.", "of")
    waiting = {each.of for each in asking.waiting}
    if len(of) + len(waiting) > AT_ONCE:
        message = (
            f"Expected at most {AT_ONCE} people to be asked at a time, but found {len(of)} beside {len(waiting)} who "
            "have not answered yet."
        )
        facts = {"longest": AT_ONCE, "found": len(of), "waiting": len(waiting)}
        yield Fault("opinion-too-many", message, "of", **facts)
    for each in of:
        if each in askers:
            yield Fault("opinion-of-oneself", "Expected somebody else to be asked, but found the asker.", "of")
        elif each not in asking.askable:
            message = f"Expected {each!r} to be an open account with a business role, but it is not."
            yield Fault("opinion-person", message, "of", user_id=each)
        elif each in waiting:
            message = f"Expected {each} to have answered before being asked again, but it is not so."
            yield Fault("opinion-asked-before", message, "of", user_id=each)


def _of_question(question: str) -> Iterable[Fault]:
    if not SHORTEST_QUESTION <= len(question) <= LONGEST_QUESTION:
        message = (
            f"Expected a question of {SHORTEST_QUESTION} to {LONGEST_QUESTION} characters, but found {len(question)}."
        )
        limits = {"shortest": SHORTEST_QUESTION, "longest": LONGEST_QUESTION}
        yield Fault("opinion-question", message, "question", found=len(question), **limits)


def _of_day(until: date | None, today: date) -> Iterable[Fault]:
    latest = today + LONGEST_WAIT
    if until is not None and not today <= until <= latest:
        message = f"Expected a day from {today} to {latest}, but found {until}."
        facts = {"earliest": str(today), "latest": str(latest), "found": str(until)}
        yield Fault("opinion-day", message, "until", **facts)
