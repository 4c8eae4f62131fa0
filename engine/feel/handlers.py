"""Which function compiles which kind of node."""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel import compile_collections, compile_functions, compile_names, compile_operators, compile_tests
from engine.feel.compiling import Handler

HANDLERS: Mapping[type, Handler] = {
    **compile_names.HANDLERS,
    **compile_operators.HANDLERS,
    **compile_tests.HANDLERS,
    **compile_collections.HANDLERS,
    **compile_functions.HANDLERS,
}
