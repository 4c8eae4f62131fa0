"""Variables: one dict a scope, as in Camunda. What a node sees, and where what it writes goes.

Reading   the innermost scope that has the name wins; nothing is copied.
Writing   the nearest scope that already has the variable, else the top of the process instance.
          A scope whose outputs are mapped is closed: what is written inside stays inside, and only the mapped
          variables leave it. Closed are sub-processes with outputs, and the children of a multi-instance activity
          that collects an output. Joins merge nothing: there is nothing to merge.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.feel import Expression, shape_of
from engine.kernel.draft import Draft, Visit
from engine.kernel.events import VariablesChanged
from engine.kernel.failure import Failure
from engine.kernel.graph import MultiInstance
from engine.kernel.run import Run
from engine.kernel.state import Scope
from engine.model.errors import EngineError

#: Counters that expressions see (BPMN 2.0, table 10.30; `loopCounter` counts from 1 as the table says).
_VISIBLE_COUNTERS = ("loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances")


class Visible(Mapping[str, Any]):
    """The variables a scope sees, innermost first. Reads through to the scopes; a branch's owner only when needed."""

    __slots__ = ("_beyond", "_chain", "_run")

    def __init__(self, run: Run, draft: Draft, scope: int, before: Mapping[str, Any] | None = None) -> None:
        self._run = run
        self._chain: list[Mapping[str, Any]] = [] if before is None else [before]
        self._beyond: tuple[Draft, int] | None = None
        self._climb(draft, scope)

    def _climb(self, draft: Draft, scope: int) -> None:
        """Add the scopes of one part; what lies beyond a branch is left for later."""
        scopes, number = draft.scopes, scope
        while True:
            found = scopes[number]
            if found.counters:
                self._chain.append(_counters(found))
            self._chain.append(found.variables)
            if found.parent is None:
                if self._run.environment.versions:
                    self._chain.append(self._run.environment.versions)
                self._beyond = None
                return
            if found.parent not in scopes:
                self._beyond = (draft, found.parent)
                return
            number = found.parent

    def __getitem__(self, name: str) -> Any:
        for variables in self._chain:
            if name in variables:
                return variables[name]
        found = self._beyond_has(name)
        if found is None:
            raise KeyError(name)
        return found[name]

    def get(self, name: str, default: Any = None) -> Any:
        for variables in self._chain:
            if name in variables:
                return variables[name]
        found = self._beyond_has(name)
        return default if found is None else found[name]

    def __contains__(self, name: object) -> bool:
        return any(name in variables for variables in self._chain) or self._beyond_has(name) is not None

    def _beyond_has(self, name: object) -> Mapping[str, Any] | None:
        """The variables beyond the branch that hold a name, if any; what was climbed to is kept."""
        while self._beyond is not None:
            draft, scope = self._beyond
            known = len(self._chain)
            self._climb(owner_of(self._run, draft), scope)
            for variables in self._chain[known:]:
                if name in variables:
                    return variables
        return None

    def __iter__(self) -> Iterator[str]:
        return iter(self.flattened())

    def __len__(self) -> int:
        return len(self.flattened())

    def flattened(self) -> dict[str, Any]:
        """All visible variables in one dict."""
        while self._beyond is not None:
            draft, scope = self._beyond
            self._climb(owner_of(self._run, draft), scope)
        together: dict[str, Any] = {}
        for variables in reversed(self._chain):
            together.update(variables)
        return together


def _counters(scope: Scope) -> dict[str, Decimal]:
    return {name: Decimal(scope.counters[name]) for name in _VISIBLE_COUNTERS if name in scope.counters}


def owner_of(run: Run, branch: Draft) -> Draft:
    """The part a branch belongs to."""
    assert branch.parent is not None
    return run.draft(branch.parent[0])


def scope_above(run: Run, draft: Draft, scope: Scope) -> tuple[Draft, Scope] | None:
    """The enclosing scope with its part; None above the top of a process instance."""
    if scope.parent is None:
        return None
    if scope.parent in draft.scopes:
        return draft, draft.scopes[scope.parent]
    owner = owner_of(run, draft)
    return owner, owner.scopes[scope.parent]


def visible_at(run: Run, visit: Visit, before: Mapping[str, Any] | None = None) -> Visible:
    """What the expressions of a node see; `before` hides what has the same name."""
    return Visible(run, visit.draft, visit.inner_scope, before)


