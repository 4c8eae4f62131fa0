"""What people call the case behind a business key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, select

from processes.budget_performance.ledger.projects import titles as project_titles
from processes.budget_performance.ledger.tables import project, rectification

RECTIFICATION = "RECT-"


def titles(connection: Connection, tenant_id: str, business_keys: Sequence[str]) -> Mapping[str, str]:
    """Business key -> name of its project; keys that stand for no project are left out."""
    numbers = [key for key in business_keys if key.startswith(RECTIFICATION)]
    if not numbers:
        return project_titles(connection, tenant_id, business_keys)
    same_object = and_(
        project.c.tenant_id == rectification.c.tenant_id,
        project.c.project_code == rectification.c.project_code,
        project.c.fiscal_year == rectification.c.fiscal_year,
    )
    statement = (
        select(rectification.c.rect_no, project.c.project_name)
        .join(project, same_object)
        .where(rectification.c.tenant_id == tenant_id, rectification.c.rect_no.in_(numbers))
    )
    named = {row.rect_no: row.project_name for row in connection.execute(statement)}
    return {**project_titles(connection, tenant_id, business_keys), **named}
