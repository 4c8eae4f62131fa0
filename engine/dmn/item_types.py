"""Types a file declares (item definitions), as FEEL types: components, collections, allowed values (DMN 7.3.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.dmn.elements import ItemDefinition
from engine.dmn.places import Faults
from engine.dmn.sources import Compilation
from engine.feel import UnaryTests
from engine.feel.types import ANY, FUNCTION, NAMED_TYPES, ContextType, FeelType, FunctionType, ListType, coerced


class RestrictedType:
    """A type narrowed by allowed values: each test list must hold for a value that is not null."""

    __slots__ = ("_base", "_name", "_tests")

    def __init__(self, name: str, base: FeelType, tests: Sequence[UnaryTests]) -> None:
        self._name = name
        self._base = base
        self._tests = tests

    @property
    def base(self) -> FeelType:
        """The type that is narrowed."""
        return self._base

    def accepts(self, value: Any) -> bool:
        """Whether the value is of the base type and allowed."""
        if not self._base.accepts(value):
            return False
        return value is None or all(tests.matches(value, {}) is True for tests in self._tests)

    def __str__(self) -> str:
        return self._name


class NamedType:
    """A declared type under its name; what it stands for is known once all item definitions have been read."""

    __slots__ = ("name", "target")

    def __init__(self, name: str) -> None:
        self.name = name
        self.target: FeelType = ANY

    def accepts(self, value: Any) -> bool:
        """Whether the declared type accepts the value."""
        return self.target.accepts(value)

    def __str__(self) -> str:
        return self.name


def bare_name(type_ref: str) -> str:
    """A type reference without the prefix of FEEL's own namespace, as DMN 1.1 writes it."""
    return type_ref.removeprefix("feel:")


def find_type(types: Mapping[str, FeelType], type_ref: str, path: str, faults: Faults) -> FeelType:
    """The type a reference names; a fault if there is none. No reference is any type."""
    if not type_ref:
        return ANY
    name = bare_name(type_ref)
    found = types.get(name) or NAMED_TYPES.get(name)
    if found is None:
        message = f"Expected a type that is declared or of FEEL, but found {type_ref!r}."
        faults.add("dmn-unknown-type", path, message, found=type_ref)
    return found or ANY


def declared_types(
    definitions: Sequence[ItemDefinition],
    imported: Mapping[str, FeelType],
    compilation: Compilation,
    *,
    restricted: bool = True,
) -> dict[str, FeelType]:
    """Name → type of every item definition, with the imported ones under their qualified names.

    Without `restricted` allowed values are left out: that is what `instance of` asks about (DMN 10.3.2.9.4).
    """
    named = {definition.name: NamedType(definition.name) for definition in definitions}
    types: dict[str, FeelType] = {**imported, **named}
    for definition in definitions:
        named[definition.name].target = _type_of(definition, types, compilation, restricted)
    for definition in definitions:
        if _is_circular(named[definition.name]):
            message = f"Expected type {definition.name!r} to come to an end, but it stands for itself."
            compilation.faults.add("dmn-circular-type", definition.id, message)
            named[definition.name].target = ANY
    return types


def conformed(wanted: FeelType, value: Any) -> tuple[Any, bool]:
    """The value as one of the wanted type, and whether it could be: see `engine.feel.types.coerced`."""
    if value is None or wanted is ANY:
        return value, True
    found = coerced(plain_type(wanted), value)
    return found, found is not None


def result_of(declared: FeelType) -> FeelType:
    """What a callable gives: files declare its result or, since DMN 1.2, its type as a function."""
    found = plain_type(declared)
    if isinstance(found, FunctionType):
        return found.result
    return ANY if found is FUNCTION else declared


def plain_type(wanted: FeelType) -> FeelType:
    """The type behind names, so that a list type is seen as one."""
    while isinstance(wanted, NamedType):
        wanted = wanted.target
    return wanted


def _is_circular(named: NamedType) -> bool:
    seen: set[int] = set()
    current: FeelType = named
    while isinstance(current, NamedType):
        if id(current) in seen:
            return True
        seen.add(id(current))
        current = current.target
    return False


def _type_of(
    definition: ItemDefinition, types: Mapping[str, FeelType], compilation: Compilation, restricted: bool
) -> FeelType:
    faults = compilation.faults
    if definition.function is not None:
        function = definition.function
        base: FeelType = FunctionType(
            tuple(find_type(types, parameter, definition.id, faults) for parameter in function.parameters),
            find_type(types, function.output, definition.id, faults),
        )
    elif definition.components:
        base = ContextType(
            {part.name: _type_of(part, types, compilation, restricted) for part in definition.components}
        )
    else:
        base = find_type(types, definition.type_ref, definition.id, faults)
    if definition.allowed and restricted:
        tests = compilation.unary_tests(definition.allowed, definition.id)
        base = RestrictedType(definition.name, base, (tests,))
    if definition.is_collection:
        base = ListType(base)
    if definition.constraint and restricted:
        tests = compilation.unary_tests(definition.constraint, definition.id)
        base = RestrictedType(definition.name, base, (tests,))
    return base
