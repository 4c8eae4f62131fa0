"""Lists, contexts, filters and loops."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeAlias

from engine.feel import access
from engine.feel.budget import Run
from engine.feel.compile_operators import constant_of
from engine.feel.compiling import Code, Compiler, Handler, Lexical
from engine.feel.conversion import leaf
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.iteration import Steps, steps_between, steps_of
from engine.feel.nodes import ContextLiteral, Filter, For, FunctionLiteral, ListLiteral, Quantified
from engine.feel.nodes import Iterator as IteratorNode
from engine.feel.types import type_name

#: Code of an iterator's source and of its end, if it has one, and the offset.
_Source: TypeAlias = tuple[Code, "Code | None", int]


def compile_list(compiler: Compiler, node: ListLiteral, lexical: Lexical | None) -> Code:
    codes = tuple(compiler.compile(element, lexical) for element in node.elements)
    return lambda run, scope: [code(run, scope) for code in codes]


def compile_context(compiler: Compiler, node: ContextLiteral, lexical: Lexical | None) -> Code:
    """Entries see the earlier ones, and functions also themselves."""
    inner = Lexical(lexical, {})
    entries: list[tuple[str, Code]] = []
    at = node.at
    for name, _, value in node.entries:
        if name in inner.slots:
            return lambda run, scope: run.fault(at, f"Expected every entry once, but {name!r} stands twice")
        if isinstance(value, FunctionLiteral):
            inner.slots[name] = len(inner.slots) + 1
            entries.append((name, compiler.compile(value, inner)))
        else:
            entries.append((name, compiler.compile(value, inner)))
            inner.slots[name] = len(inner.slots) + 1
    size = len(entries)

    def context(run: Run, scope: Any) -> dict[str, Any]:
        frame = [scope, *[None] * size]
        result: dict[str, Any] = {}
        for slot, (name, code) in enumerate(entries, 1):
            frame[slot] = result[name] = code(run, frame)
        return result

    return context


def compile_filter(compiler: Compiler, node: Filter, lexical: Lexical | None) -> Code:
    compiler.needs_run = True
    base, at = compiler.compile(node.base, lexical), node.at
    literal = constant_of(node.condition)
    if literal is not None and isinstance(literal.value, Decimal):
        index = literal.value
        return lambda run, scope: _element(run, at, base(run, scope), index)
    condition, cost = compiler.sized(node.condition, Lexical(lexical, {"item": 1}, filters=True))

    def filtered(run: Run, scope: Any) -> Any:
        value = base(run, scope)
        elements = access.as_list(value)
        run.charge_list(len(elements))
        first = leaf(elements[0]) if elements else None
        answer = condition(run, [scope, first])
        if type(answer) is Decimal:
            return _element(run, at, value, answer)
        if not elements:
            return []
        kept: list[Any] = []
        for number, element in enumerate(elements):
            run.charge(1 + cost)
            item = leaf(element)
            if number:
                answer = condition(run, [scope, item])
            if answer is True:
                kept.append(item)
            elif answer is not False and answer is not None:
                run.fault(at, f"Expected a condition or an index in '[…]', but found a {type_name(answer)}")
        return kept

    return filtered


def _element(run: Run, at: int, value: Any, index: Decimal) -> Any:
    if value is None:
        return run.fault(at, "Expected a list before '[…]', but found null")
    return access.element(run, at, value, index)


def compile_for(compiler: Compiler, node: For, lexical: Lexical | None) -> Code:
    compiler.needs_run = True
    sources, inner = _sources(compiler, node.iterators, lexical)
    slots = len(sources) + 1
    inner.slots.setdefault("partial", slots)
    body, cost = compiler.sized(node.body, inner)
    uses_partial = inner.slots["partial"] == slots and "partial" in inner.read
    cost += 1

    def loop(run: Run, scope: Any) -> list[Any] | None:
        frames = _frames(run, scope, sources, 0, (), slots)
        results: list[Any] = []
        limit = run.budget.max_list
        for frame in frames:
            if frame is None:
                return None
            run.charge(cost)
            if uses_partial:
                run.charge(len(results))
                frame[slots] = results.copy()
            results.append(body(run, frame))
            if len(results) > limit:
                raise FeelBudgetExceeded("max_list", limit, "elements in a list")
        return results

    return loop


def compile_quantified(compiler: Compiler, node: Quantified, lexical: Lexical | None) -> Code:
    compiler.needs_run = True
    sources, inner = _sources(compiler, node.iterators, lexical)
    slots = len(sources) + 1
    body, cost = compiler.sized(node.body, inner)
    decisive = not node.every
    at = node.body.at

    def quantified(run: Run, scope: Any) -> bool | None:
        answer: bool | None = not decisive
        for frame in _frames(run, scope, sources, 0, (), slots):
            if frame is None:
                return None
            run.charge(1 + cost)
            held = body(run, frame)
            if held is decisive:
                return decisive
            if type(held) is not bool:
                answer = run.fault(at, f"Expected a boolean after 'satisfies', but found {type_name(held)}")
        return answer

    return quantified


def _sources(
    compiler: Compiler, iterators: tuple[IteratorNode, ...], lexical: Lexical | None
) -> tuple[tuple[_Source, ...], Lexical]:
    """The codes of the iterators, each of which sees the earlier ones, and the scope of the body."""
    inner = Lexical(lexical, {})
    sources: list[_Source] = []
    for slot, iterator in enumerate(iterators, 1):
        start = compiler.compile(iterator.source, inner)
        end = compiler.compile(iterator.end, inner) if iterator.end is not None else None
        sources.append((start, end, iterator.at))
        inner.slots[iterator.name] = slot
    return tuple(sources), inner


def _frames(
    run: Run, scope: Any, sources: tuple[_Source, ...], level: int, values: tuple[Any, ...], slots: int
) -> Iterator[list[Any] | None]:
    """A frame for every combination, the last iterator running fastest; None once if an iterator has no values."""
    outer = [scope, *values, *[None] * (slots - len(values))]
    start, end, at = sources[level]
    first = start(run, outer)
    steps: Steps | None
    steps = steps_of(run, at, first) if end is None else steps_between(run, at, first, end(run, outer))
    if steps is None:
        yield None
    elif level + 1 == len(sources):
        rest = [None] * (slots - len(values) - 1)
        for value in steps:
            yield [scope, *values, value, *rest]
    else:
        for value in steps:
            run.charge(1)
            yield from _frames(run, scope, sources, level + 1, (*values, value), slots)


HANDLERS: Mapping[type, Handler] = {
    ListLiteral: compile_list,
    ContextLiteral: compile_context,
    Filter: compile_filter,
    For: compile_for,
    Quantified: compile_quantified,
}
