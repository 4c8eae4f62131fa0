"""Rows become values in the order in which both are written."""

from __future__ import annotations

from dataclasses import fields

from engine.model.user_task import UserTask
from engine.store.reader import USER_TASK_COLUMNS


def test_a_user_task_is_made_from_its_columns_in_their_order() -> None:
    assert tuple(each.name for each in fields(UserTask)) == USER_TASK_COLUMNS
