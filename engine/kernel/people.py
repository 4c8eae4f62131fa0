"""Whom a diagram offers a user task to, as far as it says so by itself."""

from __future__ import annotations

from typing import cast

from engine.kernel.graph import Node


def fixed_roles(node: Node) -> tuple[str, ...]:
    """Role keys of the candidate groups that are the same whatever the variables are, each once.

    Those of a user task that was given by name are told here alone: its row holds no groups.
    """
    groups = node.people.candidate_groups if node.people is not None else ()
    found: dict[str, None] = {}
    for expression in groups:
        if expression.names or expression.functions:
            continue
        value = expression.evaluate({})
        texts = cast("list[object]", value) if isinstance(value, list) else [value]
        found.update((text.partition("@")[0], None) for text in texts if isinstance(text, str))
    return tuple(found)
