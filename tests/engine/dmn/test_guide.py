"""What the guide says about decision tables is true, in both languages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from engine.dmn import read_decisions
from engine.feel import compile_expression
from tests.engine.dmn.tables import decision, definitions, input_data, table

ROOT = Path(__file__).parents[3]
GUIDES = [ROOT / "docs" / "guide" / f"decision-tables.{language}.md" for language in ("en", "zh")]
CELL_ROW = re.compile(r"^\| `(.+)` \| `(.+)` \| (yes|no|是|否) \|$", re.MULTILINE)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda g: g.suffixes[0][1:])
def test_every_example_runs(guide, monkeypatch):
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}

    for example in re.findall(r"```python\n(.*?)```", guide.read_text("utf-8"), re.DOTALL):
        exec(compile(example, str(guide), "exec"), names)

    assert names["answer"].value == "良"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda g: g.suffixes[0][1:])
def test_every_cell_takes_what_the_guide_says(guide):
    rows = CELL_ROW.findall(guide.read_text("utf-8"))

    assert len(rows) == 9
    for cell, value, said in rows:
        text = definitions(input_data("x"), decision("A", table("FIRST", "x", "y", f"{cell} => 1"), needs=["x"]))
        given = compile_expression(value).evaluate({})
        taken = read_decisions(text).decisions["A"].evaluate({"x": given}).value is not None
        assert taken == (said in ("yes", "是")), (cell, value)


def test_both_languages_show_the_same_examples():
    english, chinese = (guide.read_text("utf-8") for guide in GUIDES)

    assert CELL_ROW.sub("", english) != english
    assert [row[:2] for row in CELL_ROW.findall(english)] == [row[:2] for row in CELL_ROW.findall(chinese)]
    assert re.findall(r"```python\n.*?```", english, re.DOTALL) == re.findall(r"```python\n.*?```", chinese, re.DOTALL)
