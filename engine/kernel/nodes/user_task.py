"""User task: rests until a person completes it (BPMN 2.0, 10.3.3.4, 13.3.3).

Who may do it and until when is told once, when it is created, from the variables of that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from engine.feel import Expression, found_by, shape_of
from engine.kernel.activities import boundary_waits, open_local_scope, rest
from engine.kernel.draft import Visit
from engine.kernel.due_dates import due_instant, seen_by_boundary
from engine.kernel.events import UserTaskCreated
from engine.kernel.failure import Failure
from engine.kernel.graph import People
from engine.kernel.run import Run
from engine.kernel.state import TokenState
from engine.kernel.variables import Visible, evaluate, is_loop_child, visible_at

#: Where the diagram says nothing; the middle of Camunda's 0 … 100.
DEFAULT_PRIORITY = 50
#: What a column of 32 bits holds.
LARGEST_PRIORITY = 2**31 - 1
_NOBODY = People()


def execute(run: Run, visit: Visit) -> None:
    open_local_scope(run, visit)
    draft, node = visit.draft, visit.node
    people = node.people or _NOBODY
    variables = visible_at(run, visit)
    kept = visit.kept
    due_rule, due_at = (kept.due_rule, kept.due_at) if kept else _instant(run, people.due, variables)
    unit_code = variables.get("unit_code")
    armed = boundary_waits(run, visit, seen_by_boundary(run, visit, variables, due_at)) if node.boundary else []
    if kept is not None:
        armed = [wait for wait in armed if wait.due_at is None or wait.due_at > kept.handed_over_at]
    created = UserTaskCreated(
        part=draft.number,
        element_id=node.id,
        token=visit.number,
        name=node.name,
        form_key=people.form_key,
        assignee=_text(run, people.assignee, variables, "an assignee"),
        candidate_groups=_texts(run, people.candidate_groups, variables, "candidate groups"),
        candidate_users=_texts(run, people.candidate_users, variables, "candidate users"),
        due_at=due_at,
        follow_up_at=_instant(run, people.follow_up, variables)[1],
        priority=_priority(run, people.priority, variables),
        lane=node.lane,
        due_rule=due_rule,
        properties=node.properties,
        local_variables=_local_variables(visit),
        four_eyes_with=people.four_eyes_with,
        unit_code=unit_code if isinstance(unit_code, str) else None,
    )
    rest(run, visit, TokenState.USER_TASK, armed)
    run.emit(created)


def _local_variables(visit: Visit) -> dict[str, Any]:
    """What belongs to this execution alone: the element of a loop, and the input-mapped variables."""
    values: dict[str, Any] = {}
    if visit.node.loop is not None and is_loop_child(visit):
        values.update(visit.draft.scopes[visit.scope].variables)
    if visit.local >= 0:
        values.update(visit.draft.scopes[visit.local].variables)
    return values


def _text(run: Run, expression: Expression | None, variables: Visible, what: str) -> str | None:
    if expression is None:
        return None
    value = evaluate(run, expression, variables)
    if value is None or isinstance(value, str):
        return value or None
    raise Failure("expression", f"Expected {what}, a text, but found {shape_of(value)}.")


def _texts(run: Run, expressions: Sequence[Expression], variables: Visible, what: str) -> tuple[str, ...]:
    """Each expression gives a text (several with commas), a list of texts, or null."""
    if not expressions:
        return ()
    found: dict[str, None] = {}
    for expression in expressions:
        value = evaluate(run, expression, variables)
        several = cast("list[Any]", value) if isinstance(value, list) else [] if value is None else [value]
        for each in several:
            if not isinstance(each, str):
                shape = shape_of(value) if each is value else f"a list with {shape_of(each)}"
                raise Failure("expression", f"Expected {what}, a text or a list of texts, but found {shape}.")
            found.update((part.strip(), None) for part in each.split(",") if part.strip())
    return tuple(found)


def _instant(run: Run, rule: Expression | None, variables: Visible) -> tuple[str, datetime | None]:
    """A due rule as evaluated, and its instant."""
    if rule is None:
        return "", None
    value = evaluate(run, rule, variables)
    if value is None:
        return "", None
    return str(value), due_instant(run, rule, value)


def _priority(run: Run, expression: Expression | None, variables: Visible) -> int:
    if expression is None:
        return DEFAULT_PRIORITY
    value = evaluate(run, expression, variables)
    number = _whole_number(value)
    if number is None:
        wanted = f"a whole number from -{LARGEST_PRIORITY} to {LARGEST_PRIORITY}"
        is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
        shape = "another number" if is_number else found_by(expression, value)
        raise Failure("expression", f"Expected a priority, {wanted}, but found {shape}.")
    return number


def _whole_number(value: Any) -> int | None:
    """The whole number that a value is, or that stands in a text; None for all others, and for what is too large."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except ArithmeticError:
        return None
    # the size first: to write out 1E+999999 would take for ever
    fits = number.is_finite() and abs(number) <= LARGEST_PRIORITY and number == int(number)
    return int(number) if fits else None
