"""The command on SpiffWorkflow's own models: its table, its harness, and that it finds what differs.

The models themselves are not here; the command takes a checkout of SpiffWorkflow.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.feel import compile_expression
from tests.differential import python_to_feel, spiff_models
from tests.differential.python_to_feel import NotInTheTable
from tests.engine.bpmn.diagrams import flow, line, process


@pytest.mark.parametrize(
    ("python", "feel"),
    [
        ("x == 1", "x = 1"),
        ("answer != 'Yes'", 'answer != "Yes"'),
        ("x < 1.5", "x < 1.5"),
        ("not done", "not(done)"),
        ("a and not b or c", "((a and not(b)) or c)"),
        ("x in [1, 2]", "list contains([1, 2], x)"),
        ("x not in items", "not(list contains(items, x))"),
        ("a.b['c'][0]", "a.b.c[1]"),
        ("len(items) * 2", "(count(items) * 2)"),
        ("name.upper()", "upper case(name)"),
        ("1 if x else None", "(if x then 1 else null)"),
        ("{'a': [True]}", '{"a": [true]}'),
        ("-x", "-(x)"),
        ("[0] * 3", "(for each in 1..3 return 0)"),
        ("'PT1S'", '"PT1S"'),
    ],
)
def test_an_expression_of_the_table_is_feel(python: str, feel: str) -> None:
    assert python_to_feel.expression(python) == feel
    compile_expression(feel)


@pytest.mark.parametrize(
    "python",
    [
        "__import__('os').system('id')",
        "lambda: 1",
        "[x for x in y]",
        "f'{x}'",
        "x[1:2]",
        "1 < x < 3",
        "a @ b",
        "x ==",
        "open('f')",
    ],
)
def test_what_is_not_in_the_table_is_refused(python: str) -> None:
    with pytest.raises(NotInTheTable):
        python_to_feel.expression(python)


def test_a_script_becomes_a_context_and_names_what_it_cannot_tell() -> None:
    script = python_to_feel.script("print('hello')\nx = 1\nx += 2\ny = [z for z in w]\ndel x")

    assert script.feel == "{x: null, y: null, z: null}"
    assert script.unknown == {"x", "y", "z"}
    assert python_to_feel.script("n += 1").feel == "{n: n + (1)}"


MODEL = process(
    '<startEvent id="s"/><manualTask id="m"/><exclusiveGateway id="g" default="g-b"/><userTask id="a"/>'
    '<task id="b"/><scriptTask id="c"><script>done = True</script></scriptTask><endEvent id="e"/>'
    + flow("s", "m")
    + flow("m", "g")
    + flow("g", "a", "answer == 'Yes'")
    + flow("g", "b")
    + flow("b", "c")
    + flow("c", "e")
    + flow("a", "e")
)


def folder(tmp_path: Path, **models: bytes) -> Path:
    home = tmp_path / "tests" / "SpiffWorkflow" / "bpmn" / "data"
    home.mkdir(parents=True)
    for name, content in models.items():
        (home / f"{name}.bpmn").write_bytes(content)
    return tmp_path


def test_models_are_played_on_the_stock_runtime_and_on_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    endless = process(line('<callActivity id="c" calledElement="absent"/>', '<userTask id="u"/>'))

    code = spiff_models.main([str(folder(tmp_path, model=MODEL, calls=endless)), "--walks", "4"])

    assert code == 0
    assert capsys.readouterr().out.splitlines()[-1] == "2 passed, 0 failed, 0 not comparable"


def test_a_model_that_shows_something_else_fails_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """SpiffWorkflow takes branches by their height in the picture, ours by their order in the file."""
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{name}_di" bpmnElement="{name}"><dc:Bounds x="0" y="{y}" width="1" height="1"/>'
        "</bpmndi:BPMNShape>"
        for name, y in (("a", 900), ("b", 100))
    )
    diagram = f'<bpmndi:BPMNDiagram id="D"><bpmndi:BPMNPlane id="P" bpmnElement="p">{shapes}</bpmndi:BPMNPlane>'
    model = process(
        '<startEvent id="s"/><exclusiveGateway id="g"/><userTask id="a"/><userTask id="b"/>'
        + flow("s", "g")
        + flow("g", "a", "True")
        + flow("g", "b", "True")
    ).replace(b"</definitions>", f"{diagram}</bpmndi:BPMNDiagram></definitions>".encode())

    code = spiff_models.main([str(folder(tmp_path, drawn=model)), "--walks", "1"])

    assert code == 1
    assert "open user tasks are ['a'] here, but ['b'] in SpiffWorkflow" in capsys.readouterr().out


def test_what_cannot_be_compared_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cycle = '<timerEventDefinition><timeCycle>"R3/PT1S"</timeCycle></timerEventDefinition>'
    model = process(line(f'<intermediateCatchEvent id="w">{cycle}</intermediateCatchEvent>'))

    assert spiff_models.main([str(folder(tmp_path, model=model))]) == 0
    assert capsys.readouterr().out.startswith(
        "not comparable  tests/SpiffWorkflow/bpmn/data/model.bpmn  cycle timer at w"
    )
