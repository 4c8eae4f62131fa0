"""`evaluation score`: what it prints, how it leaves, and that nothing it is given makes it fail."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from api.cli import cli
from tests.processes.evaluation.official_form import DOCUMENT, ministry_form
from tests.processes.evaluation.published import FILES

SCHEMAS = Path(__file__).parents[3] / "processes" / "budget_performance" / "schemas"


@pytest.fixture
def score(tmp_path):
    """Score one file; gives the click result."""

    def score(content: bytes, *options: str, language: str = "en"):
        file = tmp_path / "form"
        file.write_bytes(content)
        arguments = ["evaluation", "score", str(file), "--now", "2026-09-15", *options]
        return CliRunner().invoke(cli, arguments, env={"BIHUAN_LANGUAGE": language}, standalone_mode=False)

    return score


def as_json(result) -> dict:
    return json.loads(result.stdout, parse_float=Decimal, parse_int=Decimal)


def test_example_a_as_json_keeps_every_digit(score):
    result = score(FILES["clean.xlsx"], "--json")

    answer = as_json(result)
    assert result.return_value == 0
    assert [str(row["score"]) for row in answer["indicators"]] == [
        "15.00", "14.40", "7.50", "9.52", "20.00", "7.50", "9.70",
    ]  # fmt: skip
    assert str(answer["execution"]["score"]) == "9.20"
    assert (str(answer["total"]["computed"]), answer["total"]["printed"]) == ("92.82", Decimal("92.82"))
    assert str(answer["total"]["exact"]) == "92.82380952380952380952380952"
    assert answer["grade"] == {"computed": "优", "with_hand_set": "优", "printed": "优"}
    assert (answer["findings"], answer["may_be_signed"]) == ([], True)
    assert answer["indicators"][3]["target"] == {
        "text": "≤3000元/㎡", "doubts": [], "kind": "quantity", "comparator": "<=", "value": 3000, "scale": 1,
        "unit": "元/㎡", "normalised": 3000, "normalised_unit": "元/平方米",
    }  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_the_report_is_as_its_schema_says(score, name):
    schema = json.loads((SCHEMAS / "evaluation_report.schema.json").read_text("utf-8"))

    faults = Draft202012Validator(schema).iter_errors(json.loads(score(FILES[name], "--json").stdout))

    assert [fault.message for fault in faults] == []


@pytest.mark.parametrize("name", ["self_evaluation", "evaluation_report"])
def test_the_schemas_are_sound(name):
    Draft202012Validator.check_schema(json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8")))


@pytest.mark.parametrize(
    ("options", "execution", "fourth"),
    [
        ((), "9.20", "9.52"),
        (("--decimals", "1"), "9.2", "9.5"),
        (("--decimals", "0"), "9", "10"),
        (("--decimals", "0", "--cut"), "9", "9"),
        (("--half-up",), "9.20", "9.52"),
    ],
)
def test_the_rounding_of_the_campaign_is_chosen(score, options, execution, fourth):
    answer = as_json(score(FILES["clean.json"], "--json", *options))

    assert (str(answer["execution"]["score"]), str(answer["indicators"][3]["score"])) == (execution, fourth)
    assert str(answer["execution"]["exact"]) == "9.2"


def test_the_execution_may_be_reckoned_from_the_printed_rate(score):
    document = json.dumps({**DOCUMENT, "spent": 740, "exec_rate": "93%", "exec_score": 9.3}).encode()

    answers = [as_json(score(document, "--json", "--rate", rate)) for rate in ("exact", "printed")]

    assert [str(each["execution"]["score"]) for each in answers] == ["9.25", "9.30"]
    assert answers[1]["rounding"] == {"decimals": 2, "mode": "half_up", "rate": "printed"}


def test_findings_carry_code_row_and_both_languages(score):
    (first, *_) = as_json(score(FILES["road.xlsx"], "--json"))["findings"]

    assert first == {
        "code": "OVERSPENT",
        "severity": "blocking",
        "row": 6,
        "places": ["F6", "E6"],
        "message_zh": "“年度资金总额”全年执行数 812 万元大于全年预算数 800 万元。",
        "message_en": "“年度资金总额”: 812 万元 were spent, more than the adjusted budget of 800 万元.",
        "basis": "R06, example F",
        "facts": {"name": "年度资金总额", "spent": 812, "adjusted": 800},
    }


def test_people_get_a_table_in_their_language(score):
    chinese = score(FILES["road.xlsx"], language="zh").output.splitlines()
    english = score(FILES["road.xlsx"], language="en").output

    assert chinese[0] == "义务教育薄弱环节改善（2025年度）"
    assert chinese[1] == "得分取舍: 2 位小数, 四舍五入, 按准确执行率"
    assert chinese[3].split() == ["行", "三级指标", "指标值", "完成值", "分值", "计算得分", "填报得分"]
    assert "  ✗ OVERSPENT  第 6 行 F6 E6: “年度资金总额”全年执行数 812 万元大于全年预算数 800 万元。" in chinese
    assert "total: 93.95 优" in english
    assert "  ! UNIT_WRONG  row 14 E14: “项目总成本”" in english


def test_a_form_in_which_everything_fits_says_so(score):
    assert score(FILES["clean.xlsx"], language="zh").output.endswith("勾稽无误。\n")


@pytest.mark.parametrize(
    ("name", "plain", "strict"), [("clean.xlsx", 0, 0), ("township.xlsx", 0, 0), ("road.xlsx", 0, 1)]
)
def test_findings_decide_the_exit_code_only_where_asked(score, name, plain, strict):
    assert score(FILES[name]).return_value == plain
    assert score(FILES[name], "--strict").return_value == strict


def test_a_form_that_cannot_be_read_tells_every_fault_at_once(score):
    result = score(ministry_form(changes={"G13": "十五", "H14": "优"}), language="zh")

    assert result.return_value == 1
    assert (
        "  G13: 第 13 行：应为数字，当前为“十五”。\n  H14: 第 14 行：应为数字，当前为“优”。\n" in result.stderr
    )


def test_a_refusal_is_json_where_json_is_asked_for(score):
    result = score(b'{"indicators": [{"l2": 3}], "totl": 1}', "--json")

    refused = as_json(result)["refused"]
    assert (result.return_value, refused["code"]) == (1, "unsound-document")
    assert [(each["code"], each["path"]) for each in refused["faults"]] == [
        ("unknown-field", ""), ("required", "indicators/0"), ("wrong-type", "indicators/0/l2"),
    ]  # fmt: skip


def test_a_file_that_is_not_there_is_wrong_usage():
    result = CliRunner().invoke(cli, ["evaluation", "score", "absent.xlsx"])

    assert result.exit_code == 2


TEXTS = st.text(max_size=20) | st.sampled_from(
    ["≥50个", "12月底前", "90%", "-5", "0", "效果明显", "……", "5-10个", "不适用"]
)
SMALL = st.integers(-10, 110)
NUMBERS = SMALL | st.integers(-(10**32), 10**32) | st.floats(-1e6, 1e6).map(lambda each: round(each, 4)) | st.none()
ROWS = st.fixed_dictionaries(
    {"l3": st.text(min_size=1, max_size=10)},
    optional={
        "l1": TEXTS, "l2": TEXTS, "nature": TEXTS, "target": TEXTS | NUMBERS, "actual": TEXTS | NUMBERS,
        "unit_name": TEXTS, "weight": st.integers(0, 60) | NUMBERS, "score": NUMBERS, "cause": TEXTS,
        "applies": st.booleans(), "rating": st.sampled_from(["met", "partly", "not"]), "ratio": NUMBERS,
        "target_too_low": st.booleans(),
    },
)  # fmt: skip
DOCUMENTS = st.fixed_dictionaries(
    {"indicators": st.lists(ROWS, min_size=1, max_size=4)},
    optional={
        "budget_initial": NUMBERS, "budget_adj": NUMBERS, "spent": NUMBERS, "exec_rate": NUMBERS,
        "exec_weight": NUMBERS, "exec_score": NUMBERS, "exec_reason": TEXTS, "total": NUMBERS, "goal_year": TEXTS,
        "fiscal_year": st.integers(1990, 2100),
        "group_points": st.dictionaries(TEXTS, st.integers(-10, 200), max_size=2),
    },
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    document=DOCUMENTS, options=st.sampled_from([(), ("--json",), ("--decimals", "0", "--cut", "--rate", "printed")])
)
def test_whatever_a_document_says_it_is_scored_or_refused(score, document, options):
    result = score(json.dumps(document).encode(), *options)

    assert result.exception is None
    assert result.return_value in (0, 1)
