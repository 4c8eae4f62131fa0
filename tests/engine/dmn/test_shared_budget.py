"""A decision costs no more because it is cut into many expressions."""

from __future__ import annotations

import tracemalloc
from decimal import Decimal

import pytest

from engine.dmn import read_decisions
from engine.feel import FeelBudgetExceeded
from engine.xml import RefusedXml

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def table(rules: int, cell: str, output: str) -> bytes:
    """A table that collects the outputs of all rules; `#` stands for the number of the rule."""
    rows = "".join(
        f"<rule id='r{n}'><inputEntry><text>{cell.replace('#', str(n))}</text></inputEntry>"
        f"<outputEntry><text>{output}</text></outputEntry></rule>"
        for n in range(rules)
    )
    return f"""<definitions xmlns='{MODEL}' id='d' name='d' namespace='urn:d'>
      <inputData id='in_x' name='x'><variable name='x'/></inputData>
      <decision id='A' name='A'><variable name='A'/>
        <informationRequirement><requiredInput href='#in_x'/></informationRequirement>
        <decisionTable id='t' hitPolicy='COLLECT'>
          <input id='i'><inputExpression><text>x</text></inputExpression></input>
          <output id='o'/>{rows}</decisionTable></decision></definitions>""".encode()


@pytest.mark.parametrize(
    ("cell", "output"),
    [
        ("-", "for i in 1..19000 return i"),
        ("-", "sum(for i in 1..19000 return i)"),
        ("some a in 1..100, b in 1..100 satisfies a = ? + 1000 + #", "1"),
    ],
)
def test_a_thousand_dear_cells_are_refused_together(cell: str, output: str):
    decision = read_decisions(table(1000, cell, output)).decisions["A"]

    tracemalloc.start()
    try:
        with pytest.raises(FeelBudgetExceeded) as caught:
            decision.evaluate({"x": Decimal(5)})
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert caught.value.facts["limit"] == "max_steps"
    assert peak < 50_000_000


def test_a_thousand_cheap_cells_are_answered():
    decision = read_decisions(table(1000, "contains(string(?), &quot;5&quot;)", "1")).decisions["A"]

    assert decision.evaluate({"x": Decimal(5)}).value == [1] * 1000


def test_a_million_rules_are_no_file_that_is_read():
    with pytest.raises(RefusedXml):
        read_decisions(b"<definitions>" + b"<rule/>" * 1_000_000 + b"</definitions>")
