"""A DMN file is read whole or refused with every fault and the id of its element."""

from __future__ import annotations

import pytest

from engine.dmn import read_decisions
from engine.dmn.elements import Aggregation, HitPolicy, Literal
from engine.dmn.places import NAMESPACES, InvalidDecisions
from engine.dmn.reader import read_elements
from engine.xml import parse_xml
from tests.engine.dmn.tables import decision, definitions, input_data, table

LATEST = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def read(body: str, namespace: str = LATEST):
    head = f'<definitions xmlns="{namespace}" xmlns:tool="urn:tool" id="d" name="测试" namespace="urn:m">'
    text = f"{head}{body}</definitions>"
    return read_elements(parse_xml(text.encode()))


def faults(body: str) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDecisions) as refusal:
        read(body)
    return [(fault["code"], fault["path"]) for fault in refusal.value.faults]


TABLE = """
<decision id="discount" name="折扣">
  <description>按金额</description><question>打几折?</question>
  <variable name="折扣" typeRef="number"/>
  <informationRequirement><requiredInput href="#amount"/></informationRequirement>
  <informationRequirement><requiredDecision href="urn:m#other"/></informationRequirement>
  <knowledgeRequirement><requiredKnowledge href="urn:n#half"/></knowledgeRequirement>
  <decisionTable id="t" hitPolicy="COLLECT" aggregation="MAX">
    <input id="i" label="金额"><inputExpression typeRef="number"><text> amount </text></inputExpression>
      <inputValues><text>>= 0</text></inputValues></input>
    <output id="o" name="rate" typeRef="number"><outputValues><text>1, 2</text></outputValues>
      <defaultOutputEntry><text>1</text></defaultOutputEntry></output>
    <annotation name="依据"/><annotation name="备注"/>
    <rule id="r1"><description>大额</description><inputEntry><text>> 100</text></inputEntry>
      <outputEntry><text>2</text></outputEntry>
      <annotationEntry><text>S-23</text></annotationEntry><annotationEntry><text/></annotationEntry></rule>
  </decisionTable>
</decision>
"""


def test_a_table_keeps_everything_the_file_says():
    decision = read(TABLE).decisions[0]
    table = decision.logic

    assert (decision.id, decision.name) == ("discount", "折扣")
    assert (decision.description, decision.question) == ("按金额", "打几折?")
    assert [(r.namespace, r.id) for r in decision.inputs + decision.decisions + decision.knowledge] == [
        ("", "amount"),
        ("", "other"),
        ("urn:n", "half"),
    ]
    assert (table.hit_policy, table.aggregation) == (HitPolicy.COLLECT, Aggregation.MAX)
    column, output, rule = table.inputs[0], table.outputs[0], table.rules[0]
    assert (column.label, column.expression.text, column.allowed) == ("金额", "amount", ">= 0")
    assert (output.name, output.allowed, output.default.text) == ("rate", "1, 2", "1")
    assert (rule.id, rule.annotation, rule.annotations) == ("r1", "大额", {"依据": "S-23"})
    assert [cell.text for cell in rule.inputs + rule.outputs] == ["> 100", "2"]


@pytest.mark.parametrize("namespace", NAMESPACES, ids=NAMESPACES.get)
def test_every_version_of_the_standard_is_read(namespace):
    assert read('<decision id="a" name="A"/>', namespace).decisions


def test_boxed_expressions_nest():
    context = (
        read(
            """<decision id="a" name="A"><context id="c">
        <contextEntry><variable name="x"/><list id="l">
          <literalExpression id="e"><text>1</text></literalExpression></list></contextEntry>
        <contextEntry><conditional id="if"><if><literalExpression><text>true</text></literalExpression></if>
          <then><relation id="rel"><column name="k"/>
            <row><literalExpression><text>2</text></literalExpression></row></relation></then>
          <else><invocation id="inv"><literalExpression><text>f</text></literalExpression>
            <binding><parameter name="p"/><literalExpression><text>3</text></literalExpression></binding>
          </invocation></else></conditional></contextEntry></context></decision>"""
        )
        .decisions[0]
        .logic
    )

    assert context.entries[0].name == "x"
    assert context.entries[0].expression.items == (Literal(id="e", text="1"),)
    conditional = context.entries[1].expression
    assert conditional.then.columns == ("k",)
    assert conditional.otherwise.bindings[0].parameter == "p"


def test_what_other_tools_add_is_left_alone():
    inside = "<extensionElements><tool:x/></extensionElements>"

    assert read(f'<tool:thing/><decision id="a" name="A">{inside}</decision>').decisions


def test_all_faults_of_a_file_come_at_once():
    assert faults(
        """<decision id="a"><decisionTable id="t" hitPolicy="LAST"><input id="i"/>
             <output id="o"/><rule id="r"><inputEntry><text>1</text></inputEntry></rule></decisionTable></decision>
           <decision id="b" name="B">
             <literalExpression id="x" expressionLanguage="python"><text>1</text></literalExpression>
             <context id="y"/><surprise id="s"/></decision>
           <decision id="b" name="C"><informationRequirement id="q"><requiredInput/></informationRequirement></decision>
           <businessKnowledgeModel id="k" name="K"><encapsulatedLogic id="e" kind="Java">
             <literalExpression><text>1</text></literalExpression></encapsulatedLogic></businessKnowledgeModel>
           <decisionService id="v" name="V"/>"""
    ) == [
        ("dmn-double-id", "b"),
        ("dmn-no-name", "a"),
        ("dmn-hit-policy", "t"),
        ("dmn-no-input-expression", "i"),
        ("dmn-rule-width", "r"),
        ("dmn-language", "x"),
        ("dmn-unknown-element", "s"),
        ("dmn-two-expressions", "b"),
        ("dmn-no-href", "q/requiredInput"),
        ("dmn-function-kind", "e"),
        ("dmn-no-output", "v"),
    ]


def test_elements_without_an_id_are_named_by_their_place():
    assert faults(
        """<decision id="a" name="A"><context>
             <contextEntry><variable name="x"/></contextEntry><contextEntry><variable name="y"/></contextEntry>
           </context></decision>"""
    ) == [
        ("dmn-no-expression", "a/context/contextEntry"),
        ("dmn-no-expression", "a/context/contextEntry[2]"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        '<decision xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
        "<definitions/>",
    ],
)
def test_a_file_that_is_not_dmn_is_refused(text):
    with pytest.raises(InvalidDecisions, match=r"Expected <definitions> of DMN 1\.1 to 1\.5"):
        read_elements(parse_xml(text.encode()))


def test_faults_of_form_hide_none_of_the_texts():
    cells = table("UNIQUE", "x:number, y:number", "a:number", "> > 1 | - => 1\n- => 2 +")
    script = '<literalExpression id="e" expressionLanguage="javascript"><text>${x}</text></literalExpression>'
    foreign = decision("B", script)

    with pytest.raises(InvalidDecisions) as refusal:
        read_decisions(definitions(input_data("x", "y"), decision("A", cells, needs=["x", "y"]), foreign))

    assert [(fault["code"], fault["path"]) for fault in refusal.value.faults] == [
        ("dmn-rule-width", "r2"),
        ("dmn-language", "e"),
        ("dmn-feel", "r1/inputEntry"),
        ("dmn-feel", "r2/outputEntry"),
    ]
