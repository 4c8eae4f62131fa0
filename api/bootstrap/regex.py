"""google-re2 behind FEEL's port of regular expressions: linear time, whatever the pattern."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import re2  # pyright: ignore[reportMissingTypeStubs]

from engine.feel import InvalidPattern
from engine.feel.regex import Spans

#: Bytes of automaton a pattern may take.
MEMORY = 8 << 20


class Re2Port:
    """Finds all matches of a pattern; compiled patterns are kept."""

    def find(self, pattern: str, text: str) -> Iterable[Spans]:
        """Spans of the whole match and of each group, from left to right. Raises InvalidPattern."""
        compiled = _compiled(pattern)
        for found in compiled.finditer(text):
            yield tuple(found.span(group) for group in range(compiled.groups + 1))


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> Any:
    options: Any = re2.Options()
    options.log_errors = False
    options.max_mem = MEMORY
    try:
        # RE2's own compiler: nothing of Python is run
        return re2.compile(pattern, options)
    except re2.error as fault:
        raise InvalidPattern(str(fault)) from None
