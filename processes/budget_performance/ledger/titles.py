"""What people call the case behind a business key."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, false, or_, select

from processes.budget_performance.ledger.projects import titles as project_titles
from processes.budget_performance.ledger.tables import project, rectification

RECTIFICATION = "RECT-"
#: The preparation of a year's budget, which is of no project (PROCESSES P03), and what it is called by language.
BUDGET = "BUD:"
BUDGET_CALLED = {"zh": "{year}年预算", "en": "Budget {year}"}
#: Projects a search by name looks at; more make the words too common to search by.
PROJECTS = 50
#: Processes whose business key is KEY-year-code; monitoring carries its month as well.
YEARLY = ("GOAL", "EXA", "SELF", "APP")
_SAME_OBJECT = and_(
    project.c.tenant_id == rectification.c.tenant_id,
    project.c.project_code == rectification.c.project_code,
    project.c.fiscal_year == rectification.c.fiscal_year,
)


def titles(
    connection: Connection, tenant_id: str, business_keys: Sequence[str], language: str = "zh"
) -> Mapping[str, str]:
    """Business key -> name of its project, or of the budget of a year; keys that stand for neither are left out.

    Args:
        language: of the reader; projects are called as they were registered.
    """
    budgets = {
        # an urge's key names the late step behind the year: BUD:2027:rank
        key: BUDGET_CALLED.get(language, BUDGET_CALLED["zh"]).format(year=key.split(":")[1])
        for key in business_keys
        if key.startswith(BUDGET)
    }
    return {**budgets, **_of_projects(connection, tenant_id, business_keys)}


def _of_projects(connection: Connection, tenant_id: str, business_keys: Sequence[str]) -> Mapping[str, str]:
    # an urge's key names the late step behind the number: RECT-2026-001:plan
    numbers = {key: key.partition(":")[0] for key in business_keys if key.startswith(RECTIFICATION)}
    if not numbers:
        return project_titles(connection, tenant_id, business_keys)
    statement = (
        select(rectification.c.rect_no, project.c.project_name)
        .join(project, _SAME_OBJECT)
        .where(rectification.c.tenant_id == tenant_id, rectification.c.rect_no.in_(set(numbers.values())))
    )
    names = {row.rect_no: row.project_name for row in connection.execute(statement)}
    named = {key: names[number] for key, number in numbers.items() if number in names}
    return {**project_titles(connection, tenant_id, business_keys), **named}


def keys_called(connection: Connection, tenant_id: str, words: str) -> tuple[str, ...]:
    """Business keys of all cases of projects whose name or code contains the words, in any case and width; of the
    latest 50 projects. A rectification has the code of its project nowhere in its own key."""
    # what an input method leaves full-width (Ａ０３) means the same
    plain = unicodedata.normalize("NFKC", words).strip()
    said = {each for each in (words.strip(), plain) if each}
    columns = (project.c.project_name, project.c.project_code)
    called = and_(
        project.c.tenant_id == tenant_id,
        or_(false(), *(column.icontains(each, autoescape=True) for column in columns for each in sorted(said))),
    )
    projects = (
        select(project.c.project_code, project.c.fiscal_year)
        .where(called)
        .order_by(project.c.fiscal_year.desc(), project.c.project_code)
        .limit(PROJECTS)
    )
    numbers = (
        select(rectification.c.rect_no)
        .join(project, _SAME_OBJECT)
        .where(called)
        .order_by(rectification.c.rect_no.desc())
        .limit(PROJECTS)
    )
    yearly = [key for code, year in connection.execute(projects) for key in _keys_of(code, year)]
    return (*yearly, *connection.execute(numbers).scalars())


def _keys_of(code: str, year: int) -> list[str]:
    """Business keys that a project can have in a year."""
    months = [f"MON-{year}-{month:02}-{code}" for month in range(1, 13)]
    return [f"PRJ:{code}:{year}", *(f"{process}-{year}-{code}" for process in YEARLY), *months]
