"""PROCESSES 0.3: what the head of a unit or department may sign in one act, and what else its forms are used for."""

from __future__ import annotations

from tests.processes.drawn import FORMS, graph, user_tasks
from tests.processes.rules.decisions import FOLDER


def test_heads_sign_in_one_act_what_is_a_signature_and_nobody_else_does() -> None:
    signed: set[tuple[str, str]] = set()
    alone: set[tuple[str, str]] = set()
    for path in sorted(FOLDER.glob("*.bpmn")):
        for node in user_tasks(graph(path.stem)):
            assert node.people is not None and node.people.form_key is not None
            batch = FORMS.form(node.people.form_key).batch
            if batch is not None:
                roles = {each.source.strip("\" ") for each in node.people.candidate_groups}
                (signed if roles <= batch.roles else alone).add((path.stem, node.id))

    assert signed == {
        ("goal_review", "sign"),
        ("self_evaluation", "unit-sign"),
        ("self_evaluation", "head-sign"),
        ("ex_ante_assessment", "head-sign"),
    }
    # a notice of rectification is signed by the head of the performance section, one by one
    assert alone == {("rectification", "issue")}
