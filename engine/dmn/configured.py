"""Configured values as decisions see them: rows with dotted keys become nested contexts.

    {"rule.R00.annual_amount": 500}  →  {"rule": {"R00": {"annual_amount": 500}}}

A decision that has the input data `rule` reads `rule.R00.annual_amount`; its answer lists under the same key what it
read, so that the rows in force can be stored beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def nested_context(values: Mapping[str, Any]) -> dict[str, Any]:
    """Contexts of contexts from dotted keys.

    Raises:
        ValueError: one key is the beginning of another.
    """
    context: dict[str, Any] = {}
    for key, value in values.items():
        *parents, name = key.split(".")
        inner = context
        for parent in parents:
            inner = inner.setdefault(parent, _Inner())
            if not isinstance(inner, _Inner):
                raise ValueError(f"Expected {key!r} to be an entry of a context, but {parent!r} has a value.")
        if name in inner:
            raise ValueError(f"Expected {key!r} to have a value, but it has entries.")
        inner[name] = value
    return _plain_dict(context)


class _Inner(dict[str, Any]):
    """A context made here, not a value that happens to be one."""


def _plain_dict(context: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_dict(value) if isinstance(value, _Inner) else value for name, value in context.items()}
