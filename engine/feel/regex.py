"""Regular expressions of FEEL, over an engine that is bound from outside.

FEEL's patterns are those of XPath 2.0 (DMN 1.3, table 76). An engine with backtracking would let a pattern run for
ever, so the port asks for one that answers in time linear in the text (RE2). Patterns with references to groups, which
no such engine has, are run by `regex_references` within the budget of the evaluation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from engine.feel.budget import Run
from engine.feel.errors import FeelEvaluationError, NullResult
from engine.feel.functions import FeelFunction
from engine.feel.regex_references import Spans, find_with_references, has_reference
from engine.feel.regex_syntax import UnsupportedPattern, translated

_MAX_PATTERN = 1000
_FLAGS = frozenset("smixq")
_REFERENCE = re.compile(r"\\(.?)|\$(\d*)", re.DOTALL)


class InvalidPattern(ValueError):
    """The engine cannot read a pattern."""


class RegexPort(Protocol):
    """A regular expression engine with linear running time and RE2 syntax."""

    def find(self, pattern: str, text: str) -> Iterable[Spans]:
        """All matches from left to right, not overlapping.

        Raises:
            InvalidPattern: the pattern is no regular expression, or too large.
        """
        ...


class UnboundRegex:
    """Stands where no engine was bound: says so."""

    def find(self, pattern: str, text: str) -> Iterable[Spans]:
        raise FeelEvaluationError(
            "Expected a regular expression engine for matches(), replace() or split(), but none was bound: "
            "pass functions=regex_functions(port) when compiling."
        )


def regex_functions(port: RegexPort) -> Mapping[str, FeelFunction]:
    """The built-in functions `matches`, `replace` and `split` over an engine, to be passed as `functions`."""

    def find(run: Run, text: str, pattern: str, flags: str | None) -> Iterator[Spans]:
        for flag in flags or "":
            if flag not in _FLAGS:
                raise NullResult(f"expected flags among s, m, i, x and q, but found {flag!r}")
        if len(pattern) > _MAX_PATTERN:
            raise NullResult(f"expected a pattern of at most {_MAX_PATTERN} characters")
        run.charge(20 + len(pattern) + len(text) // 4)
        try:
            if has_reference(pattern, flags or ""):
                yield from find_with_references(run, pattern, flags or "", text, is_of_kind)
                return
            for spans in port.find(translated(pattern, flags or ""), text):
                run.charge(60)  # an engine behind a port is entered once for each match
                yield spans
        except (InvalidPattern, UnsupportedPattern, UnicodeError) as fault:
            raise NullResult(f"expected a regular expression, but found {pattern!r}: {fault}") from None

    def is_of_kind(kind: str, character: str) -> bool:
        return next(iter(port.find(kind, character)), None) is not None

    def matches(run: Run, text: str, pattern: str, flags: str | None) -> bool:
        return next(find(run, text, pattern, flags), None) is not None

    def replace(run: Run, text: str, pattern: str, replacement: str, flags: str | None) -> str:
        literal = "q" in (flags or "")
        pieces: list[str] = []
        length = end = 0
        for spans in find(run, text, pattern, flags):
            new = replacement if literal else _filled(replacement, text, spans)
            pieces += (text[end : spans[0][0]], new)
            length += spans[0][0] - end + len(new)
            end = spans[0][1]
            run.charge_text(length)
        return "".join((*pieces, text[end:]))

    def split(run: Run, text: str, delimiter: str) -> list[str]:
        parts: list[str] = []
        end = 0
        for spans in find(run, text, delimiter, None):
            if spans[0][1] == spans[0][0]:
                raise NullResult("expected a delimiter that is not empty")
            parts.append(text[end : spans[0][0]])
            end = spans[0][1]
        return [*parts, text[end:]]

    def function(name: str, parameters: tuple[str, ...], implementation: Any) -> FeelFunction:
        return FeelFunction(name=name, parameters=parameters, implementation=implementation, with_run=True)

    return {
        "matches": function("matches", ("input: string", "pattern: string", "flags: string?"), matches),
        "replace": function(
            "replace", ("input: string", "pattern: string", "replacement: string", "flags: string?"), replace
        ),
        "split": function("split", ("string: string", "delimiter: string"), split),
    }


def _filled(replacement: str, text: str, spans: Spans) -> str:
    r"""The replacement with `$1` replaced by a group, `\$` by a dollar and `\\` by a backslash."""

    def fill(found: re.Match[str]) -> str:
        escaped, digits = found.groups()
        if escaped is not None:
            if escaped not in ("\\", "$"):
                raise NullResult(r"expected '\\' or '\$' after a backslash in the replacement")
            return escaped
        if not digits:
            raise NullResult("expected a group number after '$' in the replacement")
        # XPath: as many digits as name a group that exists; the rest is text
        taken = len(digits)
        while taken > 1 and int(digits[:taken]) >= len(spans):
            taken -= 1
        number = int(digits[:taken])
        start, end = spans[number] if number < len(spans) else (0, 0)
        return (text[start:end] if start >= 0 else "") + digits[taken:]

    return _REFERENCE.sub(fill, replacement) if "$" in replacement or "\\" in replacement else replacement


UNBOUND = regex_functions(UnboundRegex())
