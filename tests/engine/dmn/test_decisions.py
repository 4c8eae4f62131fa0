"""A model answers: requirements, knowledge, services, imports, types; and says why."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.dmn import DecisionFailed, InvalidDecisions, read_decisions
from engine.feel import FeelFunction
from tests.engine.dmn.tables import LATEST, decision, definitions, input_data, literal, table

D = Decimal


def knowledge(key: str, parameters: str, body: str, *, uses: str = "") -> str:
    needed = f'<knowledgeRequirement><requiredKnowledge href="#{uses}"/></knowledgeRequirement>' if uses else ""
    formal = "".join(
        f'<formalParameter name="{p.split(":")[0]}"{f""" typeRef="{p.split(":")[1]}" """ if ":" in p else ""}/>'
        for p in parameters.split(",")
        if p
    )
    return (
        f'<businessKnowledgeModel id="{key}" name="{key}">{needed}<encapsulatedLogic>{formal}{body}</encapsulatedLogic>'
        "</businessKnowledgeModel>"
    )


def value(key: str, *elements: str, **given: Any) -> Any:
    return read_decisions(definitions(*elements)).decisions[key].evaluate(given).value


def faults(*elements: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDecisions) as refusal:
        read_decisions(definitions(*elements))
    return [(fault["code"], fault["path"]) for fault in refusal.value.faults]


def test_a_decision_sees_what_it_requires_and_nothing_else():
    elements = (
        input_data("x", "y"),
        decision("double", literal("x * 2"), needs=["x"]),
        decision("sum", literal("double + y"), needs=["y"], uses=["double"]),
        decision("blind", literal("x"), needs=["y"]),
    )

    assert value("sum", *elements, x=5, y=1) == 11
    assert value("blind", *elements, x=5, y=1) is None


def test_inputs_that_are_not_given_are_null():
    assert value("A", input_data("x"), decision("A", literal("x = null"), needs=["x"])) is True


def test_a_decision_without_logic_is_null():
    assert value("A", decision("A", "")) is None


def test_the_inputs_of_a_decision_include_those_of_the_decisions_below():
    model = read_decisions(
        definitions(
            input_data("x", types="number"),
            input_data("y"),
            decision("a", literal("x"), needs=["x"]),
            decision("b", literal("a"), needs=["y"], uses=["a"]),
        )
    )

    assert [(i.name, i.type_ref) for i in model.decisions["b"].inputs] == [("x", "number"), ("y", "")]
    assert model.decisions["b"].made_of == ("a", "b")
    assert model.find("b") is model.decisions["b"]
    assert model.find("nothing") is None


def test_a_decision_needed_twice_is_decided_once():
    model = read_decisions(
        definitions(
            decision("a", literal("1")),
            decision("b", literal("a"), uses=["a"]),
            decision("c", literal("a"), uses=["a"]),
            decision("d", literal("b + c"), uses=["b", "c"]),
        )
    )

    answer = model.decisions["d"].evaluate({})

    assert answer.value == 2
    assert [step["id"] for step in answer.explanation["decisions"]] == ["a", "b", "c", "d"]


def test_five_hundred_decisions_in_a_row_are_decided():
    chain = [decision("d0", literal("0"))]
    chain += [decision(f"d{n}", literal(f"d{n - 1} + 1"), uses=[f"d{n - 1}"]) for n in range(1, 500)]

    assert value("d499", *chain) == 499


def test_knowledge_is_called_by_position_and_by_name_and_calls_other_knowledge():
    elements = (
        knowledge("half", "n:number", literal("n / 2")),
        knowledge("quarter", "n:number", literal("half(half(n))"), uses="half"),
        decision("A", literal("quarter(10) + half(n: 1)"), uses=["!quarter", "!half"]),
    )

    assert value("A", *elements) == 3


def test_knowledge_may_call_itself_and_endless_calls_are_refused():
    factorial = knowledge("f", "n:number", literal("if n <= 1 then 1 else n * f(n - 1)"))
    endless = knowledge("g", "n:number", literal("g(n + 1)"))

    assert value("A", factorial, decision("A", literal("f(20)"), uses=["!f"])) == 2432902008176640000
    with pytest.raises(DecisionFailed, match="call each other at most 40 deep"):
        value("A", endless, decision("A", literal("g(1)"), uses=["!g"]))


def test_calls_that_double_and_loops_in_loops_end_in_time():
    doubling = knowledge("g", "n:number", literal("if n = 0 then 1 else g(n - 1) + g(n - 1)"))
    loop = '<for iteratorVariable="{}"><in>{}</in><return>{}</return></for>'
    ten_thousand = literal("for i in 1..10000 return i")
    nested = loop.format("a", ten_thousand, loop.format("b", ten_thousand, literal("a * b")))

    for elements in ((doubling, decision("A", literal("g(39)"), uses=["!g"])), (decision("A", nested),)):
        with pytest.raises(DecisionFailed, match="at most 100000 steps"):
            value("A", *elements)


def test_an_explanation_shows_the_beginning_of_long_values():
    model = read_decisions(definitions(input_data("x"), decision("A", table("FIRST", "x", "y", "- => x"), needs=["x"])))

    answer = model.decisions["A"].evaluate({"x": ["long " * 200] + [1] * 99})

    step = answer.explanation["decisions"][0]
    assert len(answer.value) == 100
    assert len(step["inputs"][0]["value"]) == len(step["value"]) == 51
    assert step["value"][-1] == "… 50 more"
    assert len(step["value"][0]) == 501


def test_a_table_can_be_knowledge():
    rates = knowledge("rate", "x:number", table("FIRST", "x", "y", "< 10 => 1\n- => 2"))
    model = read_decisions(definitions(rates, decision("A", literal("[rate(5), rate(50)]"), uses=["!rate"])))

    answer = model.decisions["A"].evaluate({})

    assert answer.value == [1, 2]
    assert [(rule.decision, rule.number) for rule in answer.matched_rules] == [("A", 1), ("A", 2)]


def test_an_invocation_binds_parameters():
    text = literal("half")
    body = f'<invocation>{text}<binding><parameter name="n"/>{literal("8")}</binding></invocation>'

    assert value("A", knowledge("half", "n", literal("n / 2")), decision("A", body, uses=["!half"])) == 4
    with pytest.raises(DecisionFailed, match="Expected a function to invoke"):
        value("A", decision("A", f"<invocation>{literal('1')}</invocation>"))


def test_boxed_expressions():
    entry = '<contextEntry><variable name="{}"/>{}</contextEntry>'
    squares = f'<for iteratorVariable="n"><in>{literal("[1,2,3]")}</in><return>{literal("n*n")}</return></for>'
    context = (
        "<context>"
        + entry.format(
            "rows", f'<relation><column name="a"/><row>{literal("1")}</row><row>{literal("5")}</row></relation>'
        )
        + entry.format("large", f"<filter><in>{literal('rows')}</in><match>{literal('a > 2')}</match></filter>")
        + entry.format("squares", squares)
        + entry.format("list", f"<list>{literal('1')}{literal('rows[1].a')}</list>")
        + entry.format(
            "all",
            f'<every iteratorVariable="n"><in>{literal("squares")}</in>'
            f"<satisfies>{literal('n > 0')}</satisfies></every>",
        )
        + entry.format(
            "any",
            f'<some iteratorVariable="n"><in>{literal("squares")}</in><satisfies>{literal("n > 9")}</satisfies></some>',
        )
        + entry.format(
            "if",
            f"<conditional><if>{literal('all')}</if><then>{literal('1')}</then><else>{literal('2')}</else></conditional>",
        )
        + "</context>"
    )

    assert value("A", decision("A", context)) == {
        "rows": [{"a": 1}, {"a": 5}],
        "large": [{"a": 5}],
        "squares": [1, 4, 9],
        "list": [1, 1],
        "all": True,
        "any": False,
        "if": 1,
    }


def test_a_context_with_a_result_gives_the_result():
    entries = f'<contextEntry><variable name="a"/>{literal("2")}</contextEntry>'
    entries += f"<contextEntry>{literal('a + 1')}</contextEntry>"

    assert value("A", decision("A", f"<context>{entries}</context>")) == 3


def test_types_are_declared_checked_and_converted():
    score = (
        '<itemDefinition name="tScore"><typeRef>number</typeRef>'
        "<allowedValues><text>[0..100]</text></allowedValues></itemDefinition>"
        '<itemDefinition name="tPupil"><itemComponent name="first name"><typeRef>string</typeRef></itemComponent>'
        '<itemComponent name="score"><typeRef>tScore</typeRef></itemComponent></itemDefinition>'
        '<itemDefinition name="tPupils" isCollection="true"><typeRef>tPupil</typeRef></itemDefinition>'
    )
    elements = (
        score,
        input_data("pupils", types="tPupils"),
        decision("A", literal("pupils[1].first name"), needs=["pupils"], type_ref="string"),
        decision("B", literal("pupils[1].score instance of tScore"), needs=["pupils"]),
    )
    ada = {"first name": "Ada", "score": 99}

    assert value("A", *elements, pupils=[ada]) == "Ada"
    assert value("A", *elements, pupils=ada) == "Ada"
    assert value("B", *elements, pupils=[ada]) is True
    with pytest.raises(DecisionFailed, match="Expected a tPupils as 'pupils', but found a list"):
        value("A", *elements, pupils=[{**ada, "score": 101}])
    with pytest.raises(DecisionFailed, match="Expected a number as 'C', but found string 'x'"):
        value("C", decision("C", literal('"x"'), type_ref="number"))


def test_a_decision_service_takes_input_data_then_decisions():
    service = (
        '<decisionService id="s" name="s"><outputDecision href="#out"/><inputDecision href="#d"/>'
        '<inputData href="#in_x"/></decisionService>'
    )
    elements = (
        input_data("x"),
        decision("d", literal("100")),
        decision("out", literal("x - d"), needs=["x"], uses=["d"]),
        service,
        decision("A", literal("s(7, 2) + d"), uses=["!s", "d"]),
    )
    model = read_decisions(definitions(*elements))

    assert model.decisions["A"].evaluate({}).value == 105
    assert model.services["s"].parameters == ("x", "d")
    assert model.services["s"].evaluate({"x": 3, "d": 1}).value == 2


def test_imported_elements_are_seen_under_the_name_of_the_import():
    imported = read_decisions(
        definitions(
            '<itemDefinition name="tAge"><typeRef>number</typeRef></itemDefinition>',
            input_data("age", types="tAge"),
            decision("adult", literal("age >= 18"), needs=["age"]),
            knowledge("double", "n", literal("2 * n")),
        )
    )
    text = f"""<definitions xmlns="{LATEST}" id="m" name="m" namespace="urn:other">
      <import name="people" namespace="urn:test" importType="{LATEST}"/>
      <decision id="A" name="A"><variable name="A" typeRef="people.tAge"/>
        <informationRequirement><requiredDecision href="urn:test#adult"/></informationRequirement>
        <knowledgeRequirement><requiredKnowledge href="urn:test#double"/></knowledgeRequirement>
        <literalExpression><text>if people.adult then people.double(21) else 0</text></literalExpression></decision>
    </definitions>""".encode()

    assert read_decisions(text, imports=[imported]).decisions["A"].evaluate({"age": 20}).value == 42
    with pytest.raises(InvalidDecisions, match="Expected a model of 'urn:test', but none is given"):
        read_decisions(text)


def test_all_faults_of_a_model_come_at_once():
    assert faults(
        '<itemDefinition id="t1" name="tA"><typeRef>tB</typeRef></itemDefinition>',
        '<itemDefinition id="t2" name="tB"><typeRef>tA</typeRef></itemDefinition>',
        input_data("x", types="tUnknown"),
        decision("a", '<literalExpression id="la"><text>1 +</text></literalExpression>', needs=["missing"]),
        decision("b", literal("1"), uses=["c"]),
        decision("c", literal("1"), uses=["b"]),
        decision("d", table("FIRST", "x", "y", "< => 1")),
    ) == [
        ("dmn-no-element", "a"),
        ("dmn-circle", "b"),
        ("dmn-circular-type", "t1"),
        ("dmn-unknown-type", "in_x"),
        ("dmn-feel", "la"),
        ("dmn-feel", "r1/inputEntry"),
    ]


def test_a_text_that_is_not_feel_tells_where():
    with pytest.raises(InvalidDecisions) as refusal:
        read_decisions(definitions(decision("a", literal("if x then 1"))))

    fault = refusal.value.faults[0]
    assert fault["message"] == "Expected 'else', but found the end at line 1, column 12. In: if x then 1"
    assert (fault["line"], fault["column"]) == (1, 12)


def test_functions_of_a_package_can_be_called():
    half = FeelFunction(name="half", parameters=("n: number",), implementation=lambda n: n / 2)
    text = definitions(decision("A", literal("half(9)")))

    assert read_decisions(text, functions={"half": half}).decisions["A"].evaluate({}).value == D("4.5")


def test_today_is_the_day_the_caller_says():
    model = read_decisions(definitions(decision("A", literal("string(today())"))))

    assert model.decisions["A"].evaluate({}, now=datetime(2026, 3, 1, 1, tzinfo=UTC)).value == "2026-03-01"


EXPLAINED = (
    input_data("score", types="number"),
    input_data("rule"),
    decision(
        "grade",
        table("FIRST", "score:number", "grade:string", '>= rule.R03.good => "良" # HB18 art.4\n- => "中"'),
        needs=["score", "rule"],
    ),
    decision("A", literal('"等级" + grade'), uses=["grade"]),
)


def test_an_answer_explains_itself():
    model = read_decisions(definitions(*EXPLAINED))

    answer = model.decisions["A"].evaluate({"score": D("80.50"), "rule": {"R03": {"good": D(80), "medium": D(60)}}})

    assert answer.value == "等级良"
    assert answer.matched_rules[0].basis == "HB18 art.4"
    assert answer.explanation == {
        "decision": "A",
        "name": "A",
        "value": "等级良",
        "problems": [],
        "decisions": [
            {
                "id": "grade",
                "name": "grade",
                "inputs": [{"label": "score", "expression": "score", "value": "80.50"}],
                "matched": [
                    {
                        "number": 1,
                        "id": "r1",
                        "annotation": "第1条",
                        "basis": "HB18 art.4",
                        "annotations": {"依据": "HB18 art.4"},
                        "outputs": {"grade": "良"},
                    }
                ],
                "values": {"rule.R03.good": "80"},
                "value": "良",
            },
            {"id": "A", "name": "A", "inputs": [], "matched": [], "values": {}, "value": "等级良"},
        ],
    }


def test_an_answer_lists_the_thresholds_it_read():
    answer = (
        read_decisions(definitions(*EXPLAINED)).decisions["A"].evaluate({"score": 1, "rule": {"R03": {"good": 80}}})
    )

    assert answer.values_read == {"rule.R03.good": "80"}


def test_check_knows_the_thresholds_it_is_given():
    found = read_decisions(definitions(*EXPLAINED)).decisions["grade"].check({"rule": {"R03": {"good": D(80)}}})

    assert found == ()


def test_the_context_of_the_caller_is_not_changed():
    given = {"score": 80, "rule": {"R03": {"good": 70}}}

    read_decisions(definitions(*EXPLAINED)).decisions["A"].evaluate(given)

    assert given == {"score": 80, "rule": {"R03": {"good": 70}}}


def test_threads_share_a_model():
    grade = read_decisions(definitions(*EXPLAINED)).decisions["A"]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: grade.evaluate({"score": n, "rule": {"R03": {"good": 50}}}).value, range(100)))

    assert found == ["等级中"] * 50 + ["等级良"] * 50
