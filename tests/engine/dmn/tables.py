"""Decision tables written short, as DMN text."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

LATEST = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*elements: str) -> bytes:
    """A file with these elements."""
    head = f'<definitions xmlns="{LATEST}" id="file" name="测试" namespace="urn:test">'
    return f"{head}{''.join(elements)}</definitions>".encode()


def input_data(*names: str, types: str = "") -> str:
    """Input data `name` with id `in_name`; a type for all of them."""
    typed = f" typeRef={quoteattr(types)}" if types else ""
    return "".join(f'<inputData id="in_{n}" name="{n}"><variable name="{n}"{typed}/></inputData>' for n in names)


def decision(key: str, logic: str, *, needs: Sequence[str] = (), uses: Sequence[str] = (), type_ref: str = "") -> str:
    """A decision: id and name `key`; needs input data, uses decisions or (with "!") knowledge."""
    inputs = "".join(f'<informationRequirement><requiredInput href="#in_{n}"/></informationRequirement>' for n in needs)
    others = "".join(
        f'<knowledgeRequirement><requiredKnowledge href="#{n[1:]}"/></knowledgeRequirement>'
        if n.startswith("!")
        else f'<informationRequirement><requiredDecision href="#{n}"/></informationRequirement>'
        for n in uses
    )
    typed = f" typeRef={quoteattr(type_ref)}" if type_ref else ""
    return f'<decision id="{key}" name="{key}"><variable name="{key}"{typed}/>{inputs}{others}{logic}</decision>'


def literal(text: str) -> str:
    """A literal expression."""
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def table(
    policy: str, inputs: str, outputs: str, rows: str, *, allowed: str = "", order: str = "", default: str = ""
) -> str:
    """A decision table.

    `inputs` and `outputs` are comma-separated `name` or `name:type`; `rows` are lines `cell | cell => answer | answer
    # basis`. `policy` may end in an aggregation ("COLLECT SUM"). `allowed` are the input values of the first column,
    `order` the output values and `default` the default of the first output.
    """
    hit, aggregation = policy, ""
    if policy.startswith("COLLECT "):
        hit, aggregation = policy.split()
    text = (
        f"<decisionTable id='table' hitPolicy='{hit}'{f' aggregation={quoteattr(aggregation)}' if aggregation else ''}>"
    )
    for n, (name, type_ref) in enumerate(map(_typed, inputs.split(","))):
        values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed and n == 0 else ""
        text += f"<input id='i{n}' label='{name}'><inputExpression typeRef='{type_ref}'><text>{escape(name)}</text>"
        text += f"</inputExpression>{values}</input>"
    for n, (name, type_ref) in enumerate(map(_typed, outputs.split(","))):
        inside = f"<outputValues><text>{escape(order)}</text></outputValues>" if order and n == 0 else ""
        inside += (
            f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default and n == 0 else ""
        )
        text += f"<output id='o{n}' name='{name}' typeRef='{type_ref}'>{inside}</output>"
    text += "<annotation name='依据'/>"
    for n, row in enumerate(filter(str.strip, rows.splitlines()), 1):
        body, _, basis = row.partition("#")
        cells, answers = body.split("=>")
        text += f"<rule id='r{n}'><description>第{n}条</description>"
        text += "".join(f"<inputEntry><text>{escape(c.strip())}</text></inputEntry>" for c in cells.split("|"))
        text += "".join(f"<outputEntry><text>{escape(c.strip())}</text></outputEntry>" for c in answers.split("|"))
        text += f"<annotationEntry><text>{basis.strip()}</text></annotationEntry></rule>"
    return f"{text}</decisionTable>"


def _typed(column: str) -> tuple[str, str]:
    name, _, type_ref = column.strip().partition(":")
    return name, type_ref or "Any"
