"""Short forms for declaring built-in functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.feel.functions import FeelFunction


def function(
    name: str, *parameters: str, result: Callable[..., Any], others: tuple[FeelFunction, ...] = ()
) -> FeelFunction:
    """A function of its arguments alone; see `FeelFunction` for the form of the parameters."""
    return FeelFunction(name=name, parameters=parameters, implementation=result, others=others)


def with_run(
    name: str, *parameters: str, result: Callable[..., Any], others: tuple[FeelFunction, ...] = ()
) -> FeelFunction:
    """A function that also gets the run: to account for its work, to call functions, or to ask for the instant."""
    return FeelFunction(name=name, parameters=parameters, implementation=result, with_run=True, others=others)


def over_list(name: str, parameter: str, *, result: Callable[..., Any]) -> FeelFunction:
    """A function of a list, which may also be called with the elements as arguments: `sum([1, 2])` or `sum(1, 2)`."""
    bare = parameter.split(":")[0]
    spread = FeelFunction(name=name, parameters=(bare,), implementation=result, with_run=True, variadic=True)
    return FeelFunction(name=name, parameters=(parameter,), implementation=result, with_run=True, others=(spread,))
