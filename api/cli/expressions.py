"""`feel`: one expression, evaluated at once. Neither database nor server is needed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from api import bootstrap
from api.cli.exits import EXIT_REFUSED, EXIT_USAGE, language
from api.cli.json_values import Instant, as_json, read_context
from api.texts.expressions import expression_refusal
from engine.feel import (
    Explanation,
    FeelSyntaxError,
    Part,
    compile_expression,
    compile_unary_tests,
    explain,
)
from engine.model.calendar import SHANGHAI
from engine.model.clock import SystemClock
from engine.model.errors import EngineError


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("expression")
@click.option("--context", "context_text", metavar="FILE|JSON", help="Variables: JSON, a file, or - for stdin.")
@click.option(
    "--unary", metavar="VALUE", help="EXPRESSION is a cell of a decision table; does it take this FEEL value?"
)
@click.option("--explain", "explaining", is_flag=True, help="The values of the parts too, and why something is null.")
@click.option("--now", type=Instant(), help="What now() and today() tell.  [the clock]")
def feel(expression: str, context_text: str | None, unary: str | None, explaining: bool, now: datetime | None) -> int:
    """Evaluate a FEEL expression; the result is printed as JSON.

    \b
    bihuan feel '1 + 0.1'                                              → 1.1
    bihuan feel 'amount > 100' --context '{"amount": 150}'             → true
    bihuan feel '[60..80), > 90' --unary 85                            → false
    bihuan feel 'add working days(@"2026-09-30", 5)'                   → "2026-10-13"

    Numbers keep all their digits. Dates, times, durations, ranges and functions are written as strings. Working days
    are those of the published calendar.

    Leaves with 2 when the text is not FEEL, with 1 when it asks for more than its budget.
    """
    context = read_context(context_text)
    instant = (now or SystemClock().now()).astimezone(SHANGHAI)
    functions = bootstrap.feel_functions(lambda: bootstrap.published_calendar())
    source = expression
    try:
        if unary is not None:
            source = unary
            value = compile_expression(unary, functions=functions).evaluate(context, instant)
            source = expression
            tests = compile_unary_tests(expression, names=context, functions=functions)
            result = tests.matches(value, context, instant)
            found = {"value": result, "tested": value} if explaining else result
        elif explaining:
            found = _plain_explanation(explain(expression, context, names=context, functions=functions, now=instant))
        else:
            found = compile_expression(expression, names=context, functions=functions).evaluate(context, instant)
    except FeelSyntaxError as fault:
        return _point_at(fault, source)
    except EngineError as refusal:
        click.echo(expression_refusal(refusal, language()), err=True)
        return EXIT_REFUSED
    click.echo(as_json(found))
    return 0


def _plain_explanation(found: Explanation) -> dict[str, Any]:
    reasons = [
        {"line": reason.position.line, "column": reason.position.column, "message": reason.message}
        for reason in found.reasons
    ]
    return {"value": found.whole.value, "reasons": reasons, "parts": [_plain_part(part) for part in found.whole.parts]}


def _plain_part(part: Part) -> dict[str, Any]:
    below = {"parts": [_plain_part(inner) for inner in part.parts]} if part.parts else {}
    return {"text": part.text, "value": part.value, **below}


def _point_at(fault: FeelSyntaxError, source: str) -> int:
    """The line of the fault, a caret below it, and what was expected."""
    position = fault.position
    line = source.split("\n")[position.line - 1] if source else ""
    click.echo(line, err=True)
    # a Chinese character takes two columns of a terminal
    click.echo("".join("\u3000" if _is_wide(each) else " " for each in line[: position.column - 1]) + "^", err=True)
    click.echo(expression_refusal(fault, language()), err=True)
    return EXIT_USAGE


def _is_wide(character: str) -> bool:
    return character >= "\u1100" and not "\uff61" <= character <= "\uffdc"
