"""The package of the budget-performance loop: what it brings along, read from its files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from engine.store.settings_rows import Setting
from processes.budget_performance.handlers import HANDLERS
from processes.budget_performance.thresholds import read_thresholds

KEY = "budget_performance"
VERSION = "1.0"
FOLDER = Path(__file__).parent
#: Rows that name no first day hold from before the first budget year on.
FIRST_DAY = date(2024, 1, 1)
ROLES = FOLDER / "roles.toml"
#: Steps that no variant of a diagram may leave out, as their property `gate` names them (PROCESSES P00): G1 assessment,
#: G2 goal, G3 confirmation, G4 approval with money, G5 evaluation done, G6 application done.
GATES: Mapping[str, Mapping[str, int]] = {
    "main_loop": {"G1": 2, "G2": 2, "G3": 1, "G4": 1, "G5": 1, "G6": 1},
    "ex_ante_assessment": {"G1": 1},
    "goal_review": {"G3": 1},
    "budget_approval": {"G4": 1},
}
_CAMPAIGNS = frozenset({"finance_perf", "finance_perf_lead"})
#: What comes from outside, and the roles whose holders or programs send it: campaigns that open, findings, cancelled
#: projects (PROCESSES, message table; ORG 1).
SENDERS: Mapping[str, frozenset[str]] = {
    "budget.open": _CAMPAIGNS | {"finance_budget"},
    # until the clearing of policies (P11) decides it, the performance section says that a policy goes on
    "policy.renewed": _CAMPAIGNS,
    "round.open": _CAMPAIGNS,
    "selfeval.open": _CAMPAIGNS,
    "rect.open": _CAMPAIGNS | {"auditor"},
    "violation": frozenset({"auditor", "finance_supervision"}),
    "project.cancelled": frozenset({"finance_budget"}),
}
#: What processes tell one another: who could send it by hand could approve a budget without the congress.
AMONG_PROCESSES = frozenset(
    {
        *("adjust.request", "budget.approved", "budget.draft", "budget.refused", "budget.returned"),
        *("disclose.request", "exante.done", "exit.start", "fund.case", "fund.reclaim", "fund.suspend"),
        *("goal.confirmed", "goal.late", "goal.refused", "monitor.done", "project.continues"),
        *("rect.failed", "rect.overdue", "rect.passed", "result.ready", "selfeval.done", "task.extended"),
        *("task.extension", "task.opinion", "task.opinion_given", "task.urge", "task.withdrawal", "task.withdrawn"),
    }
)

__all__ = ["AMONG_PROCESSES", "GATES", "HANDLERS", "KEY", "ROLES", "SENDERS", "VERSION", "clauses", "files", "settings"]


def files() -> Mapping[str, bytes]:
    """Diagrams with their test cases, and decision tables, by file name."""
    found = sorted([*FOLDER.glob("*.bpmn"), *FOLDER.glob("*.dmn"), *(FOLDER / "cases").glob("*.cases.toml")])
    return {path.name: path.read_bytes() for path in found}


def clauses() -> Mapping[str, str]:
    """Clause number -> verbatim text."""
    return {key: row["text"] for key, row in _toml(FOLDER / "clauses.toml").items()}


def settings() -> tuple[Setting, ...]:
    """Every configured figure with its basis."""
    return tuple([*_deadlines(), *_ladders(), *_thresholds(), *_keeping()])


def _deadlines() -> Iterable[Setting]:
    """`due.<process>.<step>` of deadlines/<process>.toml."""
    for path in sorted((FOLDER / "deadlines").glob("*.toml")):
        for key, row in _toml(path).items():
            value = {name: row[name] for name in ("rule", "counted_from", "not_after") if name in row}
            yield Setting(
                key=key,
                value=value,
                valid_from=row.get("valid_from", FIRST_DAY),
                valid_to=row.get("valid_to"),
                basis=row["basis"],
                note=row.get("note", ""),
            )


def _ladders() -> Iterable[Setting]:
    for name, ladder in _toml(FOLDER / "ladder.toml").items():
        yield Setting(
            key=f"ladder.{name}",
            value=ladder["rungs"],
            valid_from=ladder["valid_from"],
            basis=ladder["basis"],
            note=ladder.get("note", ""),
        )


def _keeping() -> Iterable[Setting]:
    """`keep.*` of keeping.toml."""
    for key, row in _toml(FOLDER / "keeping.toml").items():
        yield Setting(key=key, value=row["value"], valid_from=row["valid_from"], basis=row["basis"], note=row["note"])


def _thresholds() -> Iterable[Setting]:
    for row in read_thresholds():
        yield Setting(
            key=row.key,
            value=row.value,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            basis=row.basis,
            note=row.note,
        )


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)
