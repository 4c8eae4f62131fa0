"""google-re2 behind the port of regular expressions, for the tests."""

from __future__ import annotations

from collections.abc import Iterable

import re2

from engine.feel import InvalidPattern
from engine.feel.regex import Spans


class Re2Port:
    """Compiles a pattern for each call; 8 MB of automaton at most."""

    def find(self, pattern: str, text: str) -> Iterable[Spans]:
        options = re2.Options()
        options.log_errors = False
        options.max_mem = 8 << 20
        try:
            compiled = re2.compile(pattern, options)
        except re2.error as fault:
            raise InvalidPattern(str(fault)) from None
        for found in compiled.finditer(text):
            yield tuple(found.span(group) for group in range(compiled.groups + 1))
