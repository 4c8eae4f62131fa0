"""What stands below a list: how long it is, and how much of it this page shows."""

from __future__ import annotations

from collections.abc import Callable, Sized
from typing import Protocol

from engine.queries import Total
from web.words import say


class _Listed(Protocol):
    @property
    def items(self) -> Sized: ...
    @property
    def cursor(self) -> str | None: ...


def list_foot(page: _Listed, came_by: str | None, count: Callable[[], Total], language: str) -> str:
    """"共 57 项，本页 30 项"; a list that ends where it began is not counted again.

    Args:
        came_by: the cursor that the page was asked with.
    """
    shown = len(page.items)
    if came_by is None and page.cursor is None:
        return say("共 %(total)s 项", language, total=shown)
    total = count().at_least(shown)
    written = f"{total.count}+" if total.is_more else str(total.count)
    return say("共 %(total)s 项，本页 %(count)s 项", language, total=written, count=shown)
