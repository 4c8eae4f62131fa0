"""Ask colleagues for an opinion on a user task 加签 (PROCESSES 0.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.commands.collaborators import Collaborators
from engine.commands.decision import Decision
from engine.commands.opinion_subject import OpinionSubject
from engine.model.actor import Actor
from engine.model.calendar import local_day
from engine.model.deeds import Deed, MessageReceived, OpinionAsked
from engine.model.opinion import ASKS, OpinionInvalid, case_key, faults_of, must_take_opinions, named
from engine.model.user_task import UserTask


@dataclass(frozen=True, kw_only=True)
class RequestOpinion:
    """Whoever has a user task says: before I go on, I want to hear what these think of it."""

    actor: Actor
    user_task_id: str
    #: Login keys.
    of: tuple[str, ...]
    question: str
    #: The last day to answer; None = as the process says.
    until: date | None = None


def request_opinion(subject: OpinionSubject, command: RequestOpinion, collaborators: Collaborators) -> Decision:
    """Note who is asked, and send each a message that begins the process in which he answers; the work goes on.

    Raises:
        NotTheAssignee, NotACandidate: it is not the actor's to do.
        BlindForOpinions, NoOpinionsHere: nobody is asked there.
        OpinionInvalid: the people, the question or the day will not do; holds every fault.
    """
    user_task = subject.must_be_workable(command.actor, "ask for opinions on")
    user_task.must_be_for(command.actor, "ask for opinions on")
    must_take_opinions(user_task, somebody_asks=subject.asking.somebody_asks)
    of, question = named(command.of), command.question.replace("\r\n", "\n").strip()
    now = collaborators.clock.now()
    # a stand-in asks for two: neither answers what he has asked
    askers = {command.actor.user_id, user_task.on_behalf_of(command.actor)}
    faults = faults_of(askers, of, question, command.until, local_day(now), subject.asking)
    if faults:
        message = f"Expected people to ask and a question, but found {len(faults)} faults."
        raise OpinionInvalid(message, faults, count=len(faults))
    deeds: list[Deed] = []
    for each in of:
        asked = OpinionAsked(
            user_task=user_task,
            opinion_id=collaborators.ids.make(now),
            of=each,
            question=question,
            until=command.until,
        )
        deeds.extend((asked, _message(asked, command.actor)))
    return Decision(deeds=tuple(deeds))


def _message(asked: OpinionAsked, actor: Actor) -> MessageReceived:
    user_task = asked.user_task
    return MessageReceived(
        message_id=f"{ASKS}:{asked.opinion_id}",
        name=ASKS,
        correlation_key=asked.opinion_id,
        variables={
            "business_key": case_key(user_task, asked.opinion_id),
            "unit_code": user_task.unit_code,
            "asked": _as_it_stands(user_task, actor, asked),
        },
    )


def _as_it_stands(user_task: UserTask, actor: Actor, asked: OpinionAsked) -> Mapping[str, Any]:
    return {
        "opinion_id": asked.opinion_id,
        "user_task_id": user_task.id,
        "element_id": user_task.element_id,
        "name": user_task.name,
        "process": user_task.definition_key,
        "business_key": user_task.business_key,
        "asked_by": actor.user_id,
        "asked_for": user_task.on_behalf_of(actor),
        "of": asked.of,
        "question": asked.question,
        "until": asked.until,
    }
