"""Repetition of an activity: multi-instance and standard loops.

Source: BPMN 2.0, 10.3.8 (loop characteristics), 13.3.7 (standard loop), 13.3.8 (multi-instance).

    body token ──inside──► body scope: nrOfInstances, nrOfActiveInstances, nrOfCompletedInstances
                               ▲ parent
                           child scope: loopCounter (from 1), the element ◄── the activity executes in here, once

A standard loop has no child scopes: its rounds execute in the body scope, one after another, with `loopCounter`.
Boundary events sit on the body. A parallel body with more than BRANCH_THRESHOLD children lives in parts of its own,
see state.py; the outputs of finished children then stay with them until the body ends, so that nothing grows with
each completion.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from engine.feel import shape_of
from engine.kernel.cancellation import cancel_parts, cancel_token, children_of_body
from engine.kernel.draft import Draft, Visit
from engine.kernel.due_dates import counts_from_due, due_of_loop, seen_by_boundary
from engine.kernel.events import ElementLeft
from engine.kernel.failure import Failure
from engine.kernel.flows import leave
from engine.kernel.graph import MultiInstance, StandardLoop
from engine.kernel.run import NextChild, Run
from engine.kernel.state import BRANCH_THRESHOLD, Part, PartKind, Scope, Token, TokenState, Wait
from engine.kernel.variables import Visible, evaluate, holds, owner_of, scope_above, visible_at, write
from engine.kernel.waits import close_waits_of_token, open_wait, waits_for


def begin_loop(run: Run, visit: Visit) -> None:
    """An activity with a loop is entered: open the body and begin its first children.

    Raises:
        Failure: the number, the collection, the first condition or a boundary event cannot be told.
    """
    loop = visit.node.loop
    if isinstance(loop, StandardLoop):
        if loop.test_before and not _goes_on(run, loop, visible_at(run, visit), 0, visit.node.id):
            leave(run, visit)
            return
        body = _open_body(run, visit, {"loopCounter": 1})
        run.agenda.append(Visit(visit.draft, visit.node, body.number))
        return
    assert isinstance(loop, MultiInstance)
    elements, count = _elements(run, visit, loop)
    if count == 0:
        if loop.output_collection is not None:
            write(run, visit.draft, visit.scope, {loop.output_collection: []}, visit.node.id)
        leave(run, visit)
        return
    counters: dict[str, Any] = {
        "nrOfInstances": count,
        "nrOfActiveInstances": 1 if loop.sequential else count,
        "nrOfCompletedInstances": 0,
    }
    if not loop.sequential and count > BRANCH_THRESHOLD:
        draft, body = _open_branched_body(run, visit, counters)
    else:
        if loop.sequential and elements is not None:
            counters["elements"] = elements
        draft, body = visit.draft, _open_body(run, visit, counters)
    run.agenda.append(NextChild(draft, body.number, 1, elements))


def _elements(run: Run, visit: Visit, loop: MultiInstance) -> tuple[list[Any] | None, int]:
    variables = visible_at(run, visit)
    if loop.collection is not None:
        elements = evaluate(run, loop.collection, variables)
        if not isinstance(elements, list):
            wanted = f"Expected a list to repeat {visit.node.id!r} over"
            raise Failure("expression", f"{wanted}, but found {shape_of(elements)}.")
        found = cast("list[Any]", elements)
        return list(found), len(found)
    assert loop.cardinality is not None
    count = evaluate(run, loop.cardinality, variables)
    if not isinstance(count, int | Decimal) or isinstance(count, bool) or count != int(count) or count < 0:
        wanted = f"Expected how often to repeat {visit.node.id!r}, a whole number from 0 on"
        raise Failure("expression", f"{wanted}, but found {shape_of(count)}.")
    return None, int(count)


def _open_body(run: Run, visit: Visit, counters: dict[str, Any]) -> Scope:
    """The body in the part of its owner."""
    draft, node = visit.draft, visit.node
    armed = _armed(run, visit)
    body = Scope(run.number(), visit.scope, node.index, visit.number, counters=counters)
    draft.put_scope(body)
    draft.put_token(Token(visit.number, node.index, visit.scope, TokenState.SCOPE, visit.flow, body.number))
    for wait in armed:
        open_wait(run, draft, wait)
    return body


def _open_branched_body(run: Run, visit: Visit, counters: dict[str, Any]) -> tuple[Draft, Scope]:
    """The body in a part of its own; the numbers of its children's parts are one range."""
    draft, node = visit.draft, visit.node
    armed = _armed(run, visit)
    part_number, scope_number = run.number(), run.number()
    counters["first"] = run.next_number
    run.next_number += counters["nrOfInstances"]
    body = Scope(scope_number, visit.scope, node.index, visit.number, counters=counters)
    branch = _add_branch(run, draft, part_number, body, (draft.number, visit.number))
    draft.put_token(Token(visit.number, node.index, visit.scope, TokenState.BRANCHES, visit.flow, part_number))
    for wait in armed:
        open_wait(run, draft, wait)
    return branch, body