def evaluate(run: Run, expression: Expression, variables: Mapping[str, Any], kind: str = "expression") -> Any:
    """The value of an expression. Raises Failure of the kind."""
    try:
        return expression.evaluate(variables, now=run.local_now)
    except EngineError as error:
        raise Failure(kind, error.message) from error


def holds(run: Run, condition: Expression, variables: Mapping[str, Any], place: str) -> bool:
    """Whether a condition is true. Null is not true; what is neither true, false nor null is a Failure."""
    value = evaluate(run, condition, variables)
    if value is True:
        return True
    if value is False or value is None:
        return False
    raise Failure("expression", f"Expected the condition of {place} to be true or false, but found {shape_of(value)}.")


def evaluate_inputs(run: Run, visit: Visit) -> dict[str, Any]:
    """The input mappings of a node; a later one sees the earlier ones. Raises Failure of kind "mapping"."""
    values: dict[str, Any] = {}
    variables = visible_at(run, visit, values)
    for each in visit.node.inputs:
        values[each.target] = evaluate(run, each.expression, variables, "mapping")
    return values


def write(run: Run, draft: Draft, scope: int, values: Mapping[str, Any], element_id: str = "") -> None:
    """Write variables as seen from a scope, each to where it belongs."""
    if not values:
        return
    start = draft.scopes[scope]
    if start.parent is None:
        write_here(run, draft, scope, values, element_id)
        return
    homes: dict[tuple[int, int], dict[str, Any]] = {}
    drafts: dict[int, Draft] = {}
    for name, value in values.items():
        home, found = _home(run, draft, start, name)
        drafts[home.number] = home
        homes.setdefault((home.number, found.number), {})[name] = value
    for (part, number), written in homes.items():
        write_here(run, drafts[part], number, written, element_id)


def write_here(run: Run, draft: Draft, scope: int, values: Mapping[str, Any], element_id: str = "") -> None:
    """Write variables into exactly this scope."""
    draft.set_variables(scope, values)
    run.emit(VariablesChanged(draft.number, element_id, scope, values))
    if draft.graph.has_conditional_events:
        run.conditions_due[draft.number] = draft


def _home(run: Run, draft: Draft, scope: Scope, name: str) -> tuple[Draft, Scope]:
    place: tuple[Draft, Scope] = (draft, scope)
    while True:
        here, found = place
        if name in found.variables or _is_closed(here, found):
            return place
        above = scope_above(run, here, found)
        if above is None:
            return place
        place = above


def _is_closed(draft: Draft, scope: Scope) -> bool:
    if scope.node < 0:
        return True
    node = draft.graph.nodes[scope.node]
    if "loopCounter" in scope.counters:
        return isinstance(node.loop, MultiInstance) and node.loop.output_collection is not None
    if "nrOfInstances" in scope.counters:
        return False
    return bool(node.outputs)


def take_in(run: Run, visit: Visit, values: Mapping[str, Any]) -> None:
    """What a node brings back, through its output mappings to the variables around it.

    Without mappings the values are written as they are.

    Raises:
        Failure: an output mapping fails; nothing is written then.
    """
    node = visit.node
    if not node.outputs:
        write(run, visit.draft, visit.inner_scope, values, node.id)
        return
    variables = visible_at(run, visit, values)
    mapped = {each.target: evaluate(run, each.expression, variables, "mapping") for each in node.outputs}
    deliver(run, visit, mapped)


def deliver(run: Run, visit: Visit, mapped: Mapping[str, Any]) -> None:
    """Write what an activity's outputs give to the variables around it.

    Of a loop, the outputs of a child go to the child where an output is collected, else to where the loop stands.
    """
    node, draft, scope = visit.node, visit.draft, visit.draft.scopes[visit.scope]
    if scope.node == node.index:
        if "loopCounter" in scope.counters and _is_closed(draft, scope):
            write_here(run, draft, scope.number, mapped, node.id)
            return
        while scope.node == node.index:
            above = scope_above(run, draft, scope)
            assert above is not None
            draft, scope = above
    write(run, draft, scope.number, mapped, node.id)


def is_loop_child(visit: Visit) -> bool:
    """Whether this execution of an activity is one round of its own loop, not the loop as a whole."""
    return visit.draft.scopes[visit.scope].node == visit.node.index
