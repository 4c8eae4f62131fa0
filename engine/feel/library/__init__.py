"""The built-in functions of DMN 1.3 to 1.5 (10.3.4), one file for each kind."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.feel.functions import FeelFunction
from engine.feel.library import booleans, contexts, conversion, lists, numbers, ranges, statistics, strings, temporal
from engine.feel.regex import UNBOUND

_ALL = (
    *booleans.FUNCTIONS,
    *contexts.FUNCTIONS,
    *conversion.FUNCTIONS,
    *lists.FUNCTIONS,
    *numbers.FUNCTIONS,
    *ranges.FUNCTIONS,
    *statistics.FUNCTIONS,
    *strings.FUNCTIONS,
    *temporal.FUNCTIONS,
    *UNBOUND.values(),
)

#: Every built-in function by its name. `matches`, `replace` and `split` need an engine: see `regex_functions`.
BUILTINS: Mapping[str, FeelFunction] = MappingProxyType({function.name: function for function in _ALL})
