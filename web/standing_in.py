"""What pages say of stand-ins 代办: who does whose work meanwhile, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flask import g

from api.house import actor, house
from api.identity.rights import Covered, covered_by, group
from web.naming import person_name
from web.parts import directory, language
from web.shown import show_day
from web.words import say


class Given(Protocol):
    """Work that was given to somebody."""

    @property
    def assignee(self) -> str | None: ...
    @property
    def candidate_groups(self) -> tuple[str, ...]: ...
    @property
    def candidate_users(self) -> tuple[str, ...]: ...


def stand_ins_at(work: Given) -> list[str]:
    """A sentence for everybody who stands in for one of those whom the work is given to, with the last day."""
    return [_sentence(each) for each in _in_force() if _is_concerned(each, work)]


def stands_in_until(user_id: str) -> str:
    """The last day on which the visitor stands in for somebody; "" when he does not."""
    mine = [each for each in _in_force() if each.absence.stand_in == actor().user_id]
    return max((show_day(each.absence.last_on) for each in mine if each.absence.user_id == user_id), default="")


def standing_in_for() -> list[str]:
    """A sentence for everybody whose work the visitor does now."""
    return [
        say(
            "您代%(name)s办理，至 %(day)s。",
            language(),
            name=person_name(each.absence.user_id),
            day=show_day(each.absence.last_on),
        )
        for each in _in_force()
        if each.absence.stand_in == actor().user_id
    ]


def _in_force() -> Sequence[Covered]:
    """Arrangements that are in force now and come to something; found once a request."""
    if "covered" not in g:
        known, catalogue = directory(), house().gate.desk.catalogue
        stand_ins = dict.fromkeys(each.stand_in for each in known.absences)
        g.covered = [covered for each in stand_ins for covered in covered_by(each, known, catalogue)]
    return g.covered


def _is_concerned(covered: Covered, work: Given) -> bool:
    away = covered.absence.user_id
    groups = {group(*post) for post in covered.posts}
    is_offered = not groups.isdisjoint(work.candidate_groups)
    by_name = is_offered or covered.absence.post is None
    if work.assignee is not None:
        return work.assignee == away and by_name
    return is_offered or (away in work.candidate_users and by_name)


def _sentence(covered: Covered) -> str:
    return say(
        "%(absent)s不在岗，由%(name)s代办至 %(day)s",
        language(),
        absent=person_name(covered.absence.user_id),
        name=person_name(covered.absence.stand_in),
        day=show_day(covered.absence.last_on),
    )
