"""Pages of lists: keyset paging with an opaque cursor, and instants that a database can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

from flask import Response
from pydantic import AfterValidator, AwareDatetime, Field

from api.rest.models import Closed, PageSize
from api.rest.wire import answer
from engine.queries.cursor import Page

T = TypeVar("T")


def _within_reason(instant: datetime) -> datetime:
    if not 1900 <= instant.year <= 9000:
        raise ValueError("expected a year from 1900 to 9000")
    return instant


#: An instant with its zone.
Moment = Annotated[AwareDatetime, AfterValidator(_within_reason)]
Filter = Annotated[str, Field(min_length=1, max_length=255)]


class PageQuery(Closed):
    """Where to go on, and how far."""

    cursor: Annotated[str, Field(max_length=2000)] | None = Field(
        default=None, description="From the page before; left out for the first."
    )
    limit: PageSize = 50


def page_answer(page: Page[T], view: Callable[[T], Mapping[str, Any]]) -> Response:
    """A page as JSON: items, and the cursor to go on from."""
    return answer({"items": [view(item) for item in page.items], "cursor": page.cursor})
