"""Rows as the engine writes them: a filed document, an open user task."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from engine.commands.values import as_variables
from engine.store import codec
from engine.store.instance_tables import document, user_task
from engine.store.types import NEVER

TENANT = "default"


def file_document(
    connection: Connection,
    number: int,
    *,
    business_key: str,
    form_key: str,
    element_id: str,
    content: Mapping[str, Any],
    filed_at: datetime,
) -> None:
    """A document somebody has filed; `number` orders it among the others."""
    connection.execute(
        insert(document).values(
            tenant_id=TENANT,
            business_key=business_key,
            form_key=form_key,
            element_id=element_id,
            version=number,
            id=f"{number:08}",
            form_ref=f"{form_key}:1",
            root_id="root",
            part=0,
            user_task_id="user-task",
            filed_by="somebody",
            filed_at=filed_at,
            content=codec.encode_text(as_variables(content)),
        )
    )


def open_user_task(
    connection: Connection, number: int, *, business_key: str, element_id: str, created_at: datetime, due_at: datetime
) -> None:
    """A user task of a rectification that lies open."""
    texts = {"name": "", "definition_key": "rectification", "definition_ref": "rectification:1", "due_rule": ""}
    lists = {name: "[]" for name in ("candidate_groups", "candidate_users", "routing", "four_eyes_with")}
    connection.execute(
        insert(user_task).values(
            tenant_id=TENANT,
            id=f"{number:08}",
            root_id="root",
            part=0,
            token=number,
            element_id=element_id,
            business_key=business_key,
            state="open",
            priority=50,
            created_at=created_at,
            due_at=due_at,
            due_order=due_at or NEVER,
            properties="{}",
            rung="",
            has_draft=False,
            version=1,
            closed_cause="",
            **texts,
            **lists,
        )
    )
