"""Columns of a terminal line up although Chinese characters are twice as wide."""

from __future__ import annotations

import pytest

from api.cli.columns import lined_up, width


@pytest.mark.parametrize(("text", "columns"), [("", 0), ("abc", 3), ("指标", 4), ("（A）", 5), ("≥24间", 5), ("é", 1)])
def test_a_wide_character_takes_two_columns(text, columns):
    assert width(text) == columns


def test_cells_stand_below_each_other():
    rows = [["行", "指标", "分值"], ["13", "改造教室", "5"], ["6", "A", "10"]]

    assert lined_up(rows, right=(2,)) == [
        "行  指标      分值",
        "13  改造教室     5",
        "6   A           10",
    ]
