"""What a head signs, receives or decides is answered for by himself: it is not transferred (ORG 1: "only handling")."""

from __future__ import annotations

import pytest

from api.identity.roles import read_role_file
from engine.kernel.people import fixed_roles
from processes.budget_performance.package import ROLES
from tests.processes.drawn import graph, user_tasks
from tests.processes.rules.decisions import FOLDER

HEADS = read_role_file(ROLES).heads
STEPS = {
    f"{path.stem}/{node.id}": node for path in sorted(FOLDER.glob("*.bpmn")) for node in user_tasks(graph(path.stem))
}
#: Whoever decides is found by a table, or is the reviewer or the colleague who is asked.
BY_TABLE = {"extension/approve", "withdrawal/answer", "opinion/give"}
OF_HEADS = {name for name, node in STEPS.items() if fixed_roles(node) and HEADS.issuperset(fixed_roles(node))}


def test_heads_have_steps_of_their_own() -> None:
    assert {"goal_review/sign", "self_evaluation/head-sign", "budget_approval/director-sign"} <= OF_HEADS


@pytest.mark.parametrize("step", sorted(OF_HEADS | BY_TABLE))
def test_what_a_head_answers_for_is_not_transferred(step: str) -> None:
    assert STEPS[step].properties.get("transfer") == "none"


@pytest.mark.parametrize("step", sorted(STEPS.keys() - OF_HEADS - BY_TABLE))
def test_what_is_handled_may_be_transferred(step: str) -> None:
    assert "transfer" not in STEPS[step].properties
