"""The runner of the kit: counts cases, tells why one fails, and neither crashes nor waits for ever."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.dmn.tck import CaseResult, OutOfTime, run_folder
from engine.feel import FeelFunction
from tests.engine.dmn.tables import decision, definitions, input_data, literal

HEAD = (
    '<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">'
    "<modelName>model.dmn</modelName>"
)


def case(
    number: int, given: str, expected: str, *, kind: str = "decimal", asked: str = "A", error: bool = False
) -> str:
    value = f'<value xsi:type="xsd:{kind}">{expected}</value>' if expected else '<value xsi:nil="true"/>'
    return (
        f'<testCase id="{number:03}"><inputNode name="x"><value xsi:type="xsd:decimal">{given}</value></inputNode>'
        f'<resultNode name="{asked}"{" errorResult=" + repr("true") if error else ""}><expected>{value}</expected>'
        "</resultNode></testCase>"
    )


@pytest.fixture
def kit(tmp_path: Path):
    """Write one group of the kit; gives its root."""

    def write(logic: str, *cases: str, group: str = "compliance-level-2/0001-sample") -> Path:
        folder = tmp_path / group
        folder.mkdir(parents=True)
        (folder / "model.dmn").write_bytes(definitions(input_data("x"), decision("A", literal(logic), needs=["x"])))
        (folder / "model-test-01.xml").write_text(f"{HEAD}{''.join(cases)}</testCases>", encoding="utf-8")
        return tmp_path

    return write


def ran(root: Path, functions: Mapping[str, FeelFunction] | None = None, **options: object) -> list[CaseResult]:
    return list(run_folder(root, functions=functions, **options))  # type: ignore[arg-type]


def test_cases_pass_when_every_result_is_found(kit):
    root = kit("x * 2", case(1, "2", "4"), case(2, "2", "4.000000001"), case(3, "2", "5"), case(4, "2", ""))

    assert [(each.level, each.group, each.case, each.passed) for each in ran(root)] == [
        ("2", "compliance-level-2/0001-sample", "001", True),
        ("2", "compliance-level-2/0001-sample", "002", True),
        ("2", "compliance-level-2/0001-sample", "003", False),
        ("2", "compliance-level-2/0001-sample", "004", False),
    ]
    assert [each.reasons for each in ran(root)][2] == ("A: expected 5, found 4",)


def test_the_level_is_known_inside_of_its_folder_and_elsewhere_the_first_folder(kit, tmp_path):
    kit("x", case(1, "1", "1"))
    kit("x", case(1, "1", "1"), group="own/sample")

    assert [each.level for each in ran(tmp_path / "compliance-level-2" / "0001-sample")] == ["2"]
    assert {each.level for each in ran(tmp_path)} == {"2", "own"}


def test_an_error_that_is_expected_passes(kit):
    root = kit('x + "a"', case(1, "1", "", error=True), case(2, "1", ""))

    assert [each.passed for each in ran(root)] == [True, True]


def test_a_decision_that_is_not_there_fails_with_its_reason(kit):
    root = kit("x", case(1, "1", "1", asked="B"))

    assert ran(root)[0].reasons == ("B: refused: Expected a decision 'B', but there is none.",)


def test_a_file_that_cannot_be_read_fails_alone(kit):
    root = kit("x", case(1, "1", "1"))
    (root / "broken.xml").write_text("<testCases", encoding="utf-8")

    assert [(each.case, each.passed) for each in ran(root)] == [("broken.xml", False), ("001", True)]


def test_a_model_that_cannot_be_read_fails_all_its_cases(kit):
    root = kit("x", case(1, "1", "1"), case(2, "1", "1"))
    (root / "compliance-level-2/0001-sample/model.dmn").write_bytes(b"<no")

    assert [each.reasons[0][:20] for each in ran(root)] == ["the model: refused: "] * 2


def test_a_crash_is_a_failure_of_its_case(kit):
    @contextmanager
    def crashing() -> Generator[None]:
        yield
        raise ZeroDivisionError("oh")

    assert ran(kit("x", case(1, "1", "1")), guard=crashing)[0].reasons == ("the model: crashed: ZeroDivisionError: oh",)


def test_a_case_out_of_time_is_a_failure_and_the_next_one_runs(kit):
    late = iter([False, True, False])

    @contextmanager
    def guard() -> Generator[None]:
        if next(late):
            raise OutOfTime("5 s")
        yield

    found = ran(kit("x", case(1, "1", "1"), case(2, "2", "2")), guard=guard)

    assert [each.reasons for each in found] == [("A: out of time: 5 s",), ()]
