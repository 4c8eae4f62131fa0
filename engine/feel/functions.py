"""Functions of FEEL: built in, registered by a package, or written in an expression."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from engine.feel.budget import Run
from engine.feel.conversion import leaf
from engine.feel.errors import FeelEvaluationError, NullResult
from engine.feel.types import (
    ANY,
    BOOLEAN,
    LIST,
    NAMED_TYPES,
    NUMBER,
    STRING,
    FeelType,
    ListType,
    SimpleType,
    account_for,
    coerced,
    type_name,
)
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


_CONTAINERS = frozenset((list, dict))
_KINDS: tuple[tuple[FeelType, type], ...] = ((NUMBER, Decimal), (STRING, str), (BOOLEAN, bool), (LIST, list))


class _Slot(NamedTuple):
    """What a call must know of a parameter, ready to hand."""

    #: None for Any.
    type: FeelType | None
    #: The Python type that alone is the parameter's, if there is one: no further test then.
    kind: type | None
    nullable: bool
    is_list: bool
    #: Whether the type looks at elements.
    is_nested: bool

    @classmethod
    def of(cls, parameter: Parameter) -> _Slot:
        wanted = parameter.type
        kind = next((kind for simple, kind in _KINDS if simple is wanted), None)
        is_nested = not isinstance(wanted, SimpleType) and wanted is not LIST
        return cls(None if wanted is ANY else wanted, kind, parameter.nullable, isinstance(wanted, ListType), is_nested)


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
    _slots: tuple[_Slot, ...] = field(init=False)

    def __post_init__(self) -> None:
        parsed = tuple(p if isinstance(p, Parameter) else Parameter.parse(p) for p in self.parameters)
        object.__setattr__(self, "signature", parsed)
        object.__setattr__(self, "_slots", tuple(_Slot.of(parameter) for parameter in parsed))

    def call(self, run: Run, offset: int, arguments: Sequence[Any]) -> Any:
        """Call by position. `offset` is where a reason for null points at."""
        function = self
        bound = self._bound(run, self._ordered(arguments))
        for function in self.others if bound is None else ():
            bound = function._bound(run, function._ordered(arguments))
            if bound is not None:
                break
        if bound is not None:
            return function._run(run, offset, bound)
        if run.explaining:
            run.fault(offset, self._refusal([type_name(argument) for argument in arguments]))
        return None

    def call_named(self, run: Run, offset: int, arguments: Mapping[str, Any]) -> Any:
        """Call by parameter name."""
        for function in (self, *self.others):
            bound = function._bound(run, function._ordered_by_name(arguments))
            if bound is not None:
                return function._run(run, offset, bound)
        found = [f"{name}: {type_name(argument)}" for name, argument in arguments.items()]
        return run.fault(offset, self._refusal(found))

    @property
    def arity(self) -> int:
        """Number of parameters."""
        return len(self.signature)

    def _ordered(self, arguments: Sequence[Any]) -> Sequence[Any] | None:
        count = len(arguments)
        if count == len(self.signature) and not self.variadic:
            return arguments
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

    def _bound(self, run: Run, arguments: Sequence[Any] | None) -> list[Any] | None:
        """The arguments as the types of the parameters; None if there are none or one does not fit."""
        if arguments is None:
            return None
        bound: list[Any] = []
        for slot, given in zip(self._slots, arguments, strict=True):
            argument = given
            kind: type[Any] = type(given)  # pyright: ignore[reportUnknownVariableType]
            if kind is list:
                run.charge_list(len(given))
                if slot.is_list:
                    argument = [leaf(element) for element in given]
            elif kind is str:
                run.charge_text(len(given))
            if argument is None:
                if not slot.nullable:
                    return None
            elif slot.type is not None and kind is not slot.kind:
                if slot.is_nested:
                    account_for(run, argument)
                argument = coerced(slot.type, argument)
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
        value = leaf(result)
        if type(value) is str:
            run.charge_text(len(value))
        elif type(value) in _CONTAINERS:
            run.charge_list(len(value))
        return value

    def _refusal(self, found: Sequence[str]) -> str:
        forms = " or ".join(str(candidate) for candidate in (self, *self.others))
        return f"Expected {forms}, but found {self.name}({', '.join(found)})"

    def __str__(self) -> str:
        shown = [f"{p.name}{'' if p.type is ANY else f': {p.type}'}{'?' if p.optional else ''}" for p in self.signature]
        return f"{self.name}({', '.join(shown)}{'…' if self.variadic else ''})"