def _armed(run: Run, visit: Visit) -> list[Wait]:
    """The waits of the boundary events of the whole. Raises Failure."""
    boundary = visit.node.boundary
    if not boundary:
        return []
    variables = visible_at(run, visit)
    if any(counts_from_due(visit.draft.graph, index) for index in boundary):
        variables = seen_by_boundary(run, visit, variables, due_of_loop(run, visit, variables))
    return waits_for(run, visit.draft, boundary, visit.scope, visit.number, variables)


def _add_branch(run: Run, owner: Draft, number: int, top: Scope, parent: tuple[int, int]) -> Draft:
    part = Part(
        number=number,
        kind=PartKind.BRANCH,
        graph_ref=owner.part.graph_ref,
        business_key=owner.business_key,
        parent=parent,
        scopes={top.number: top},
    )
    return run.add_part(part, owner.graph)


def next_child(run: Run, errand: NextChild) -> None:
    """Begin one child; of a parallel body the next one follows when this one rests."""
    draft = errand.draft
    body = None if draft.gone else draft.scopes.get(errand.body)
    if body is None:
        return
    node = draft.graph.nodes[body.node]
    loop = node.loop
    assert isinstance(loop, MultiInstance)
    variables: dict[str, Any] = {}
    if errand.elements is not None and loop.element_variable is not None:
        variables[loop.element_variable] = errand.elements[errand.child - 1]
    child = Scope(run.number(), body.number, node.index, None, variables, {"loopCounter": errand.child})
    if not loop.sequential and errand.child < body.counters["nrOfInstances"]:
        run.agenda.append(NextChild(draft, body.number, errand.child + 1, errand.elements))
    if "first" in body.counters:
        number = body.counters["first"] + errand.child - 1
        home = _add_branch(run, draft, number, child, (draft.number, -1))
    else:
        home = draft
        draft.put_scope(child)
    run.agenda.append(Visit(home, node, child.number))


def child_done(run: Run, visit: Visit) -> None:
    """One round is done: count it, collect its output, and begin the next, or end the loop.

    Raises:
        Failure: the output or the completion condition fails; nothing has happened then.
    """
    loop = visit.node.loop
    if isinstance(loop, StandardLoop):
        _round_done(run, visit, loop)
        return
    assert isinstance(loop, MultiInstance)
    draft, child = visit.draft, visit.draft.scopes[visit.scope]
    above = scope_above(run, draft, child)
    assert above is not None
    home, body = above
    count, completed = body.counters["nrOfInstances"], body.counters["nrOfCompletedInstances"] + 1
    active = count - completed if not loop.sequential else int(completed < count)
    counters: dict[str, Any] = {"nrOfActiveInstances": active, "nrOfCompletedInstances": completed}
    output: Any = None
    if loop.output_element is not None:
        output = evaluate(run, loop.output_element, Visible(run, draft, visit.inner_scope))
    is_over = completed == count or _is_satisfied(run, visit, loop, counters)

    _end_round(run, visit)
    if loop.output_collection is not None and home is draft:
        counters["outputs"] = [*body.counters.get("outputs", ()), [child.counters["loopCounter"], output]]
    home.count(body.number, counters)
    if home is draft:
        draft.take_scope(child.number)
    elif loop.output_collection is not None:
        kept = {"loopCounter": child.counters["loopCounter"], "output": output}
        draft.put_scope(Scope(child.number, child.parent, child.node, None, counters=kept))
    else:
        run.remove_part(draft)
    if is_over:
        _end_body(run, home, home.scopes[body.number], loop)
    elif loop.sequential:
        run.agenda.append(NextChild(home, body.number, completed + 1, body.counters.get("elements")))


