"""Values on the command line: FEEL as JSON, both ways, and instants.

| FEEL | JSON |
|---|---|
| null, boolean, string | null, boolean, string |
| number | number with all its digits; with an exponent where it would have more than 40 |
| list, context | array, object |
| date, time, date and time, duration | string as FEEL writes it: "2026-06-30", "P29D" |
| range | string: "[1..5)" |
| function | string: "function quarter(date: …)" |
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
import orjson

from engine.feel import format_value
from engine.model.calendar import SHANGHAI

#: Digits before or behind the point that are written out.
WRITTEN_OUT = 40
#: Context files larger than this are a mistake.
LARGEST_CONTEXT = 16 << 20


class Instant(click.ParamType):
    """A day, or an instant with or without a zone; without one it is that of Asia/Shanghai."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            if len(value) == len("2026-01-01"):
                return datetime.combine(date.fromisoformat(value), time(), SHANGHAI)
            found = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"Expected a day or an instant such as 2026-03-01T09:00+08:00, but found {value!r}.", param, ctx)
        return found.astimezone(SHANGHAI) if found.tzinfo else found.replace(tzinfo=SHANGHAI)


def as_json(value: Any) -> str:
    """Indented JSON of a FEEL value, or of dicts and lists of them."""
    return orjson.dumps(_plain(value), default=_exact, option=orjson.OPT_INDENT_2).decode()


def read_context(text: str | None) -> dict[str, Any]:
    """The context of an option: a JSON object, the name of a file that holds one, or `-` for standard input.

    Raises:
        click.UsageError: no such file, or no JSON object; says where.
    """
    if text is None:
        return {}
    is_inline = text.lstrip().startswith("{")
    content = text if is_inline else _content(text)
    try:
        value = json.loads(content, parse_float=Decimal, parse_int=Decimal, parse_constant=_refuse_constant)
    except ValueError as error:
        place = "--context" if is_inline else text
        raise click.UsageError(f"Expected a JSON object in {place}, but: {error}") from None
    except RecursionError:
        raise click.UsageError("Expected JSON of fewer levels in --context.") from None
    if not isinstance(value, dict):
        raise click.UsageError(f"Expected a JSON object in --context, but found {type(value).__name__}.")
    return value


def _content(text: str) -> str:
    try:
        if text == "-":
            return sys.stdin.read(LARGEST_CONTEXT)
        path = Path(text)
        if path.stat().st_size > LARGEST_CONTEXT:
            raise click.UsageError(f"Expected at most {LARGEST_CONTEXT} bytes in {text}.")
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise click.UsageError(f"Expected JSON or a readable file as --context, but {text!r}: {reason}.") from None


def _refuse_constant(text: str) -> Any:
    raise ValueError(f"{text} is no JSON")


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, Decimal):
        return _exact(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(entry) for name, entry in value.items()}
    if isinstance(value, int):
        return _exact(Decimal(value))
    return format_value(value)


def _exact(number: Any) -> Any:
    if not number.is_finite():
        return None
    return orjson.Fragment(format(number, "f") if abs(number.adjusted()) <= WRITTEN_OUT else str(number))
