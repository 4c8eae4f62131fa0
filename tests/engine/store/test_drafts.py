"""What stands apart from a draft is read as it was written, by this release and by those before it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import update

from engine.commands import SaveDraft
from engine.model.user_task import DraftApart
from engine.store import codec
from engine.store.database import read_transaction, write_transaction
from engine.store.drafts import read_draft
from engine.store.instance_tables import draft
from tests.doubles import person
from tests.house import PLAN_AND_REVIEW, House

LI = person("li.wei", "clerk@21")
SINCE = datetime(2026, 3, 3, 4, tzinfo=UTC)


def read_back(house: House, *apart: list[Any]) -> tuple[DraftApart, ...]:
    """A draft with that written beside it, as it is read."""
    house.deploy(rectification=PLAN_AND_REVIEW)
    user_task_id = house.start("rectification", "RECT-1").opened_user_tasks[0]
    house.dispatcher.dispatch(SaveDraft(actor=LI, user_task_id=user_task_id, content={"measure": "新的"}))
    with write_transaction(house.database) as connection:
        connection.execute(update(draft).values(apart=codec.encode_text(list(apart))))
    with read_transaction(house.database) as connection:
        found = read_draft(connection, LI.tenant_id, user_task_id, LI.user_id)
    assert found is not None
    return found.apart


def test_what_does_not_tell_what_it_builds_on_was_written_before_that_was_kept(house: House) -> None:
    (found,) = read_back(house, ["A", SINCE, {"measure": "旧的"}])

    assert found == DraftApart(written_in="A", saved_at=SINCE, content={"measure": "旧的"}, builds_on=None)


def test_what_tells_it_comes_with_it_in_order(house: House) -> None:
    found = read_back(house, ["A", SINCE, {"measure": "一"}, 3], ["", SINCE, {"measure": "二"}, None])

    assert [(each.builds_on, each.is_undecided) for each in found] == [(3, True), (None, False)]


def test_an_id_is_another_one_as_soon_as_anything_has_changed(house: House) -> None:
    same, again, *others = read_back(
        house,
        ["A", SINCE, {"measure": "一"}, 3],
        ["A", SINCE, {"measure": "一"}, 3],
        ["B", SINCE, {"measure": "一"}, 3],
        ["A", SINCE.replace(microsecond=1), {"measure": "一"}, 3],
        ["A", SINCE, {"measure": "二"}, 3],
    )

    assert same.id == again.id
    assert len({same.id, *(each.id for each in others)}) == 4
