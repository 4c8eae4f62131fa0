"""`bihuan dmn`: decisions in files are asked, explained and examined without an installation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import cli, main
from api.texts import problem_texts
from api.texts.diagrams import diagram_texts
from tests.engine.dmn.tables import LATEST, decision, definitions, input_data, literal, table

RULES = Path(__file__).parents[3] / "processes" / "budget_performance"


def dmn(*arguments: str, language: str = "en") -> Result:
    environment = {"BIHUAN_LANGUAGE": language}
    return CliRunner().invoke(cli, ["dmn", *arguments], env=environment, standalone_mode=False)


@pytest.fixture
def left_with(monkeypatch, capsys):
    """Run as the shell does: exit code, standard output, standard error."""

    def run(*arguments: str, language: str = "en") -> tuple[int, str, str]:
        monkeypatch.setenv("BIHUAN_LANGUAGE", language)
        with pytest.raises(SystemExit) as left:
            main(["dmn", *arguments])
        said = capsys.readouterr()
        return left.value.code, said.out, said.err

    return run


@pytest.fixture
def written(tmp_path):
    """Write a file of these elements; gives its path."""

    def write(*elements: str, name: str = "model.dmn") -> str:
        (tmp_path / name).write_bytes(definitions(*elements))
        return str(tmp_path / name)

    return write


def test_the_only_decision_of_a_file_answers_with_the_delivered_thresholds():
    assert dmn("evaluate", str(RULES / "R03.dmn"), "--context", '{"score": 89.99}').output == '"良"\n'


def test_thresholds_of_the_context_beat_those_delivered():
    context = '{"score": 89.99, "rule": {"R03": {"excellent": 85, "good": 80, "medium": 60}}}'
    result = dmn("evaluate", str(RULES / "R03.dmn"), "--context", context, "--explain")

    assert json.loads(result.output)["value"] == "优"
    assert json.loads(result.output)["settings"] == {}


def test_an_explanation_tells_inputs_matched_rules_with_their_basis_and_the_thresholds_in_force():
    result = dmn(
        "evaluate", str(RULES / "R03.dmn"), "--context", '{"score": 89.99}', "--explain", "--now", "2026-09-15"
    )
    explained = json.loads(result.output)
    step = explained["decisions"][0]

    assert (explained["value"], step["id"], step["name"]) == ("良", "R03", "评价等级")
    assert step["inputs"] == [{"label": "得分", "expression": "score", "value": "89.99"}]
    assert [(rule["number"], rule["annotation"], rule["basis"]) for rule in step["matched"]] == [
        (2, "良", "HB18 art.4")
    ]
    assert explained["settings"]["rule.R03.good"] == {
        "value": 80,
        "unit": "points",
        "basis": "HB18 art.4",
        "valid_from": "2025-01-01",
        "valid_to": None,
    }


def test_a_decision_is_found_by_id_or_name_and_a_service_as_well(written):
    service = (
        '<decisionService id="s" name="both"><outputDecision href="#A"/><inputData href="#in_x"/></decisionService>'
    )
    file = written(
        input_data("x"),
        decision("A", literal("x + 0.10"), needs=["x"]),
        decision("B", literal("x * 2"), needs=["x"]),
        service,
    )

    answers = [
        dmn("evaluate", file, "--decision", name, "--context", '{"x": 1}').output for name in ("A", "B", "s", "both")
    ]
    assert answers == ["1.10\n", "2\n", "1.10\n", "1.10\n"]


def test_days_are_given_as_text_where_the_file_declares_them(written):
    file = written(
        input_data("due", types="date"),
        decision("A", literal('add working days(due, 5) + duration("P0D")'), needs=["due"]),
    )

    assert dmn("evaluate", file, "--context", '{"due": "2026-09-30"}').output == '"2026-10-13"\n'


def test_imported_models_lie_beside_the_file(written, tmp_path):
    written(input_data("age"), decision("adult", literal("age >= 18"), needs=["age"]), name="people.dmn")
    (tmp_path / "main.dmn").write_text(
        f"""<definitions xmlns="{LATEST}" id="m" name="m" namespace="urn:other">
        <import name="people" namespace="urn:test" importType="{LATEST}"/>
        <decision id="A" name="A"><variable name="A"/>
        <informationRequirement><requiredDecision href="urn:test#adult"/></informationRequirement>
        <literalExpression><text>not(people.adult)</text></literalExpression></decision></definitions>""",
        encoding="utf-8",
    )

    assert dmn("evaluate", str(tmp_path / "main.dmn"), "--context", '{"age": 17}').output == "true\n"


def test_a_decision_that_is_not_there_or_not_said_is_wrong_usage(left_with, written):
    file = written(decision("A", literal("1")), decision("B", literal("2")))

    for arguments, told in (
        ((), "Expected --decision, for the file has several. There are: A, B."),
        (("--decision", "C"), "Expected a decision 'C'. There are: A, B."),
    ):
        code, _, said = left_with("evaluate", file, *arguments)
        assert code == 2
        assert told in said


def test_a_decision_that_cannot_answer_leaves_with_1(left_with):
    code, told, said = left_with("evaluate", str(RULES / "R03.dmn"), "--context", '{"score": "much"}')

    assert (code, told) == (1, "")
    assert "Expected a number as 'score', but found string 'much'." in said


def test_a_file_that_is_refused_leaves_with_1_and_all_its_faults(left_with, written):
    code, _, said = left_with("evaluate", written(decision("A", literal("1 +")), decision("B", literal("2 -"))))

    assert code == 1
    assert "A" in said and "B" in said
    assert said.count("Expected an expression, but found the end at line 1, column 4.") >= 2


def test_the_shipped_tables_have_no_error():
    result = dmn("check", *map(str, sorted(RULES.glob("*.dmn"))))

    assert result.return_value == 0
    assert "error" not in result.output


def test_findings_are_told_with_an_example_and_an_error_leaves_with_1(left_with, written):
    overlapping = table("UNIQUE", "x:number", "a:number", "<= 10 => 1\n>= 10 => 2")
    file = written(input_data("x"), decision("A", overlapping, needs=["x"]))

    english, chinese = (left_with("check", file, language=language) for language in ("en", "zh"))

    assert english[:2] == (
        1,
        f"{file}: 1 findings\n"
        "  A: error: Expected at most one answer under UNIQUE, but rules 1 and 2 match the same input.\n"
        "    e.g. x = 10\n",
    )
    assert chinese[:2] == (
        1, f"{file}: 1 项发现\n  A: 错误: 命中策略为 UNIQUE，只应有一条规则匹配，但规则 1、2 匹配同一输入：x = 10。\n"
    )  # fmt: skip


def test_warnings_leave_with_0_and_tables_within_other_logic_are_examined(left_with, written):
    gap = table("UNIQUE", "x:string", "a:number", '"p" => 1')
    inside = f"<context><contextEntry><variable name='rate'/>{gap}</contextEntry></context>"
    file = written(input_data("x"), decision("A", inside, needs=["x"]))
    code, told, _ = left_with("check", file, "--json")
    report = json.loads(told)[0]

    assert (code, report["file"], report["refused"]) == (0, file, None)
    assert [(f["code"], f["severity"], f["example"]) for f in report["decisions"]["A"]] == [
        ("gap", "warning", {"x": "…"})
    ]


def test_thresholds_that_cross_are_found_when_they_are_given(left_with):
    context = '{"rule": {"R03": {"excellent": 90, "good": 95, "medium": 60}}}'
    code, told, _ = left_with("check", str(RULES / "R03.dmn"), "--context", context)

    assert code == 0
    assert "R03: warning: Expected rule 2 (R03_r2) to be reached, but rule 1 takes all its inputs." in told


def test_a_refused_file_is_an_error_of_the_check(left_with, written):
    code, told, said = left_with("check", written(decision("A", literal("1 +"))))

    assert code == 1
    assert told.endswith("model.dmn: refused\n")
    assert "Expected an expression" in said


def test_a_name_that_is_not_declared_is_a_finding_with_what_can_be_done(written):
    columns = table("UNIQUE", "scores:number", "a:string", '> 1 => "A"\n<= 1 => "B"')
    file = written(input_data("score"), decision("A", columns, needs=["score"]))

    assert dmn("check", file).output == (
        f"{file}: 1 findings\n"
        "  A: warning: i0 reads 'scores', which the decision does not declare; declared are: score.\n"
        "    → Correct the name, or draw input data of that name with a requirement to it.\n"
    )
    chinese = dmn("check", file, language="zh").output
    assert "  A: 警告: i0 读取“scores”，该决策没有声明它；已声明的有：score。\n" in chinese
    assert "    → 改正名称，或画出同名的输入数据并连到该决策。\n" in chinese


def test_faults_of_a_file_are_told_in_chinese(left_with, written):
    columns = table("UNIQUE", "x:numbr, y:number", "a:string", '> 1 => "A"\n> > 1 | - => "B"')
    file = written(input_data("x", "y"), decision("A", columns, needs=["x", "y"]))

    _, _, told = left_with("check", file, language="zh")

    assert "  r1: 规则的单元格数与列数不符：应有 2 个输入、1 个输出，实际有 1 个、1 个。\n" in told
    assert "  r2/inputEntry: 不是正确的 FEEL 表达式（第 1 行第 3 列）：> > 1\n" in told
    assert "  i0: 没有声明类型“numbr”，FEEL 中也没有。\n" in told


def test_every_fault_of_a_decision_file_has_its_text():
    sources = Path(__file__).parents[3] / "engine" / "dmn"
    written_codes = {code for file in sources.glob("*.py") for code in re.findall(r'"(dmn-[a-z-]+)"', file.read_text())}

    assert written_codes > {"dmn-feel", "dmn-rule-width"}
    assert {code for code in written_codes if code not in {**problem_texts(), **diagram_texts()}} == set()
