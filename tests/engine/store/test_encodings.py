"""Snapshots are the same whether their values were written down before or not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.kernel.state import Part, PartKind, Scope, Token, TokenState
from engine.store import codec
from engine.store.encodings import Encodings, pack_part


def part(variables: dict[str, Any]) -> Part:
    return Part(
        number=0,
        kind=PartKind.INSTANCE,
        graph_ref="p:1",
        business_key="PRJ:A01:2026",
        parent=None,
        scopes={1: Scope(1, None, -1, None, variables)},
        tokens={2: Token(2, 3, 1, TokenState.USER_TASK)},
    )


def test_a_part_comes_back_with_all_its_values() -> None:
    rows = [{"amount": Decimal("12.50"), "name": "示范" * 20, "\x01n": "not a number"} for _ in range(20)]
    variables = {"rows": rows, "empty": [], "count": Decimal(20), "\x01text": "\x01n", "again": rows}

    for _ in range(2):
        assert Part.from_plain(codec.unpack(pack_part(part(variables)))) == part(variables)


def test_the_same_object_is_written_down_once() -> None:
    encodings = Encodings()
    value = [Decimal(n) for n in range(200)]

    assert encodings.of(value)[0] is encodings.of(value)[0]
    assert encodings.of(list(value))[0] is not encodings.of(value)[0]


def test_the_oldest_encodings_go_first() -> None:
    encodings = Encodings(capacity=2)
    values = [["x" * 300], ["y" * 300], ["z" * 300]]
    first = encodings.of(values[0])[0]
    for value in values[1:]:
        encodings.of(value)

    assert encodings.of(values[0])[0] is not first
