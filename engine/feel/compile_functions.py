"""Calls, and functions written in an expression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.feel.budget import Run
from engine.feel.compiling import Code, Compiler, Handler, Lexical
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.functions import FeelFunction, Parameter
from engine.feel.nodes import Call, FunctionLiteral, Name
from engine.feel.types import type_name
from engine.feel.values import FunctionValue


def compile_call(compiler: Compiler, node: Call, lexical: Lexical | None) -> Code:
    compiler.needs_run = True
    codes = tuple(compiler.compile(argument, lexical) for argument in node.arguments)
    at, names = node.at, node.names
    if len(set(names)) < len(names):
        return lambda run, scope: run.fault(at, "Expected every parameter once, but one is given twice")
    known = _known_function(compiler, node, lexical)
    if known is not None and not names:
        call = known.call
        if len(codes) == 1:
            only = codes[0]
            return lambda run, scope: call(run, at, (only(run, scope),))
        return lambda run, scope: call(run, at, [code(run, scope) for code in codes])
    callee = compiler.compile(node.function, lexical)

    def invocation(run: Run, scope: Any) -> Any:
        function = callee(run, scope)
        arguments = [code(run, scope) for code in codes]
        if not isinstance(function, FeelFunction):
            return run.fault(at, f"Expected a function to call, but found {type_name(function)}")
        if names:
            return function.call_named(run, at, dict(zip(names, arguments, strict=True)))
        return function.call(run, at, arguments)

    return invocation


def _known_function(compiler: Compiler, node: Call, lexical: Lexical | None) -> FeelFunction | None:
    """The function that a plain name means, if no variable of that name can be in the way."""
    if not isinstance(node.function, Name) or node.function.name in compiler.declared:
        return None
    function = compiler.functions.get(node.function.name)
    if function is None or compiler.find(node.function.name, lexical).slot is not None:
        return None
    compiler.called.add(node.function.name)
    return function


def compile_function(compiler: Compiler, node: FunctionLiteral, lexical: Lexical | None) -> Code:
    inner = Lexical(lexical, {name: slot for slot, (name, _) in enumerate(node.parameters, 1)})
    body, cost = compiler.sized(node.body, inner)
    height, source = node.height + 1, compiler.source
    parameters = tuple(Parameter(name, wanted) for name, wanted in node.parameters)

    def define(run: Run, scope: Any) -> FunctionValue:
        def implementation(run: Run, *arguments: Any) -> Any:
            run.charge(cost)
            run.calls_left -= height
            if run.calls_left < 0:
                raise FeelBudgetExceeded("max_call_depth", run.budget.max_call_depth, "levels of calls")
            outer, run.source = run.source, source
            try:
                return body(run, [scope, *arguments])
            finally:
                run.source = outer
                run.calls_left += height

        return FeelFunction(name="function", parameters=parameters, implementation=implementation, with_run=True)

    return define


HANDLERS: Mapping[type, Handler] = {Call: compile_call, FunctionLiteral: compile_function}
