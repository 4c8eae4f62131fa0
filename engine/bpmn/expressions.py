"""Texts of a diagram as compiled FEEL.

Three conventions, by place: a *formula* is FEEL with or without a leading "=" (conditions, scripts, cardinalities);
a *value* is FEEL only behind "=", else the text itself (camunda attributes and mappings); an *instant* is ISO 8601 or
working days as designers write them, else a formula (timers).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from engine.bpmn.instants import fits, fits_due_date, is_cron, is_instant_text, unquoted
from engine.bpmn.juel import contains_juel
from engine.bpmn.report import Findings
from engine.feel import Expression, FeelFunction, compile_expression
from engine.kernel.cycles import parse_cycle
from engine.kernel.graph import TimerKind
from engine.model.errors import EngineError

Functions = Mapping[str, FeelFunction]

_WHOLE_NUMBER = re.compile(r"-?\d+")


class Expressions:
    """Compiles the expressions of one file; faults go to the findings, so that all are told at once."""

    def __init__(self, findings: Findings, functions: Functions) -> None:
        self._findings = findings
        self._functions = functions
        #: Stands where an expression was refused; a graph with refusals is never handed out.
        self.null = compile_expression("null")

    def formula(self, text: str, element_id: str, place: str) -> Expression:
        """FEEL, with or without a leading "="."""
        source = text.strip().removeprefix("=").strip()
        if contains_juel(source):
            self._findings.add("foreign-expression", element_id, place=place, text=text.strip())
            return self.null
        try:
            return compile_expression(source, functions=self._functions)
        except EngineError as error:
            self._findings.add("expression", element_id, place=place, text=source, reason=str(error))
            return self.null

    def value(self, text: str, element_id: str, place: str) -> Expression:
        """FEEL behind "=", else the text itself."""
        stripped = text.strip()
        if stripped.startswith("=") or contains_juel(stripped):
            return self.formula(stripped, element_id, place)
        return self.constant(stripped)

    def number(self, text: str, element_id: str, place: str) -> Expression:
        """A whole number, or FEEL behind "="."""
        stripped = text.strip()
        if _WHOLE_NUMBER.fullmatch(stripped) or stripped.startswith("="):
            return self.formula(stripped, element_id, place)
        self._findings.add("not-a-number", element_id, place=place, text=stripped)
        return self.null

    def names(self, text: str | None, element_id: str, place: str) -> tuple[Expression, ...]:
        """A comma-separated list of texts, or one FEEL expression that gives a text or a list."""
        if text is None:
            return ()
        if text.startswith("=") or contains_juel(text):
            return (self.formula(text, element_id, place),)
        return tuple(self.constant(name.strip()) for name in text.split(",") if name.strip())

    def constant(self, text: str) -> Expression:
        """An expression that always gives this text."""
        return compile_expression(json.dumps(text, ensure_ascii=False))

    def timer(self, kind: TimerKind, text: str, element_id: str) -> Expression:
        """What stands in timeDate, timeDuration or timeCycle."""
        plain = unquoted(text.strip().removeprefix("=").strip())
        if kind is TimerKind.CYCLE and is_cron(plain):
            self._findings.add("cron", element_id, text=plain)
            return self.null
        if is_instant_text(plain):
            if not fits(kind, plain):
                self._findings.add("timer-text", element_id, text=plain, kind=kind.value)
            elif kind is TimerKind.CYCLE:
                self._check_cycle(plain, element_id)
            return self.constant(plain)
        if plain != text.strip().removeprefix("=").strip() or (kind is TimerKind.CYCLE and plain.startswith("R")):
            self._findings.add("timer-text", element_id, text=plain, kind=kind.value)
            return self.null
        return self.formula(text, element_id, f"{kind.value} of the timer")

    def _check_cycle(self, text: str, element_id: str) -> None:
        """Some cycles are well written and never come to an instant, such as R/PT0S."""
        try:
            parse_cycle(text)
        except ValueError as error:
            self._findings.add("timer-cycle", element_id, text=text, reason=str(error))

    def due_date(self, text: str, element_id: str, place: str) -> Expression:
        """What stands in camunda:dueDate and camunda:followUpDate."""
        stripped = text.strip()
        if stripped.startswith("=") or contains_juel(stripped):
            return self.formula(stripped, element_id, place)
        if not fits_due_date(stripped):
            self._findings.add("due-date-text", element_id, place=place, text=stripped)
        return self.constant(stripped)
