"""The rectification ledger 整改台账: notices by number, their issues, and the state each has reached (S-49 … S-52)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from engine.model.calendar import local_day
from engine.model.errors import NotFound
from processes.budget_performance.ledger.tables import project, rectification, rectification_issue
from processes.budget_performance.ledger.writing import next_number

#: PROCESSES P09; "overdue" is no state but a flag with an age.
STATES = (
    "opened",
    "issued",
    "received",
    "plan_submitted",
    "plan_accepted",
    "in_progress",
    "reported",
    "verified_partly",
    "closed",
    "failed",
    "cancelled",
)
ENDED = frozenset({"closed", "failed", "cancelled"})


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What a rectification is opened for."""

    project_code: str
    #: Year of the result or round it rests on.
    fiscal_year: int
    unit_code: str
    #: monitoring | self, or one of `findings.OUTSIDE`
    source: str
    #: The round or result itself, e.g. PRJ:A03:2026:R3.
    result_ref: str = ""
    is_red: bool = False


@dataclass(frozen=True, kw_only=True)
class Rectification:
    """A rectification as the ledger has it."""

    rect_no: str
    opening: Opening
    state: str
    #: How often the verification has found something left to do.
    failed_count: int
    #: no, category, fact, basis, requirement, severity, amount, verified ("" | closed | partly | not)
    issues: Sequence[Mapping[str, Any]]

    @property
    def open_issues(self) -> list[Mapping[str, Any]]:
        return [issue for issue in self.issues if issue["verified"] != "closed"]


def open_rectification(connection: Connection, tenant_id: str, opening: Opening, now: datetime) -> str | None:
    """Number a rectification and put it into the ledger: RECT-<year of opening>-<nnn>.

    None when one of the same object, year and source is open already (PROCESSES P00.11).
    """
    # two who find the same at once come one after the other
    same_object = (
        project.c.tenant_id == tenant_id,
        project.c.project_code == opening.project_code,
        project.c.fiscal_year == opening.fiscal_year,
    )
    connection.execute(select(project.c.project_code).where(*same_object).with_for_update())
    if connection.execute(_open_one(tenant_id, opening)).first() is not None:
        return None
    year = local_day(now).year
    rect_no = f"RECT-{year}-{next_number(connection, tenant_id, f'RECT-{year}'):03}"
    connection.execute(
        insert(rectification).values(
            tenant_id=tenant_id,
            rect_no=rect_no,
            project_code=opening.project_code,
            fiscal_year=opening.fiscal_year,
            unit_code=opening.unit_code,
            source=opening.source,
            result_ref=opening.result_ref,
            is_red=opening.is_red,
            state="opened",
            failed_count=0,
            opened_at=now,
            state_since=now,
        )
    )
    return rect_no


def number_of_open(connection: Connection, tenant_id: str, opening: Opening) -> str:
    """Number of the rectification of the same object, year and source that has not ended.

    Raises:
        NotFound: there is none.
    """
    rect_no = connection.execute(_open_one(tenant_id, opening)).scalar()
    if rect_no is None:
        raise _not_found(f"{opening.project_code}:{opening.fiscal_year}:{opening.source}")
    return rect_no


def _open_one(tenant_id: str, opening: Opening) -> Select[str]:
    of_same = select(rectification.c.rect_no).where(
        rectification.c.tenant_id == tenant_id,
        rectification.c.project_code == opening.project_code,
        rectification.c.fiscal_year == opening.fiscal_year,
        rectification.c.source == opening.source,
        rectification.c.state.not_in(ENDED),
    )
    return of_same.limit(1)


def reach(connection: Connection, tenant_id: str, rect_no: str, state: str, now: datetime) -> None:
    """Note that a rectification has reached a state.

    Raises:
        NotFound: no rectification of that number.
        ValueError: no such state.
    """
    if state not in STATES:
        raise ValueError(f"Expected a state of a rectification, but found {state!r}.")
    values: dict[str, Any] = {"state": state, "state_since": now}
    if state in ENDED:
        values["closed_at"] = now
    _update(connection, tenant_id, rect_no, values)


