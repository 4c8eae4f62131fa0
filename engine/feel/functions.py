"""Functions of FEEL: built in, registered by a package, or written in an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from typing import Any, cast

from engine.feel.budget import Run
from engine.feel.conversion import leaf
from engine.feel.errors import FeelEvaluationError, NullResult
from engine.feel.types import ANY, NAMED_TYPES, FeelType, ListType, coerced, type_name
from engine.feel.values import FunctionValue
from engine.model.errors import EngineError


@dataclass(frozen=True, slots=True)
class Parameter:
    """A formal parameter."""

    name: str
    type: FeelType = ANY
    #: May be left out or be null; the implementation then gets None.
    optional: bool = False
    #: Null is a value like others.
    nullable: bool = True

    @classmethod
    def parse(cls, text: str) -> Parameter:
        """From the short form `name`, `name: type` (null is refused) or `name: type?` (optional)."""
        name, colon, type_name = (part.strip() for part in text.partition(":"))
        optional = type_name.endswith("?")
        if not colon:
            return cls(name)
        return cls(name, NAMED_TYPES[type_name.removesuffix("?")], optional, nullable=optional)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FeelFunction(FunctionValue):
    """A function that expressions can call by position or by parameter name.

    The implementation gets FEEL values in the order of the parameters and returns a value that `to_feel` understands.
    It raises NullResult (or returns None) for null. It must not keep or change what it is given.

    >>> half = FeelFunction(name="half", parameters=("n: number",), implementation=lambda n: n / 2)
    """

    name: str
    #: Names, or `name: type`, `name: type?` with types number, string, boolean, date, time, date and time,
    #: days and time duration, years and months duration, list, context, range, function, Any.
    parameters: tuple[str | Parameter, ...] = ()
    implementation: Callable[..., Any]
    #: The last parameter takes all remaining arguments as a list.
    variadic: bool = False
    #: The implementation's first argument is the Run, for its budget and its instant.
    with_run: bool = False
    #: Further signatures, tried in order when the arguments do not fit this one.
    others: tuple[FeelFunction, ...] = ()
    result: FeelType = ANY
    signature: tuple[Parameter, ...] = field(init=False)

    def __post_init__(self) -> None:
        parsed = tuple(p if isinstance(p, Parameter) else Parameter.parse(p) for p in self.parameters)
        object.__setattr__(self, "signature", parsed)

    def call(self, run: Run, offset: int, arguments: Sequence[Any]) -> Any:
        """Call by position. `offset` is where a reason for null points at."""
        for candidate in (self, *self.others):
            ordered = candidate._ordered(arguments)
            if ordered is not None:
                bound = candidate._bound(run, ordered)
                if bound is not None:
                    return candidate._run(run, offset, bound)
        return run.fault(offset, self._refusal([type_name(argument) for argument in arguments]))

    def call_named(self, run: Run, offset: int, arguments: Mapping[str, Any]) -> Any:
        """Call by parameter name."""
        for candidate in (self, *self.others):
            ordered = candidate._ordered_by_name(arguments)
            if ordered is not None:
                bound = candidate._bound(run, ordered)
                if bound is not None:
                    return candidate._run(run, offset, bound)
        found = [f"{name}: {type_name(argument)}" for name, argument in arguments.items()]
        return run.fault(offset, self._refusal(found))

    @property
    def arity(self) -> int:
        """Number of parameters."""
        return len(self.signature)

    def _ordered(self, arguments: Sequence[Any]) -> list[Any] | None:
        count = len(arguments)
        if self.variadic:
            fixed = self.arity - 1
            return None if count <= fixed else [*arguments[:fixed], list(arguments[fixed:])]
        if count > self.arity or any(not p.optional for p in self.signature[count:]):
            return None
        return [*arguments, *[None] * (self.arity - count)]

    def _ordered_by_name(self, arguments: Mapping[str, Any]) -> list[Any] | None:
        names = {parameter.name for parameter in self.signature}
        if not arguments.keys() <= names:
            return None
        if any(not p.optional and p.name not in arguments for p in self.signature):
            return None
        ordered = [arguments.get(parameter.name) for parameter in self.signature]
        if self.variadic and not isinstance(ordered[-1], list):
            ordered[-1] = [ordered[-1]]
        return ordered

    def _bound(self, run: Run, arguments: list[Any]) -> list[Any] | None:
        bound: list[Any] = []
        for parameter, argument in zip(self.signature, arguments, strict=True):
            kind: type[Any] = type(argument)
            if kind is list:
                run.charge_list(len(argument))
                if isinstance(parameter.type, ListType):
                    argument = [leaf(element) for element in argument]
            elif kind is str:
                run.charge_text(len(argument))
            if argument is None:
                if not parameter.nullable:
                    return None
            elif parameter.type is not ANY:
                argument = coerced(parameter.type, argument)
                if argument is None:
                    return None
            bound.append(argument)
        return bound

    def _run(self, run: Run, offset: int, arguments: list[Any]) -> Any:
        run.charge(1)
        try:
            result = self.implementation(run, *arguments) if self.with_run else self.implementation(*arguments)
        except NullResult as null:
            return run.fault(offset, f"{self.name}(): {null.reason}")
        except ArithmeticError:
            return run.fault(offset, f"{self.name}(): the result is no number")
        except (EngineError, RecursionError):
            raise
        except Exception as failure:
            raise FeelEvaluationError(
                f"Expected the function {self.name}() to answer, but it failed: {failure}", function=self.name
            ) from failure
        value: Any = leaf(result)
        if isinstance(value, str):
            run.charge_text(len(value))
        elif isinstance(value, list | dict):
            run.charge_list(len(cast("Sized", value)))
        return value

    def _refusal(self, found: Sequence[str]) -> str:
        forms = " or ".join(str(candidate) for candidate in (self, *self.others))
        return f"Expected {forms}, but found {self.name}({', '.join(found)})"

    def __str__(self) -> str:
        shown = [
            f"{p.name}{'' if p.type is ANY else f': {p.type}'}{'?' if p.optional else ''}" for p in self.signature
        ]
        return f"{self.name}({', '.join(shown)}{'…' if self.variadic else ''})"

