"""Results of a year: self-evaluation, re-check, key evaluation, and the one that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, select

from engine.model.errors import Fault, Invalid
from processes.budget_performance.ledger.tables import evaluation_result, project
from processes.budget_performance.ledger.writing import put

KINDS = frozenset({"self", "spot_check", "key", "final"})
GRADES = frozenset({"优", "良", "中", "差"})


class UnsoundResults(Invalid):
    """Results to be brought in do not fit; holds every fault of every row."""

    code = "unsound-results"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One result of a project's year."""

    project_code: str
    fiscal_year: int
    #: self | spot_check | key | final
    kind: str
    #: 0–100
    score: Decimal
    #: 优 | 良 | 中 | 差 (R03)
    grade: str
    #: Final results: which of the others decided.
    source: str = ""


def record_result(
    connection: Connection, tenant_id: str, result: Result, by: str, now: datetime, *, is_opening: bool = False
) -> None:
    """Write a result; one of the same kind is replaced."""
    put(
        connection,
        evaluation_result,
        {
            "tenant_id": tenant_id,
            "project_code": result.project_code,
            "fiscal_year": result.fiscal_year,
            "kind": result.kind,
            "score": result.score,
            "grade": result.grade,
            "source": result.source,
            "is_opening": is_opening,
            "recorded_at": now,
            "recorded_by": by,
        },
    )


def import_opening_results(
    connection: Connection, tenant_id: str, results: Sequence[Result], by: str, now: datetime
) -> None:
    """Take over results of years before the engine ran, marked as opening records 期初.

    Raises:
        UnsoundResults: holds every fault; nothing is written.
    """
    known = set(
        connection.execute(select(project.c.project_code).where(project.c.tenant_id == tenant_id)).scalars()
    )
    faults = [fault for number, each in enumerate(results) for fault in _faults(each, known, number)]
    if faults:
        raise UnsoundResults(
            f"Expected sound results, but found {len(faults)} faults. The first: {faults[0]['message']}", faults
        )
    for each in results:
        record_result(connection, tenant_id, each, by, now, is_opening=True)


def _faults(result: Result, known: set[str], number: int) -> list[Fault]:
    faults: list[Fault] = []

    def refuse(name: str, expected: str) -> None:
        message = f"Expected {name} of {result.project_code!r} to be {expected}, but found {getattr(result, name)!r}."
        faults.append(Fault("unsound-result", message, f"{number}/{name}"))

    if result.project_code not in known:
        refuse("project_code", "a registered project")
    if result.kind not in KINDS:
        refuse("kind", " or ".join(sorted(KINDS)))
    if not 0 <= result.score <= 100:
        refuse("score", "0 to 100")
    if result.grade not in GRADES:
        refuse("grade", "优, 良, 中 or 差")
    if result.kind == "final" and result.source not in KINDS - {"final"}:
        refuse("source", "self, spot_check or key")
    return faults


def results_of(connection: Connection, tenant_id: str, project_code: str, fiscal_year: int) -> dict[str, Result]:
    """Kind -> result."""
    statement = select(evaluation_result).where(
        evaluation_result.c.tenant_id == tenant_id,
        evaluation_result.c.project_code == project_code,
        evaluation_result.c.fiscal_year == fiscal_year,
    )
    return {
        row.kind: Result(
            project_code=project_code,
            fiscal_year=fiscal_year,
            kind=row.kind,
            score=row.score,
            grade=row.grade,
            source=row.source,
        )
        for row in connection.execute(statement)
    }
