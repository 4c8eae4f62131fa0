"""`deploy` and `check-definitions` tell what would go wrong before it does, in the reader's language."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import cli
from tests.api.rest.diagrams import RECTIFICATION
from tests.house import bpmn, flows, properties

CASES = """
[[case]]
name = "straight"
steps = [{ complete = "plan" }, { complete = "review" }]
expect = { user_tasks = ["plan", "review"], end = "end" }
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a diagram and its cases."""
    (tmp_path / "plan.bpmn").write_bytes(RECTIFICATION)
    (tmp_path / "plan.cases.toml").write_text(CASES, "utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, language: str = "en", opinion: str = "off") -> Result:
    environment = {
        "BIHUAN_VAR_DIR": str(folder / "var"),
        "BIHUAN_LANGUAGE": language,
        "BIHUAN_SECOND_OPINION": opinion,
    }
    return CliRunner().invoke(cli, arguments, env=environment, standalone_mode=False)


def test_a_check_tells_names_that_are_not_known_with_what_can_be_done(folder: Path) -> None:
    diagram = folder / "plan.bpmn"

    english, chinese = (run(folder, "check-definitions", str(diagram), language=each).output for each in ("en", "zh"))

    assert english == (
        f"{diagram}: rectification\n"
        "  warning: plan: User task plan shows form 'plan', which does not exist.\n"
        "    → Choose one of the forms, or bring it before the first instance gets there.\n"
        "  warning: review: User task review has no form.\n"
        "    → Choose a form.\n"
        "  note: Case 'straight' of rectification goes as expected (2 steps).\n"
    )
    assert "  警告: plan: 用户任务 plan 要用表单“plan”，没有这个表单。\n" in chinese
    assert "  提示: rectification 的用例“straight”符合预期（2 步）。\n" in chinese


def test_a_check_says_for_each_case_whether_both_engines_agree(folder: Path) -> None:
    told = run(folder, "check-definitions", str(folder / "plan.bpmn"), opinion="on").output

    assert (
        "  note: Case 'straight' of rectification goes as expected, and SpiffWorkflow shows the same after each step.\n"
        "  note: 1 of 1 random ways through rectification were compared with SpiffWorkflow, and both showed the same."
    ) in told


def test_a_case_that_goes_otherwise_is_a_refusal(folder: Path) -> None:
    (folder / "plan.cases.toml").write_text(CASES.replace('"plan", "review"], end', '"plan"], end'), "utf-8")

    checked = run(folder, "check-definitions", str(folder / "plan.bpmn"))

    assert checked.return_value == 1
    assert (
        "  plan.bpmn#rectification: Case 'straight' of rectification expects another user-tasks: plan instead of plan, "
        "review.\n    → Correct the diagram or the case.\n"
    ) in checked.output


def test_cases_may_lie_in_a_folder_of_their_own_or_be_named(folder: Path) -> None:
    elsewhere = folder / "cases"
    elsewhere.mkdir()
    (folder / "plan.cases.toml").rename(elsewhere / "plan.cases.toml")

    found = run(folder, "check-definitions", str(folder / "plan.bpmn")).output
    named = run(folder, "check-definitions", str(folder / "plan.bpmn"), str(elsewhere / "plan.cases.toml")).output

    assert "Case 'straight' of rectification goes as expected" in found
    assert named == found


def test_files_that_are_checked_together_know_one_another(folder: Path) -> None:
    calling = RECTIFICATION.replace(b'process id="rectification"', b'process id="caller"').replace(
        b'<userTask id="plan" name', b'<callActivity calledElement="rectification" id="plan" name'
    )
    start, _, rest = calling.partition(b"<callActivity")
    head, _, tail = rest.partition(b"/>")
    head = head.split(b"camunda:candidateGroups")[0]
    (folder / "call.bpmn").write_bytes(
        start
        + b"<callActivity"
        + head
        + b"/>"
        + tail.replace(b'name="fourEyesWith" value="plan"', b'name="phase" value="1"')
    )

    alone = run(folder, "check-definitions", str(folder / "call.bpmn")).output
    (folder / "plan.bpmn").write_bytes(RECTIFICATION.replace(b'id="rectification"', b'id="not_shipped"'))
    (folder / "call.bpmn").write_bytes(
        (folder / "call.bpmn").read_bytes().replace(b'"rectification"', b'"not_shipped"')
    )
    missing = run(folder, "check-definitions", str(folder / "call.bpmn")).output
    (folder / "plan.cases.toml").unlink()
    together = run(folder, "check-definitions", str(folder / "call.bpmn"), str(folder / "plan.bpmn")).output

    unknown = "Call activity plan calls process 'not_shipped', which is not deployed."
    assert (unknown in alone, unknown in missing, unknown in together) == (False, True, False)


def test_a_deployment_tells_its_report_and_keeps_the_cases(folder: Path) -> None:
    (folder / "plan.bpmn").write_bytes(RECTIFICATION.replace(b'id="rectification"', b'id="plan_only"'))

    first = run(folder, "deploy", str(folder / "plan.bpmn"), language="zh")
    again = run(folder, "deploy", str(folder / "plan.bpmn"), language="zh")

    assert first.output.splitlines()[0] == "process   plan_only:1  整改  (new)"
    assert "  警告: review: 用户任务 review 没有表单。" in first.output.splitlines()
    assert "  提示: plan_only 的用例“straight”符合预期（2 步）。" in first.output.splitlines()
    assert again.output.splitlines()[0] == "process   plan_only:1  整改  (unchanged)"
    assert "plan_only 的用例" not in again.output


def test_two_files_with_the_same_process_are_refused_by_a_check_as_by_a_deployment(folder: Path) -> None:
    (folder / "other.bpmn").write_bytes(RECTIFICATION)

    checked = run(folder, "check-definitions", str(folder / "plan.bpmn"), str(folder / "other.bpmn"))

    assert checked.return_value == 1
    told = "Expected process 'rectification' in one file, but found it in 'plan.bpmn' and 'other.bpmn'."
    assert told in checked.output


def test_cases_without_their_diagram_are_refused_by_a_check_as_by_a_deployment(folder: Path) -> None:
    checked = run(folder, "check-definitions", str(folder / "plan.cases.toml"))

    assert checked.return_value == 1
    assert "Expected a diagram plan.bpmn beside the cases 'plan.cases.toml', but found none." in checked.output


#: A bare flow out of a gateway is repaired; a property without meaning is a note.
REPAIRED = bpmn(
    "p",
    '<startEvent id="s"/><exclusiveGateway id="g"/><task id="a"/><task id="b"/>'
    + flows("s g", "g a", "a b")
    + '<sequenceFlow id="more" sourceRef="g" targetRef="b"><conditionExpression>= n > 1</conditionExpression>'
    "</sequenceFlow>",
).replace(b'<task id="a"/>', b'<task id="a">' + properties(colour="red").encode() + b"</task>")


def test_every_repair_is_told_and_other_notes_are_counted_unless_they_are_asked_for(folder: Path) -> None:
    (folder / "p.bpmn").write_bytes(REPAIRED)

    told, all_told, chinese = (
        run(folder, "check-definitions", str(folder / "p.bpmn"), *more, language=language).output
        for more, language in (((), "en"), (("--notes",), "en"), ((), "zh"))
    )

    assert "  note: Repaired (" in told
    assert "  1 more notes (--notes lists them)\n" in told and "'colour'" not in told
    assert "  note: Property 'colour' at a is kept on the element; the engine gives it no meaning.\n" in all_told
    assert "more notes" not in all_told
    assert "  另有 1 条提示（加 --notes 全部列出）\n" in chinese


def test_faults_of_a_case_file_name_that_file_and_hide_none(folder: Path) -> None:
    wrong = 'colour = 1\nshape = 2\n[[case]]\nname = "c"\nstep = []\nwish = 1\nsteps = [{ run = "x" }]\n'
    (folder / "plan.cases.toml").write_text(wrong, "utf-8")

    checked = run(folder, "check-definitions", str(folder / "plan.bpmn"))

    assert [text.strip() for text in checked.output.splitlines() if "plan.cases.toml#: " in text] == [
        f"plan.cases.toml#: The case file holds '{found}' at {place}, but is to hold {expected}."
        for found, place, expected in (
            ("colour", "top", "only given, case"),
            ("shape", "top", "only given, case"),
            ("step", "case 'c'", "only name, process, start, given, steps, answers, decisions, expect"),
            ("wish", "case 'c'", "only name, process, start, given, steps, answers, decisions, expect"),
            ("run", "case 'c': steps 1", "one of complete, pass, receive, broadcast"),
        )
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<!DOCTYPE a><a/>", "XML 不能带文档类型声明（<!DOCTYPE …>），请删去：它可能指向文件、地址和实体。"),
        (b"<a>\n<b></a>", "XML 不完整或写法不对，从第 2 行第 8 列开始读不下去。"),
    ],
)
def test_what_is_no_sound_xml_is_told_in_chinese(folder: Path, content: bytes, told: str) -> None:
    (folder / "plan.bpmn").write_bytes(content)

    checked = run(folder, "check-definitions", str(folder / "plan.bpmn"), language="zh")

    assert f"  plan.bpmn#: {told}\n" in checked.output
