"""Call activity: starts another process and rests until it has ended (BPMN 2.0, 10.3.6, 13.3.5).

The called process gets what the mappings give it and nothing else, besides the business key. A process that calls
itself without end stops with an incident at MAX_CALL_DEPTH.
"""

from __future__ import annotations

from engine.feel import found_by, shape_of
from engine.kernel.activities import boundary_waits, rest
from engine.kernel.draft import Visit
from engine.kernel.failure import Failure
from engine.kernel.graph import Call, EventKind, Graph, Node
from engine.kernel.run import Run
from engine.kernel.scopes import begin_process
from engine.kernel.state import TokenState
from engine.kernel.variables import evaluate, evaluate_inputs, visible_at

#: Processes that have called one another and are all open; the root is the first.
MAX_CALL_DEPTH = 100


def execute(run: Run, visit: Visit) -> None:
    node, call, draft = visit.node, visit.node.call, visit.draft
    assert call is not None
    seen = visible_at(run, visit)
    key = evaluate(run, call.element, seen)
    if not isinstance(key, str):
        raise Failure("call", f"Expected the key of the process that {node.id!r} calls, but found {shape_of(key)}.")
    called = run.graphs.called(draft.graph, call, key)
    if called is None:
        wanted = f"Expected process {found_by(call.element, key)} to be deployed (binding {call.binding})"
        raise Failure("call", f"{wanted}, but it is not.")
    _check_depth(run, visit)
    start = _none_start(called)
    inputs = evaluate_inputs(run, visit)
    variables = {**seen.flattened(), **inputs} if call.all_in else inputs
    business_key = _business_key(run, visit, call)
    number = run.number()
    armed = boundary_waits(run, visit, seen)
    resolution = {"binding": call.binding, "ref": called.ref}
    callee = begin_process(run, called, number, business_key, variables, (draft.number, visit.number), resolution)
    rest(run, visit, TokenState.CALL, armed, number)
    run.agenda.append(Visit(callee, start, callee.top.number))


def _check_depth(run: Run, visit: Visit) -> None:
    depth, draft = 1, visit.draft
    while draft.parent is not None:
        depth += not draft.is_branch
        draft = run.draft(draft.parent[0])
    if depth >= MAX_CALL_DEPTH:
        deepest = f"Expected calls nested at most {MAX_CALL_DEPTH} deep"
        raise Failure("call", f"{deepest}, but {visit.node.id!r} goes deeper.")


def _none_start(graph: Graph) -> Node:
    for index in graph.starts:
        node = graph.nodes[index]
        if node.event is None or node.event.kind is EventKind.NONE:
            return node
    raise Failure("call", f"Expected a none start event in process {graph.key!r}, but it has none.")


def _business_key(run: Run, visit: Visit, call: Call) -> str:
    if call.business_key is None:
        return visit.draft.business_key
    key = evaluate(run, call.business_key, visible_at(run, visit))
    if not isinstance(key, str):
        raise Failure("mapping", f"Expected a business key for {visit.node.id!r}, a text, but found {shape_of(key)}.")
    return key
