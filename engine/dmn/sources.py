"""Compiles the FEEL texts of one file and notes those that are not FEEL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.dmn.elements import Literal
from engine.dmn.places import Faults
from engine.feel import Expression, FeelFunction, UnaryTests, compile_expression, compile_unary_tests
from engine.feel.types import FeelType
from engine.model.errors import EngineError


class Compilation:
    """What the texts of one file have in common."""

    def __init__(self, faults: Faults, functions: Mapping[str, FeelFunction] | None) -> None:
        self.faults = faults
        self.functions = functions
        #: Declared types by name.
        self.types: Mapping[str, FeelType] = {}
        #: The same without their allowed values, for `instance of`.
        self.shapes: Mapping[str, FeelType] = {}
        #: Names of several words that may stand after a dot.
        self.entry_names: frozenset[str] = frozenset()
        #: Id of a text -> what it reads beside the names that are visible to it.
        self.strange: dict[str, frozenset[str]] = {}

    def expression(self, literal: Literal, names: Iterable[str] = ()) -> Expression:
        """The compiled expression; a fault and null if it is not FEEL. No text is null."""
        return self.text(literal.text or "null", literal.id, names)

    def text(self, text: str, path: str, names: Iterable[str] = ()) -> Expression:
        """The same for a bare text; `path` is the id for faults."""
        try:
            compiled = self._expression(text, names)
        except EngineError as error:
            self._note(error, path, text)
            return self._expression("null", ())
        self._look_at(compiled.names, names, path)
        return compiled

    def unary_tests(self, text: str, path: str, names: Iterable[str] = ()) -> UnaryTests:
        """The compiled tests; a fault and "-" if they are not FEEL."""
        try:
            compiled = self._unary_tests(text, names)
        except EngineError as error:
            self._note(error, path, text)
            return self._unary_tests("-", ())
        self._look_at(compiled.names, names, path)
        return compiled

    def _look_at(self, read: frozenset[str], visible: Iterable[str], path: str) -> None:
        beside = read.difference(visible)
        if beside:
            self.strange[path] = beside

    def _expression(self, text: str, names: Iterable[str]) -> Expression:
        known = self.entry_names.union(names)
        return compile_expression(text, names=known, types=self.shapes, functions=self.functions)

    def _unary_tests(self, text: str, names: Iterable[str]) -> UnaryTests:
        known = self.entry_names.union(names)
        return compile_unary_tests(text, names=known, types=self.shapes, functions=self.functions)

    def _note(self, error: EngineError, path: str, text: str) -> None:
        self.faults.add("dmn-feel", path, f"{error.message} In: {text[:200]}", **{**error.facts, "text": text[:200]})
