"""How long a list is, told without walking through all of it: exact while it is short, "at least" beyond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, true

#: Counts stop here: "1000+" tells as much.
COUNTED = 1_000
#: A narrowed list is looked through so far: what is chosen may be rare, and the list long.
LOOKED_THROUGH = 5_000


@dataclass(frozen=True, slots=True)
class Total:
    """How many there are."""

    count: int
    #: There may be more; `count` were met before the counting stopped.
    is_more: bool

    def at_least(self, known: int) -> Total:
        """The same beside a page that shows more than was met."""
        return self if self.count >= known else Total(known, is_more=True)


def total_of(
    connection: Connection,
    whole: Select[*tuple[Any, ...]],
    wanted: Sequence[ColumnElement[bool]] = (),
    *,
    counted: int = COUNTED,
    looked_through: int = LOOKED_THROUGH,
) -> Total:
    """How many rows a list has.

    Args:
        whole: the rows in the order of an index, without limit.
        wanted: what narrows them; the columns are those of the tables of `whole`.
    """
    reach = looked_through if wanted else counted
    # one beyond, to know whether there are more
    fits = and_(true(), *wanted).label("fits")
    met = whole.with_only_columns(fits, maintain_column_froms=True).limit(reach + 1).subquery()
    seen, fitting = connection.execute(select(func.count(), func.count().filter(met.c.fits)).select_from(met)).one()
    count = min(fitting, counted)
    return Total(count, is_more=seen > reach or fitting > count)
