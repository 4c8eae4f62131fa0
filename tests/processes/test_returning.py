"""Who sends back: reviews do, work of one's own does not (PROCESSES 0.3)."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from engine.commands import Decision, ReturnUserTask, return_user_task
from engine.commands.return_user_task import NothingToReview
from engine.commands.user_task_subject import UserTaskSubject
from engine.kernel.changes import ReturnTo
from engine.kernel.graph import Graph, Node
from engine.kernel.returning import controlled_by
from engine.model.user_task import UserTask
from tests.doubles import MONDAY, collaborators, person
from tests.processes.drawn import graph, user_tasks
from tests.processes.rules.decisions import FOLDER

WHOEVER_HAS_IT = person("owner", "project_owner@1001")
#: Reviews of what nobody in the house can have filed himself. P03.7: what the congress wants changed goes back.
BY_OUTSIDERS = {"budget_approval/npc-opinions"}


def sends_back(drawn: Graph, here: Node) -> bool:
    """Whether there is a user task to which the general return could go from here."""
    others = (each for each in user_tasks(drawn) if each is not here and each.parent == here.parent)
    return any(here.index in controlled_by(drawn, each.index) for each in others)


DRAWN: Mapping[str, Graph] = {path.stem: graph(path.stem) for path in sorted(FOLDER.glob("*.bpmn"))}
#: "diagram/step" → step, where something could be sent back to.
STEPS = {
    f"{key}/{node.id}": node for key, drawn in DRAWN.items() for node in user_tasks(drawn) if sends_back(drawn, node)
}
REVIEWS = {
    name for name, node in STEPS.items() if node.people is not None and node.people.four_eyes_with
} | BY_OUTSIDERS


def sent_back(node: Node) -> Decision:
    """What comes of a general return from a step."""
    user_task = UserTask(
        id="01", root_id="02", part=0, token=0, element_id=node.id, name=node.name, definition_key="drawn",
        definition_ref="drawn:1", business_key="RECT:1", unit_code=None, form_key=None,
        state="open", assignee="owner", candidate_groups=(), candidate_users=(), priority=0, created_at=MONDAY,
        due_at=MONDAY, properties=node.properties,
    )  # fmt: skip
    command = ReturnUserTask(actor=WHOEVER_HAS_IT, user_task_id="01", element_id="before", comment="请补充说明")
    return return_user_task(UserTaskSubject(user_task, suspended=False), command, collaborators())


@pytest.mark.parametrize("step", sorted(set(STEPS) - REVIEWS))
def test_work_of_ones_own_is_not_sent_back(step: str) -> None:
    with pytest.raises(NothingToReview, match=f"user task '{STEPS[step].id}' .* is work of its own"):
        sent_back(STEPS[step])


@pytest.mark.parametrize("step", sorted(REVIEWS))
def test_reviews_send_back(step: str) -> None:
    (change,) = sent_back(STEPS[step]).changes

    assert isinstance(change, ReturnTo) and change.element_id == "before"


def test_the_diagrams_have_both() -> None:
    assert {"rectification/plan", "goal_review/fill", "self_evaluation/fill"} <= set(STEPS) - REVIEWS
    assert {"rectification/accept", "goal_review/dept-review", "self_evaluation/head-sign"} <= REVIEWS
