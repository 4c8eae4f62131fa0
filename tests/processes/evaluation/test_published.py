"""Realistic self-evaluations: what is found in each, and that together they show every finding there is."""

from __future__ import annotations

import pytest

from processes.budget_performance.evaluation.consistency.finding import codes
from processes.budget_performance.evaluation.evaluate import Evaluation, evaluate, read_filled_form
from tests.processes.evaluation.published import FILES
from tests.processes.rules.district import RULE

#: File -> (code, row of the sheet or number of the indicator; 0 = the row of the money in a document).
FOUND: dict[str, list[tuple[str, int | None]]] = {
    "clean.xlsx": [],
    "township.xlsx": [
        ("TOTAL_ROW_ZERO", 6),
        ("ACTUAL_NO_VALUE", 12),
        ("CEILING_ABOVE_BUDGET", 14),
        ("ACTUAL_REPEATS_TARGET", 15),
        ("BLANK_WITH_FULL_MARKS", 17),
    ],
    "school.xlsx": [
        ("RATE_MISMATCH", 6),
        ("MONEY_PARTS", 6),
        ("MISSED_WITH_FULL_MARKS", 11),
        ("UNIT_MISSING", 11),
        ("TEMPLATE_ROWS", 12),
        ("DEDUCTED_WITHOUT_REASON", 14),
        ("UNIT_MISSING", 14),
        ("OPERATOR_DOUBTFUL", 15),
        ("TARGET_ZERO", 16),
        ("UNIT_MISSING", 16),
        ("OPERATOR_DOUBTFUL", 17),
    ],
    "justice.xlsx": [
        ("TEMPLATE_TEXT", 7),
        ("INITIAL_BUDGET_ZERO", 7),
        ("OVER_ACHIEVED", 10),
        ("MISSED_WITH_FULL_MARKS", 11),
        ("UNIT_WRONG", 11),
        ("MISSED_WITH_FULL_MARKS", 12),
        ("PERCENT_INVERTED", 12),
        ("ACTUAL_NO_VALUE", 13),
        ("CEILING_ABOVE_BUDGET", 13),
    ],
    "road.xlsx": [
        ("OVERSPENT", 6),
        ("OVERSPENT", 7),
        ("UNIT_WRONG", 14),
    ],
    "clean.json": [],
    "training.json": [
        ("WEIGHTS_NOT_100", None),
        ("TOTAL_NOT_SUM", None),
        ("SCORE_OUTSIDE_WEIGHT", 2),
        ("HAND_SET_WITHOUT_REASON", 3),
        ("BUDGET_CUT", 0),
        ("EXECUTION_SCORE_MISMATCH", 0),
        ("EXECUTION_REASON_MISSING", 0),
        ("MONEY_UNSPENT_ALL_DONE", 0),
        ("DEDUCTED_WITHOUT_REASON", 3),
    ],
    "no_money.json": [
        ("RATIO_BAND", 6),
        ("ZERO_OF_ZERO", 0),
    ],
}


def found_in(name: str) -> Evaluation:
    return evaluate(read_filled_form(FILES[name]), RULE)


@pytest.mark.parametrize("name", FILES)
def test_what_is_found_in_each(name):
    assert [(each.code, each.row) for each in found_in(name).findings] == FOUND[name]


def test_together_they_show_every_finding():
    shown = {each.code for name in FILES for each in found_in(name).findings}

    assert shown == set(codes())
