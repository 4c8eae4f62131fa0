"""Before a process is deployed its cases are played on our kernel and on SpiffWorkflow, and random ways beside them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.bpmn import Report, read_process_file
from engine.bpmn.findings import FINDINGS
from engine.bpmn.opinion.case_file import read_cases
from engine.bpmn.opinion.cases import Broadcast, Case, Complete, Pass, Raises, Receive
from engine.bpmn.opinion.stage import play
from engine.bpmn.report import Findings
from engine.bpmn.second_opinion import second_opinion
from engine.bpmn.trial import WALKS, Trial, try_out, try_out_all
from tests.engine.bpmn.diagrams import flow, line, process

#: start -> fill -> review -> passed? -> done, or back to fill.
REVIEWED = process(
    '<startEvent id="start"/><userTask id="fill"/><userTask id="review"/>'
    '<exclusiveGateway id="passed" default="passed-fill"/><endEvent id="done"/>'
    + flow("start", "fill")
    + flow("fill", "review")
    + flow("review", "passed")
    + flow("passed", "done", 'decision = "pass"')
    + flow("passed", "fill")
)
RETURNED_ONCE = """
[given]
amount = 10

[[case]]
name = "returned once"
steps = [
  { complete = "fill" },
  { complete = "review", with = { decision = "return" } },
  { complete = "fill", with = { amount = 12.50 } },
  { complete = "review", with = { decision = "pass" } },
]
expect = { user_tasks = ["fill", "review", "fill", "review"], end = "done", variables = { amount = 12.50 } }
"""


def tried(xml: bytes, cases: str | None, stage: Any = play) -> Report:
    content = cases.encode() if cases is not None else None
    return try_out(Trial(xml=xml, cases=content), functions=None, stage=stage)


def told(report: Report) -> list[tuple[str, str]]:
    """Code and element of each entry."""
    return [(entry.code, entry.element_id) for entry in report]


def test_a_case_that_goes_as_expected_is_told_and_compared() -> None:
    report = tried(REVIEWED, RETURNED_ONCE)

    assert told(report) == [("case-passes", "p"), ("opinion-agrees", "p"), ("opinion-walked", "p")]
    assert report.entries[0].message == "Case 'returned once' of p goes as expected (4 steps)."
    assert 1 < report.entries[2].facts["agreed"] == report.entries[2].facts["count"] <= WALKS


def test_without_a_stage_the_cases_are_still_played() -> None:
    assert told(tried(REVIEWED, RETURNED_ONCE, stage=None)) == [("case-passes", "p")]
    assert told(tried(REVIEWED, RETURNED_ONCE.replace('end = "done"', 'state = "failed"'), None)) == [
        ("case-expectation", "p")
    ]


def test_a_diagram_without_cases_is_walked_through() -> None:
    assert told(tried(REVIEWED, None)) == [("opinion-walked", "p")]
    assert told(tried(REVIEWED, None, stage=None)) == []


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (
            'user_tasks = ["fill", "review", "fill", "review"]',
            'user_tasks = ["fill", "review"]',
            "Case 'returned once' of p expects another user-tasks: fill, review instead of fill, review, fill, review.",
        ),
        ('end = "done"', 'end = "done", state = "running"', "expects another state: running instead of ended."),
        (
            "{ amount = 12.50 } }\n",
            "{ amount = 13 } }\n",
            "expects another variable: amount = 13 instead of amount = 12.50.",
        ),
    ],
)
def test_another_outcome_than_expected_is_an_error(before: str, after: str, message: str) -> None:
    (entry,) = tried(REVIEWED, RETURNED_ONCE.replace(before, after), stage=None).errors

    assert (entry.code, entry.element_id) == ("case-expectation", "p")
    assert entry.message.endswith(message)


def test_a_step_that_is_not_open_names_its_element_and_what_is() -> None:
    hasty = RETURNED_ONCE.replace('{ complete = "fill" },', '{ complete = "review" },')

    (entry,) = tried(REVIEWED, hasty).errors

    assert (entry.code, entry.element_id) == ("case-does-not-fit", "review")
    assert entry.message == "In case 'returned once', step 1 completes review, but open are: fill."


def test_steps_beyond_the_end_are_an_error() -> None:
    longer = RETURNED_ONCE.replace("\n]\n", '\n  { complete = "fill" },\n]\n', 1)

    assert ("case-goes-on", "p") in told(tried(REVIEWED, longer, stage=None))


def test_a_process_that_cannot_be_started_as_the_case_says_is_an_error() -> None:
    xml = process(
        line('<userTask id="u"/>').replace(
            '<startEvent id="s"/>',
            '<startEvent id="s"/><startEvent id="m"><messageEventDefinition messageRef="M"/></startEvent>',
        )
        + flow("m", "u"),
        roots='<message id="M" name="hello"/>',
    )
    cases = '[[case]]\nname = "by message"\nstart = "m"\nexpect = { user_tasks = ["u"], state = "running" }\n'

    assert told(tried(xml, cases, stage=None)) == [("case-passes", "p")]
    assert told(tried(xml, cases.replace('"m"', '"u"'), stage=None)) == [("cases-element", "u")]


def liar(request: dict[str, Any]) -> list[Any]:
    """A stage on which everything waits at an element that our kernel does not know of."""
    answers = play(request)
    for answer in answers:
        answer["showing"]["sights"][0][0] = ["elsewhere"]
    return answers


def test_engines_that_part_are_an_error_at_the_element_where_they_do() -> None:
    report = tried(REVIEWED, RETURNED_ONCE, stage=liar)

    first = report.errors[0]
    assert (first.code, first.element_id, first.facts["case"], first.facts["step"]) == (
        "opinion-differs", "elsewhere", "returned once", 0,
    )  # fmt: skip
    assert first.message == (
        "In case 'returned once' the engines part at elsewhere after step 0: user-tasks ['fill'] here, but "
        "['elsewhere'] in SpiffWorkflow."
    )
    assert first.mend


def test_the_same_difference_on_many_ways_is_told_once() -> None:
    assert [entry.facts["case"] for entry in tried(REVIEWED, None, stage=liar).errors] == ["walk 1"]


def test_what_spiffworkflow_cannot_follow_is_told_with_its_reason_and_refuses_nothing() -> None:
    xml = process(
        line('<userTask id="u"/>')
        + '<subProcess id="stop" triggeredByEvent="true"><startEvent id="ss"><messageEventDefinition messageRef="M"/>'
        '</startEvent><endEvent id="stopped"/>' + flow("ss", "stopped") + "</subProcess>",
        roots='<message id="M" name="stop"/>',
    )
    cases = '[[case]]\nname = "stopped"\nsteps = [{ receive = "stop" }]\nexpect = { end = "stopped" }\n'

    report = tried(xml, cases)

    assert not report.is_refusal
    assert told(report)[:2] == [("case-passes", "p"), ("opinion-not-comparable", "stop")]
    assert report.entries[1].facts == {
        "case": "stopped",
        "cause": "interrupting-event-sub-process",
        "reason": "interrupting event sub-process at stop",
    }


def test_a_way_that_needs_too_much_is_undecided_and_refuses_nothing() -> None:
    def exhausted(request: dict[str, Any]) -> list[Any]:
        return [{"reason": "SpiffWorkflow took more than 60 s", "cause": "limits"} for _ in request["cases"]]

    report = tried(REVIEWED, RETURNED_ONCE, stage=exhausted)

    assert not report.is_refusal
    assert [entry.facts["cause"] for entry in report if entry.code == "opinion-not-comparable"] == ["limits"] * 2


def test_what_our_own_side_trips_over_is_told_and_refuses_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def broken(request: dict[str, Any]) -> list[Any]:
        raise KeyError("n7")

    report = tried(REVIEWED, RETURNED_ONCE, stage=broken)

    assert told(report) == [("case-passes", "p"), ("opinion-not-comparable", "p")]
    assert report.entries[1].facts == {"case": "–", "cause": "broke-off", "reason": "KeyError: 'n7'"}
    assert "the second opinion on p broke off" in caplog.text


def test_ways_that_come_out_the_same_are_played_once() -> None:
    (entry,) = tried(process(line('<userTask id="u"/>')), None)

    assert entry.facts == {"agreed": 1, "count": 1}


def test_every_process_of_a_file_is_tried_by_its_own_cases() -> None:
    pools = (
        '<collaboration id="c"><participant id="one" processRef="p"/><participant id="two" processRef="q"/>'
        "</collaboration>"
    )
    second = process(line('<userTask id="v"/>')).split(b"<process")[1].split(b"</process>")[0]
    second = second.replace(b'id="p"', b'id="q"')
    for name in (b"s", b"e"):
        second = second.replace(b'"%s"' % name, b'"q%s"' % name).replace(b'"%s-' % name, b'"q%s-' % name)
    both = process(line('<userTask id="u"/>'), roots=pools)
    xml = both.replace(
        b"</definitions>", b"<process" + second.replace(b'"v-e"', b'"v-qe"') + b"</process></definitions>"
    )
    cases = (
        '[[case]]\nname = "one"\nsteps = [{ complete = "u" }]\n'
        '[[case]]\nname = "two"\nprocess = "q"\nsteps = [{ complete = "v" }]\n'
    )

    report = tried(xml, cases, stage=None)

    assert told(report) == [("case-passes", "p"), ("case-passes", "q")]


def test_many_diagrams_are_tried_each_for_itself_and_told_in_their_order() -> None:
    trials = [
        Trial(xml=REVIEWED, cases=RETURNED_ONCE.encode()),
        Trial(xml=REVIEWED.replace(b'<process id="p"', b'<process id="q"')),
    ]

    reports = try_out_all(trials, functions=None, stage=play)

    assert [{entry.element_id for entry in report} for report in reports] == [{"p"}, {"q"}]


# --- the case file ----------------------------------------------------------------------------------------------------


def read(text: str) -> tuple[list[str], Any]:
    """Messages of what is found, and the file."""
    findings = Findings()
    graphs = {graph.key: graph for graph in read_process_file(EVERYTHING, ref_of=str).graphs}
    file = read_cases(text.encode(), graphs, findings)
    return [entry.message for entry in findings.report()], file


EVERYTHING = process(
    line(
        '<userTask id="u"/>',
        '<serviceTask id="serve" implementation="x"/>',
        '<businessRuleTask id="rule" camunda:decisionRef="R1" camunda:resultVariable="grade"/>',
    )
)


def test_a_case_file_may_hold_every_kind_of_step_answer_and_value() -> None:
    found, file = read(
        """
        [given]
        amount = 1
        day = 2026-03-01
        at = 2026-03-01T09:00:00+08:00
        [[case]]
        name = "everything"
        start = "s"
        given = { amount = 2, deep = { list = [1.5, "a", true] } }
        steps = [
          { complete = "u", with = { ok = true } },
          { pass = "5WD" }, { pass = "PT10M" },
          { receive = "hello", with = { n = 1 } },
          { broadcast = "stop" },
        ]
        answers = { serve = [{ found = false }, { error = "GONE" }] }
        decisions = { R1 = ["a", { b = 1 }] }
        expect = { user_tasks = ["u"], end = "e", state = "failed", variables = { x = 1 } }
        """
    )

    assert found == []
    (written,) = file.cases
    assert written.case == Case(
        name="everything",
        variables={
            "amount": Decimal(2),
            "day": date(2026, 3, 1),
            "at": datetime(2026, 3, 1, 1, tzinfo=UTC),
            "deep": {"list": [Decimal("1.5"), "a", True]},
        },
        steps=(
            Complete("u", {"ok": True}),
            Pass(timedelta(days=5)),
            Pass(timedelta(minutes=10)),
            Receive("hello", {"n": Decimal(1)}),
            Broadcast("stop"),
        ),
        answers={"serve": ({"found": False}, Raises(error_code="GONE"))},
        decisions={"R1": ("a", {"b": Decimal(1)})},
        start_element_id="s",
    )
    assert (written.process, written.expected.end, written.expected.state) == ("p", "e", "failed")
    assert file.given["amount"] == Decimal(1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[case", "The case file is no TOML: Expected ']]' at the end of an array declaration (at end of document)"),
        ("cases = 1", "The case file holds 'cases' at top, but is to hold only given, case."),
        ("[[case]]\nsteps = []", "The case file holds 'None' at case 1: name, but is to hold a text."),
        ('[[case]]\nname = "a"\nsteps = [{ do = "u" }]', "holds 'do' at case 'a': steps 1, but is to hold one of"),
        ('[[case]]\nname = "a"\nsteps = [{ pass = "soon" }]', "is to hold a length of time such as 5WD, 30D or PT10M."),
        ('[[case]]\nname = "a"\nexpect = { state = "well" }', "is to hold one of ended, running, failed."),
        ('[[case]]\nname = "a"\nprocess = "q"', "holds 'q' at case 'a': process, but is to hold one of p."),
        (
            '[[case]]\nname = "a"\ngiven = { at = 2026-03-01T09:00:00 }',
            "a text, number, truth value, day, instant with",
        ),
        ('[[case]]\nname = "a"\n[[case]]\nname = "a"', "is to hold a name that no other case has."),
        (
            '[[case]]\nname = "a"\nsteps = [{ complete = "x" }]',
            "Case 'a' names 'x', which is no user task of process p.",
        ),
        ('[[case]]\nname = "a"\nexpect = { end = "u" }', "Case 'a' names 'u', which is no end event of process p."),
        ('[[case]]\nname = "a"\nstart = "e"', "Case 'a' names 'e', which is no start event of process p."),
        ('[[case]]\nname = "a"\nanswers = { u = [{}] }', "names 'u', which is no service task or call activity of"),
        ('[[case]]\nname = "a"\ndecisions = { R2 = [1] }', "Case 'a' names 'R2', which is no decision of process p."),
    ],
)
def test_a_fault_of_a_case_file_names_its_place(text: str, message: str) -> None:
    found, file = read(text)

    assert len(found) == 1 and message in found[0], found
    assert file.cases == ()


def test_every_code_of_a_trial_is_in_the_catalogue_with_a_mend_where_it_refuses() -> None:
    codes = {code for code in FINDINGS if code.startswith(("case-", "cases-", "opinion-"))}

    assert len(codes) == 12
    assert all(FINDINGS[code].mend for code in codes if FINDINGS[code].severity == "error")


# --- what the second opinion had wrong --------------------------------------------------------------------------------


def test_an_event_sub_process_that_has_run_leaves_no_trace_for_the_next_case() -> None:
    """SpiffWorkflow writes into the specification that plays of one diagram share."""
    xml = process(
        line('<userTask id="u"/>')
        + '<subProcess id="watch" triggeredByEvent="true"><startEvent id="ws" isInterrupting="false">'
        '<messageEventDefinition messageRef="M"/></startEvent><endEvent id="we"/>' + flow("ws", "we") + "</subProcess>",
        roots='<message id="M" name="hello"/>',
    )
    cases = [Case(name=name, steps=(Receive("hello"), Complete("u"))) for name in ("first", "second")]
    cases.append(Case(name="third", steps=(Complete("u"),)))

    assert [each.reason or each.outcome.value for each in second_opinion(xml, cases, stage=play).cases] == [
        "agrees", "agrees", "agrees",
    ]  # fmt: skip


def test_an_answer_under_the_name_of_an_input_stays_with_the_step_on_both_engines() -> None:
    serve = (
        '<serviceTask id="serve" implementation="x"><extensionElements><camunda:inputOutput>'
        '<camunda:inputParameter name="choice">= "none"</camunda:inputParameter></camunda:inputOutput>'
        "</extensionElements></serviceTask>"
    )
    case = Case(name="hidden", variables={"choice": "mine"}, answers={"serve": ({"choice": "theirs", "found": True},)})

    (verdict,) = second_opinion(process(line(serve)), [case], stage=play).cases

    assert (verdict.outcome.value, verdict.reason) == ("agrees", "")


def test_the_only_flow_out_of_an_activity_may_ask_a_condition_on_both_engines() -> None:
    xml = process('<startEvent id="s"/><task id="t"/><userTask id="u"/>' + flow("s", "t") + flow("t", "u", "go"))
    cases = [Case(name=str(go), variables={"go": go}) for go in (True, False)]

    assert [each.reason or each.outcome.value for each in second_opinion(xml, cases, stage=play).cases] == [
        "agrees", "agrees",
    ]  # fmt: skip


def test_a_timer_with_a_limit_fires_at_the_earlier_of_both_on_both_engines() -> None:
    rule = '= {rule: "5WD", not_after: limit}'
    wait = f"<timerEventDefinition><timeDate>{rule.replace(chr(34), '&quot;')}</timeDate></timerEventDefinition>"
    xml = process(line(f'<intermediateCatchEvent id="w">{wait}</intermediateCatchEvent>', '<userTask id="u"/>'))
    steps = (Pass(timedelta(days=3)), Complete("u"))

    (verdict,) = second_opinion(
        xml, [Case(name="limit", variables={"limit": date(2026, 1, 7)}, steps=steps)], stage=play
    ).cases

    assert (verdict.outcome.value, verdict.reason) == ("agrees", "")
