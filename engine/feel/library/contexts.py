"""Built-in functions on contexts (DMN 1.4, table 83)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.feel.budget import Run
from engine.feel.conversion import leaf
from engine.feel.errors import NullResult
from engine.feel.library.registration import function, with_run
from engine.feel.types import type_name

Context = Mapping[str, Any]


def _get_value(context: Context, key: str) -> Any:
    if key not in context:
        raise NullResult(f"expected an entry {key!r}, but there is none")
    return leaf(context[key])


def _get_value_at(run: Run, context: Context, keys: list[Any]) -> Any:
    value: Any = context
    for key in keys:
        if not isinstance(value, Mapping) or not isinstance(key, str):
            raise NullResult(f"expected a context with an entry {key!r}, but found a {type_name(value)}")
        run.charge(1)
        value = _get_value(value, key)  # pyright: ignore[reportUnknownArgumentType]
    return value


def _get_entries(run: Run, context: Context) -> list[Any]:
    run.charge_list(len(context))
    return [{"key": key, "value": leaf(value)} for key, value in context.items()]


def _context(entries: list[Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, Mapping) or "value" not in entry:
            raise NullResult("expected entries with a text 'key' and a 'value'")
        key: Any = leaf(cast("Context", entry).get("key"))
        if not isinstance(key, str):
            raise NullResult("expected entries with a text 'key' and a 'value'")
        if key in result:
            raise NullResult(f"expected every key once, but {key!r} stands twice")
        result[key] = leaf(entry["value"])
    return result


def _put(run: Run, context: Context, key: str, value: Any) -> dict[str, Any]:
    run.charge_list(len(context))
    return {**context, key: value}


def _put_at(run: Run, context: Context, keys: list[Any], value: Any) -> dict[str, Any]:
    if not keys or len(keys) > 50 or not all(isinstance(key, str) for key in keys):
        raise NullResult("expected 1 to 50 texts as keys")
    inner = value
    if len(keys) > 1:
        nested = leaf(context.get(keys[0]))
        if not isinstance(nested, Mapping):
            raise NullResult(f"expected a context under {keys[0]!r}, but found a {type_name(nested)}")
        inner = _put_at(run, nested, keys[1:], value)  # pyright: ignore[reportUnknownArgumentType]
    return _put(run, context, keys[0], inner)


def _merge(run: Run, contexts: list[Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for context in contexts:
        if not isinstance(context, Mapping):
            raise NullResult(f"expected contexts, but found a {type_name(context)}")
        run.charge_list(len(result) + len(context))  # pyright: ignore[reportUnknownArgumentType]
        result.update(context)  # pyright: ignore[reportUnknownArgumentType]
    return result


FUNCTIONS = (
    function(
        "get value", "m: context", "key: string", result=_get_value,
        others=(with_run("get value", "m: context", "keys: list", result=_get_value_at),),
    ),
    with_run("get entries", "m: context", result=_get_entries),
    function("context", "entries: list", result=_context),
    with_run(
        "context put", "context: context", "key: string", "value", result=_put,
        others=(with_run("context put", "context: context", "keys: list", "value", result=_put_at),),
    ),
    with_run("context merge", "contexts: list", result=_merge),
)  # fmt: skip
