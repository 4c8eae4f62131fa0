"""`bihuan feel`: results as JSON with every digit, faults with their place, refusals with their reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import cli, main

ROOT = Path(__file__).parents[3]


def feel(*arguments: str, stdin: str = "", language: str = "en") -> Result:
    environment = {"BIHUAN_LANGUAGE": language}
    return CliRunner().invoke(cli, ["feel", *arguments], input=stdin, env=environment, standalone_mode=False)


@pytest.fixture
def left_with(monkeypatch, capsys):
    """Run as the shell does: exit code, and what was printed on standard error."""

    def run(*arguments: str, language: str = "en") -> tuple[int, str]:
        monkeypatch.setenv("BIHUAN_LANGUAGE", language)
        with pytest.raises(SystemExit) as left:
            main(["feel", *arguments])
        return left.value.code, capsys.readouterr().err

    return run


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("1 + 0.1", "1.1"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("12345678901234567890.12 * 1", "12345678901234567890.12"),
        ("10 ** 50 + 0", "1.000000000000000000000000000000000E+50"),
        ("-5", "-5"),
        ("null", "null"),
        ("1 = 1", "true"),
        ('"优" + "秀"', '"优秀"'),
        ('@"2026-06-30"', '"2026-06-30"'),
        ('@"18:00:00"', '"18:00:00"'),
        ('@"2026-03-01T09:00:00@Asia/Shanghai"', '"2026-03-01T09:00:00@Asia/Shanghai"'),
        ('@"2026-06-30" - @"2026-06-01"', '"P29D"'),
        ("[1..5)", '"[1..5)"'),
        ("function(x: number) x", '"function function(x: number)"'),
    ],
)
def test_a_result_is_printed_as_json(expression: str, printed: str):
    assert feel(expression).output == f"{printed}\n"


def test_a_context_comes_as_json_from_a_file_or_from_standard_input(tmp_path):
    file = tmp_path / "context.json"
    file.write_text('{"预算 金额": 12345678901234567890.123456}', encoding="utf-8")

    for given, stdin in ((file.read_text("utf-8"), ""), (str(file), ""), ("-", file.read_text("utf-8"))):
        result = feel("预算 金额 * 2", "--context", given, stdin=stdin)
        assert json.loads(result.output, parse_float=Decimal) == Decimal("24691357802469135780.246912")


def test_names_of_the_context_may_hold_signs():
    assert feel("price-net + 1", "--context", '{"price-net": 2}').output == "3\n"


def test_functions_of_the_house_are_known():
    assert feel('add working days(@"2026-09-30", 5)').output == '"2026-10-13"\n'
    assert feel('quarter end(@"2026-05-01")').output == '"2026-06-30"\n'
    assert feel("total([1, null, 2])").output == "3\n"
    assert feel('matches("A01", "[A-Z]\\d+")').output == "true\n"


@pytest.mark.parametrize(
    ("cell", "value", "taken"),
    [("[60..80), > 90", "85", "false"), ("[60..80), > 90", "79.9", "true"), ('"优","良"', '"良"', "true"),
     ("-", "null", "true"), (">= limit", "5", "true"), ("> 5", "null", "null")],
)  # fmt: skip
def test_a_cell_of_a_decision_table_is_tested(cell: str, value: str, taken: str):
    assert feel(cell, "--unary", value, "--context", '{"limit": 5}').output == f"{taken}\n"


def test_the_day_is_that_of_the_option():
    assert feel("today()", "--now", "2026-03-01").output == '"2026-03-01"\n'
    assert feel("today()", "--now", "2026-03-01T20:00Z").output == '"2026-03-02"\n'
    assert feel("hour", "--context", '{"hour": 1}', "--now", "2026-03-01T09:30").output == "1\n"


def test_an_explanation_tells_the_values_of_the_parts_and_the_reasons_of_nulls():
    result = feel("amount * 2 + projekt.sum", "--context", '{"amount": 150}', "--explain")

    assert json.loads(result.output) == {
        "value": None,
        "reasons": [
            {"line": 1, "column": 14, "message": "Expected a variable 'projekt', but there is none"},
            {
                "line": 1,
                "column": 12,
                "message": "Expected operands that '+' is defined for, but found number and null",
            },
        ],
        "parts": [
            {"text": "amount * 2", "value": 300, "parts": [{"text": "amount", "value": 150}]},
            {"text": "projekt.sum", "value": None, "parts": [{"text": "projekt", "value": None}]},
        ],
    }


def test_a_fault_of_syntax_shows_its_place_and_leaves_with_2(left_with):
    assert left_with("amount >") == (
        2,
        "amount >\n        ^\nExpected an expression, but found the end at line 1, column 9.\n",
    )
    assert left_with("{a: 1,\n 预算: 2 + }") == (
        2,
        " 预算: 2 + }\n 　　      ^\nExpected an expression, but found '}' at line 2, column 10.\n",
    )
    assert left_with("预算 + + 1", language="zh") == (
        2,
        "预算 + + 1\n　　   ^\n第 1 行第 6 列：此处应为表达式，但遇到 '+'。\n",
    )


def test_work_beyond_the_budget_is_refused_with_1(left_with):
    endless = "for i in 1..20000 return for j in 1..20000 return i"

    assert left_with(endless) == (
        1,
        "Expected an expression within its budget of 250000 steps, but it needs more (max_steps).\n",
    )
    assert left_with(endless, language="zh") == (1, "表达式超出限额：最多 250000 步计算。\n")
    assert left_with("1" * 5000)[0] == 1


@pytest.mark.parametrize(
    ("context", "told"),
    [
        ("[1]", "Expected JSON or a readable file as --context, but '[1]': No such file or directory."),
        ('{"a": 1', "Expected a JSON object in --context, but: Expecting ',' delimiter"),
        ('{"a": NaN}', "Expected a JSON object in --context, but: NaN is no JSON"),
    ],
)
def test_a_context_that_is_none_is_wrong_usage(left_with, context: str, told: str):
    code, said = left_with("1", "--context", context)

    assert code == 2
    assert told in said


def test_one_expression_needs_neither_the_database_nor_the_server():
    program = (
        "import sys\nfrom api.cli import main\ntry:\n main(['feel', '1+1'])\nexcept SystemExit:\n pass\n"
        "print([name for name in ('sqlalchemy', 'flask', 'SpiffWorkflow', 'lxml') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True
    )

    assert done.stdout == "2\n[]\n"
