"""What somebody has filled in to arrange a stand-in, as the page draws it: values, and faults at their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from api.identity.absence_rules import Wanted
from api.texts import say
from engine.model.errors import Fault
from web.naming import person_name
from web.parts import language

#: Fields of the form in their order.
FIELDS = ("post", "first_on", "last_on", "stand_in", "reason")


@dataclass(frozen=True)
class Asked:
    """A form to arrange a stand-in, empty or filled in."""

    user_id: str
    #: "role@unit"; "" = all posts.
    post: str = ""
    first_on: str = ""
    last_on: str = ""
    stand_in: str = ""
    reason: str = ""
    #: Field -> what is wrong with it.
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict[str, "Sequence[str]"])

    @property
    def is_begun(self) -> bool:
        """Whether anything stands in it."""
        return self != Asked(self.user_id)

    @property
    def wanted(self) -> Wanted:
        """What is asked of the desk; a day that is none is missing."""
        role, _, unit_code = self.post.partition("@")
        return Wanted(
            user_id=self.user_id,
            post=(role, unit_code) if self.post else None,
            first_on=_day(self.first_on),
            last_on=_day(self.last_on),
            stand_in=self.stand_in,
            reason=self.reason,
        )


def read_asked(sent: MultiDict[str, str], user_id: str) -> Asked:
    """What a browser sends; line ends as everywhere, and without what no database can hold."""
    def text(name: str) -> str:
        return sent.get(name, "").replace("\r\n", "\n").replace("\0", "").strip()

    return Asked(user_id, text("post"), text("first_on"), text("last_on"), text("stand_in"), text("reason"))


def faults_by_field(faults: Sequence[Fault]) -> dict[str, list[str]]:
    """Each fault in the visitor's language, under the field that it is about."""
    found: dict[str, list[str]] = {}
    for name in FIELDS:
        texts = [_text(fault) for fault in faults if fault["path"] == name]
        if texts:
            found[name] = texts
    return found


def _text(fault: Fault) -> str:
    facts = {**fault, "user_id": person_name(fault["user_id"])} if "user_id" in fault else fault
    return say([fault["code"]], language(), facts) or fault["message"]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-09-15") else None
    except ValueError:
        return None
