"""What somebody has filled in to open a campaign, as the page draws it: values, and faults at their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from api.texts import say
from engine.model.errors import Fault
from processes.budget_performance.ledger.campaigns import ROUND, Opening
from web.parts import language

#: Fields of the form in their order.
FIELDS = ("kind", "fiscal_year", "month", "departments", "notice")


@dataclass(frozen=True)
class Asked:
    """A form to open a campaign, empty or filled in."""

    kind: str = ""
    fiscal_year: str = ""
    #: Chosen, whether the kind has rounds or not.
    month: str = ""
    departments: tuple[str, ...] = ()
    notice: str = ""
    #: Field -> what is wrong with it.
    faults: Mapping[str, Sequence[str]] = field(default_factory=dict[str, "Sequence[str]"])

    @property
    def is_begun(self) -> bool:
        """Whether anything stands in it."""
        return self != Asked()

    @property
    def opening(self) -> Opening:
        """What is asked of the door; a year that is no number is one without objects."""
        return Opening(
            kind=self.kind,
            fiscal_year=int(self.fiscal_year) if self.fiscal_year.isdecimal() and len(self.fiscal_year) == 4 else 0,
            # the field stands there for every kind, and is hidden where the kind has no rounds
            month=self.month if self.kind == ROUND else "",
            departments=self.departments,
            notice=self.notice,
        )


def read_asked(sent: MultiDict[str, str]) -> Asked:
    """What a browser sends; line ends as everywhere, and without what no database can hold."""
    return Asked(
        kind=sent.get("kind", ""),
        fiscal_year=sent.get("fiscal_year", ""),
        month=sent.get("month", ""),
        departments=tuple(sorted(set(sent.getlist("departments")))),
        notice=sent.get("notice", "").replace("\r\n", "\n").replace("\0", "").strip(),
    )


def faults_by_field(faults: Sequence[Fault]) -> dict[str, list[str]]:
    """Each fault in the visitor's language, under the field that it is about."""
    found: dict[str, list[str]] = {}
    for name in FIELDS:
        texts = [
            say([fault["code"]], language(), fault) or fault["message"]
            for fault in faults
            if fault["path"].partition("/")[0] == name
        ]
        if texts:
            found[name] = texts
    return found
