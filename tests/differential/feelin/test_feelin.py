"""feelin in the browser and our FEEL say the same, but for what known.py lists."""

from __future__ import annotations

from typing import Any

import pytest

from engine.feel import FeelBudgetExceeded, FeelEvaluationError, FeelSyntaxError, compile_expression
from forms.functions import FUNCTIONS
from tests.differential.feelin.expressions import CONTEXT, Grower, Tree
from tests.differential.feelin.known import KNOWN, Case, explained, words
from tests.differential.feelin.peer import Failure, agree, answers, to_evaluate, told
from tests.engine.feel.saying import REGEX

TREES = 3_000


def said(source: str) -> Any:
    """What we say of an expression, as told."""
    try:
        return told(compile_expression(source, functions={**REGEX, **FUNCTIONS}).evaluate(CONTEXT))
    except (FeelSyntaxError, FeelBudgetExceeded, FeelEvaluationError) as refusal:
        return Failure(str(refusal))


def disagreements(trees: list[Tree]) -> list[Case]:
    """The smallest closed parts on which the two disagree."""
    closed = {part.source: part for tree in trees for part in tree.closed()}
    ours = {source: said(source) for source in closed}
    theirs = dict(zip(closed, answers([to_evaluate(source, CONTEXT) for source in closed]), strict=True))
    apart = {source for source in closed if not agree(ours[source], theirs[source])}
    return [
        Case(
            tree=tree,
            ours=ours[source],
            theirs=theirs[source],
            parts=[ours[part.source] for part in tree.parts if not part.reads],
        )
        for source, tree in closed.items()
        if source in apart and not any(each.source in apart for part in tree.parts for each in part.closed())
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_what_chance_grows_is_answered_alike_or_known_to_differ(seed: int):
    trees = [Grower(seed * 1_000_000 + number).tree() for number in range(TREES)]

    strange = [case for case in disagreements(trees) if not explained(case)]

    assert [f"{case.tree.source}: {words(case.ours)}, feelin {words(case.theirs)}" for case in strange] == []


def test_chance_grows_every_kind_of_expression_and_most_are_answered_alike():
    trees = [Grower(number).tree() for number in range(2_000)]
    closed = {part.source: part for tree in trees for part in tree.closed()}
    grown = {part.op for part in closed.values()}

    assert {"for", "some", "every", "if", "filter", "path", "in", "between", "instance of", "context", "sort"} <= grown
    assert sum(said(source) is not None for source in closed) > 0.6 * len(closed)
    assert len(disagreements(trees)) < 0.1 * len(closed)


def test_every_known_difference_is_as_its_example_says():
    theirs = answers([to_evaluate(each.example[0], CONTEXT) for each in KNOWN])

    found = [
        (each.example[0], words(said(each.example[0])), words(answer))
        for each, answer in zip(KNOWN, theirs, strict=True)
    ]

    assert found == [each.example for each in KNOWN]


def test_a_new_difference_is_found():
    """The net itself: a wrong answer of ours would be caught."""
    case = Case(tree=Tree("+", "(1 + 1)"), ours={"number": "3"}, theirs={"number": "2"}, parts=[])

    assert not explained(case)
