"""Every diagram of the budget loop agrees with its second opinion, on random ways through it."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn import read_process_file
from engine.bpmn.opinion.stage import play
from engine.bpmn.opinion.verdict import Outcome
from engine.bpmn.opinion.walks import Walker
from engine.bpmn.second_opinion import second_opinion

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
    xml = path.read_bytes()
    (graph,) = read_process_file(xml, ref_of=str).graphs
    cases = [
        Walker({graph.key: graph}, graph.key, random.Random(f"{graph.key} {number}"), OBJECT).walk(f"walk {number}")[0]
        for number in range(WALKS)
    ]

    verdict = second_opinion(xml, cases, stage=play)

    assert verdict.differences == ()
    assert sum(each.outcome is Outcome.AGREES for each in verdict.cases) >= WALKS * 3 // 4


def test_the_loop_is_there() -> None:
    assert {path.stem for path in DIAGRAMS} >= {"main_loop", "goal_review", "dual_monitoring", "rectification"}
