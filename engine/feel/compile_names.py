"""Literals, names and paths: how values are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.feel.access import entry
from engine.feel.budget import Run
from engine.feel.compiling import Code, Compiler, Handler, Lexical, Place
from engine.feel.conversion import DICT, READY, leaf
from engine.feel.nodes import Literal, Name, Path


def compile_literal(compiler: Compiler, node: Literal, lexical: Lexical | None) -> Code:
    value, at, reason = node.value, node.at, node.reason
    if reason is not None:
        return lambda run, scope: run.fault(at, reason)
    return lambda run, scope: value


def compile_name(compiler: Compiler, node: Name, lexical: Lexical | None) -> Code:
    """A read of one name: from the items of filters around, then from a frame or from the caller's context."""
    place = compiler.find(node.name, lexical)
    read = _read_context(compiler, node, place.hops) if place.slot is None else _read_slot(place.hops, place.slot)
    if place.filters:
        return _read_item(node.name, place, read)
    return read


def _read_slot(hops: int, slot: int) -> Code:
    if hops == 0:
        return lambda run, scope: scope[slot]
    if hops == 1:
        return lambda run, scope: scope[0][slot]
    return lambda run, scope: _outward(scope, hops)[slot]


def _read_context(compiler: Compiler, node: Name, hops: int) -> Code:
    name, at = node.name, node.at
    function = compiler.functions.get(name)
    if function is None or name in compiler.declared:
        compiler.free.add(name)
    else:
        compiler.called.add(name)

    def missing(run: Run) -> Any:
        return function if function is not None else run.fault(at, f"Expected a variable {name!r}, but there is none")

    if hops == 0:

        def read_here(run: Run, scope: Any) -> Any:
            try:
                value = scope[name]
            except KeyError:
                return missing(run)
            return value if type(value) in READY else leaf(value)

        return read_here

    def read(run: Run, scope: Any) -> Any:
        try:
            value = _outward(scope, hops)[name]
        except KeyError:
            return missing(run)
        return value if type(value) in READY else leaf(value)

    return read


def _read_item(name: str, place: Place, otherwise: Code) -> Code:
    """Ask the items of the filters around, the innermost first: `item` itself is also a name their entries may have."""
    filters = place.filters
    if filters == (0,):

        def read_innermost(run: Run, scope: Any) -> Any:
            item = scope[1]
            if type(item) is DICT:
                if name in item:
                    value = item[name]
                    return value if type(value) in READY else leaf(value)
            elif isinstance(item, Mapping) and name in item:
                return leaf(cast("Mapping[str, Any]", item)[name])
            return otherwise(run, scope)

        return read_innermost

    def read(run: Run, scope: Any) -> Any:
        for hops in filters:
            item = _outward(scope, hops)[1]
            if isinstance(item, Mapping) and name in item:
                return leaf(cast("Mapping[str, Any]", item)[name])
        return otherwise(run, scope)

    return read


def _outward(scope: Any, hops: int) -> Any:
    for _ in range(hops):
        scope = scope[0]
    return scope


def compile_path(compiler: Compiler, node: Path, lexical: Lexical | None) -> Code:
    name, at = node.name, node.at
    base = node.base
    variable = compiler.variable(base, lexical)
    if variable is not None:
        compiler.count += 1
        return _context_path(variable, base.at, name, at)
    code = compiler.compile(base, lexical)

    def path(run: Run, scope: Any) -> Any:
        value = code(run, scope)
        if type(value) is DICT and name in value:
            found = value[name]
            return found if type(found) in READY else leaf(found)
        return entry(run, at, value, name)

    return path


def _context_path(variable: str, base_at: int, name: str, at: int) -> Code:
    """`variable.name` in one closure: the most frequent read."""

    def path(run: Run, scope: Any) -> Any:
        try:
            value = scope[variable]
        except KeyError:
            return run.fault(base_at, f"Expected a variable {variable!r}, but there is none")
        if type(value) is DICT and name in value:
            found = value[name]
            return found if type(found) in READY else leaf(found)
        return entry(run, at, leaf(value), name)

    return path


HANDLERS: Mapping[type, Handler] = {Literal: compile_literal, Name: compile_name, Path: compile_path}