def _is_satisfied(run: Run, visit: Visit, loop: MultiInstance, counters: dict[str, Any]) -> bool:
    if loop.completion_condition is None:
        return False
    updated = {name: Decimal(value) for name, value in counters.items()}
    variables = Visible(run, visit.draft, visit.inner_scope, updated)
    return holds(run, loop.completion_condition, variables, f"completing {visit.node.id!r}")


def _end_round(run: Run, visit: Visit) -> None:
    draft = visit.draft
    draft.take_token(visit.number)
    if visit.local >= 0:
        draft.take_scope(visit.local)
    run.emit(ElementLeft(part=draft.number, element_id=visit.node.id, token=visit.number))


def _end_body(run: Run, home: Draft, body: Scope, loop: MultiInstance) -> None:
    """All children are done, or the completion condition holds: the others are cancelled and the activity is left."""
    outputs: list[list[Any]] = body.counters.get("outputs", [])
    if "first" in body.counters:
        children = list(children_of_body(run, home))
        outputs = [
            [child.top.counters["loopCounter"], child.top.counters["output"]]
            for child in children
            if "output" in child.top.counters
        ]
        cancel_parts(run, children, "completion-condition")
        owner = owner_of(run, home)
        run.remove_part(home)
    else:
        owner = home
        _cancel_children(run, home, body)
        home.take_scope(body.number)
    assert body.token is not None and body.parent is not None
    token = owner.tokens[body.token]
    node = owner.graph.nodes[token.node]
    if loop.output_collection is not None:
        collected = [output for _, output in sorted(outputs, key=lambda each: each[0])]
        write(run, owner, body.parent, {loop.output_collection: collected}, node.id)
    _leave_body(run, Visit(owner, node, token.scope, token.flow, token.number))


def _cancel_children(run: Run, draft: Draft, body: Scope) -> None:
    children = {scope.number for scope in draft.scopes.values() if scope.parent == body.number and scope.token is None}
    if not children:
        return
    for token in [token for token in draft.tokens.values() if token.scope in children]:
        cancel_token(run, draft, token.number, "completion-condition")
    for child in children:
        draft.take_scope(child)


def _leave_body(run: Run, visit: Visit) -> None:
    if visit.node.boundary:
        close_waits_of_token(run, visit.draft, visit.number)
    leave(run, visit)


def _round_done(run: Run, visit: Visit, loop: StandardLoop) -> None:
    draft, body = visit.draft, visit.draft.scopes[visit.scope]
    rounds = body.counters["loopCounter"]
    goes_on = _goes_on(run, loop, Visible(run, draft, visit.inner_scope), rounds, visit.node.id)
    _end_round(run, visit)
    if goes_on:
        draft.count(body.number, {"loopCounter": rounds + 1})
        run.agenda.append(Visit(draft, visit.node, body.number))
        return
    assert body.token is not None
    token = draft.tokens[body.token]
    draft.take_scope(body.number)
    _leave_body(run, Visit(draft, visit.node, token.scope, token.flow, token.number))


def _goes_on(run: Run, loop: StandardLoop, variables: Visible, rounds: int, element_id: str) -> bool:
    if loop.maximum is not None and rounds >= loop.maximum:
        return False
    return loop.condition is None or holds(run, loop.condition, variables, f"the loop of {element_id!r}")
