"""Every diagram of the budget loop agrees with its second opinion, on random ways through it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.opinion.stage import play
from engine.bpmn.opinion.verdict import Outcome
from engine.bpmn.second_opinion import opinion_by_walking

DIAGRAMS = sorted((Path(__file__).parents[2] / "processes" / "budget_performance").glob("*.bpmn"))
#: What every process of the loop is given about its object.
OBJECT: dict[str, Any] = {
    "project_code": "B01",
    "project_name": "康巴什区市政道路养护项目",
    "fiscal_year": Decimal(2027),
    "unit_code": "21",
    "department_code": "20",
    "owner": "owner",
    "annual_amount": Decimal(100),
    "total_amount": Decimal(100),
    "start_year": Decimal(2027),
    "end_year": Decimal(2028),
    "round": Decimal(1),
    "cutoff": date(2027, 4, 30),
}
WALKS = 20


@pytest.mark.parametrize("path", DIAGRAMS, ids=lambda path: path.stem)
def test_a_process_of_the_loop_agrees_with_its_second_opinion(path: Path) -> None:
    verdict = opinion_by_walking(path.read_bytes(), variables=OBJECT, walks=WALKS, stage=play)

    assert verdict.differences == ()
    assert sum(each.outcome is Outcome.AGREES for each in verdict.cases) >= WALKS * 3 // 4


def test_the_child_process_of_the_product_agrees_too() -> None:
    verdict = opinion_by_walking(DIAGRAMS[0].read_bytes(), variables=OBJECT, walks=3)

    assert verdict.outcome is Outcome.AGREES


def test_the_loop_is_there() -> None:
    assert {path.stem for path in DIAGRAMS} >= {"main_loop", "goal_review", "dual_monitoring", "rectification"}
