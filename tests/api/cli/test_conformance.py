"""`bihuan dmn tck`: counts per group and level, reasons of what fails, and a door for pipelines."""

from __future__ import annotations

import json
import signal
from decimal import Decimal
from pathlib import Path

import pytest

from api.cli import main
from api.cli.conformance import within_seconds
from engine.dmn.tck import OutOfTime
from tests.engine.dmn.tables import decision, definitions, input_data, literal

CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
 <modelName>model.dmn</modelName>
 <testCase id="001"><inputNode name="x"><value xsi:type="xsd:decimal">1</value></inputNode>
  <resultNode name="A"><expected><value xsi:type="xsd:decimal">2</value></expected></resultNode></testCase>
 <testCase id="002"><inputNode name="x"><value xsi:type="xsd:decimal">5</value></inputNode>
  <resultNode name="A"><expected><value xsi:type="xsd:decimal">9</value></expected></resultNode></testCase>
</testCases>"""


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """Two groups: of level 2 with one case that fails, of level 3 with two that pass or fail alike."""
    for group in ("compliance-level-2/0001-double", "compliance-level-3/0002-double"):
        folder = tmp_path / group
        folder.mkdir(parents=True)
        (folder / "model.dmn").write_bytes(definitions(input_data("x"), decision("A", literal("x * 2"), needs=["x"])))
        (folder / "model-test-01.xml").write_text(CASES, encoding="utf-8")
    passing = tmp_path / "compliance-level-3/0002-double/model-test-01.xml"
    passing.write_text(CASES.replace(">9<", ">10<"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def left_with(monkeypatch, capsys):
    """Run as the shell does: exit code, standard output, standard error."""

    def run(*arguments: str, language: str = "en") -> tuple[int, str, str]:
        monkeypatch.setenv("BIHUAN_LANGUAGE", language)
        with pytest.raises(SystemExit) as left:
            main(["dmn", "tck", *arguments])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


def test_groups_and_levels_are_counted(left_with, kit):
    assert left_with(str(kit))[:2] == (
        0,
        "    1/2     compliance-level-2/0001-double\n"
        "    2/2     compliance-level-3/0002-double\n"
        "level 2: 1/2  50.00 %\n"
        "level 3: 2/2  100.00 %\n",
    )


def test_failed_cases_are_listed_with_their_reasons(left_with, kit):
    _, told, _ = left_with(str(kit / "compliance-level-2"), "--failed", language="zh")

    assert (
        told == "    1/2     0001-double\n      未过  002\n              A: expected 9, found 10\n2 级： 1/2  50.00 %\n"
    )


def test_every_case_is_listed_when_asked(left_with, kit):
    _, told, _ = left_with(str(kit / "compliance-level-2"), "--cases")

    assert "      passed  001\n      failed  002\n" in told


def test_a_level_that_is_missed_leaves_with_1(left_with, kit):
    assert left_with(str(kit), "--require", "2=50", "--require", "3=100")[0] == 0
    code, _, said = left_with(str(kit), "--require", "2=50.1", "--require", "4=1")

    assert (code, said) == (1, "level 2: expected 50.1 %, found 50.00 %\nlevel 4: expected 1 %, found –\n")


def test_everything_is_told_as_json(left_with, kit):
    told = json.loads(left_with(str(kit), "--json")[1], parse_float=Decimal)

    assert told["levels"]["2"] == {"passed": 1, "total": 2, "percent": 50}
    assert [case["reasons"] for case in told["cases"]] == [[], ["A: expected 9, found 10"], [], []]


def test_what_takes_too_long_is_stopped_and_the_next_one_has_its_own_time():
    with pytest.raises(OutOfTime, match=r"more than 0\.01 s"), within_seconds(0.01):
        while True:
            pass
    with within_seconds(60):
        pass

    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_folder_without_cases_and_an_unsound_requirement_are_wrong_usage(left_with, kit, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()

    assert left_with(str(empty))[0] == 2
    assert left_with(str(kit), "--require", "3")[0] == 2
    assert left_with(str(kit), "--require", "3=101")[0] == 2