def keep_issues(
    connection: Connection, tenant_id: str, rect_no: str, issues: Sequence[Mapping[str, Any]]
) -> None:
    """The issues of the notice (F-10a); those without a number get their place from 1."""
    connection.execute(
        delete(rectification_issue).where(
            rectification_issue.c.tenant_id == tenant_id, rectification_issue.c.rect_no == rect_no
        )
    )
    rows = [
        {
            "tenant_id": tenant_id,
            "rect_no": rect_no,
            "no": int(each.get("no") or number),
            "category": each.get("category") or "",
            "fact": each.get("fact") or "",
            "basis": each.get("basis") or "",
            "requirement": each.get("requirement") or "",
            "severity": each.get("severity") or "",
            "amount": each.get("amount"),
            "verified": "",
        }
        for number, each in enumerate(issues, start=1)
    ]
    if rows:
        connection.execute(insert(rectification_issue), rows)


def verify(
    connection: Connection, tenant_id: str, rect_no: str, verified: Mapping[int, str], now: datetime
) -> Rectification:
    """Keep what a verification found, issue number -> closed | partly | not; one that leaves something open is counted.

    Raises:
        NotFound: no rectification of that number.
    """
    for number, found in verified.items():
        connection.execute(
            update(rectification_issue)
            .where(
                rectification_issue.c.tenant_id == tenant_id,
                rectification_issue.c.rect_no == rect_no,
                rectification_issue.c.no == number,
            )
            .values(verified=found)
        )
    kept = find(connection, tenant_id, rect_no)
    if not kept.open_issues:
        return kept
    failed = {"failed_count": kept.failed_count + 1, "state": "verified_partly", "state_since": now}
    _update(connection, tenant_id, rect_no, failed)
    return replace(kept, failed_count=kept.failed_count + 1, state="verified_partly")


def find(connection: Connection, tenant_id: str, rect_no: str) -> Rectification:
    """A rectification with its issues.

    Raises:
        NotFound: no rectification of that number.
    """
    row = connection.execute(
        select(rectification).where(rectification.c.tenant_id == tenant_id, rectification.c.rect_no == rect_no)
    ).first()
    if row is None:
        raise _not_found(rect_no)
    of_notice = select(rectification_issue).where(
        rectification_issue.c.tenant_id == tenant_id, rectification_issue.c.rect_no == rect_no
    )
    issues = connection.execute(of_notice.order_by(rectification_issue.c.no))
    names = [column.name for column in rectification_issue.columns if column.name not in ("tenant_id", "rect_no")]
    return Rectification(
        rect_no=row.rect_no,
        opening=Opening(
            project_code=row.project_code,
            fiscal_year=row.fiscal_year,
            unit_code=row.unit_code,
            source=row.source,
            result_ref=row.result_ref,
            is_red=row.is_red,
        ),
        state=row.state,
        failed_count=row.failed_count,
        issues=[{name: issue._mapping[name] for name in names} for issue in issues],
    )


def open_numbers(
    connection: Connection, tenant_id: str, project_code: str, *, source: str | None = None
) -> Sequence[str]:
    """Numbers of an object's rectifications that have not ended, of all years; of one source only, if it is named."""
    statement = select(rectification.c.rect_no).where(
        rectification.c.tenant_id == tenant_id,
        rectification.c.project_code == project_code,
        rectification.c.state.not_in(ENDED),
    )
    if source is not None:
        statement = statement.where(rectification.c.source == source)
    return list(connection.execute(statement.order_by(rectification.c.rect_no)).scalars())


def has_failed(connection: Connection, tenant_id: str, project_code: str, fiscal_year: int) -> bool:
    """Whether a rectification of the object's year has failed for good."""
    statement = select(rectification.c.rect_no).where(
        rectification.c.tenant_id == tenant_id,
        rectification.c.project_code == project_code,
        rectification.c.fiscal_year == fiscal_year,
        rectification.c.state == "failed",
    )
    return connection.execute(statement.limit(1)).first() is not None


def _update(connection: Connection, tenant_id: str, rect_no: str, values: Mapping[str, Any]) -> None:
    done = connection.execute(
        update(rectification)
        .where(rectification.c.tenant_id == tenant_id, rectification.c.rect_no == rect_no)
        .values(**values)
    )
    if done.rowcount == 0:
        raise _not_found(rect_no)


def _not_found(rect_no: str) -> NotFound:
    return NotFound(f"Expected a rectification {rect_no!r}, but found none.", rect_no=rect_no)
