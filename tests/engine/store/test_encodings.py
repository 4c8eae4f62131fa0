"""Snapshots are the same whether their values were written down before or not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.kernel.state import Part, PartKind, Scope, Token, TokenState
from engine.store import codec
from engine.store.encodings import KeptByIdentity, pack_part, variables_text


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


def piece(value: Any) -> bytes | None:
    return codec.piece(codec.encode(value))


def test_a_part_comes_back_with_all_its_values() -> None:
    rows = [{"amount": Decimal("12.50"), "name": "示范" * 20, "\x01n": "not a number"} for _ in range(20)]
    variables = {"rows": rows, "empty": [], "count": Decimal(20), "\x01text": "\x01n", "again": rows}

    for _ in range(2):
        assert Part.from_plain(codec.unpack(pack_part(part(variables)))) == part(variables)


def test_the_same_object_is_written_down_once() -> None:
    kept: KeptByIdentity[bytes | None] = KeptByIdentity()
    value = [Decimal(n) for n in range(200)]
    first = kept.get(value, piece)

    assert first is not None
    assert kept.get(value, piece) is first
    assert kept.get(list(value), piece) is not first


def test_what_is_small_is_written_with_the_rest() -> None:
    assert piece({"name": "示范区"}) is None


def test_the_history_tells_variables_as_they_are() -> None:
    variables = {"rows": [{"amount": Decimal("12.50")}], "\x01n": {"\x01n": "no number"}, "count": Decimal(2)}

    assert codec.decode(variables_text(variables)) == variables


def test_the_oldest_encodings_go_first() -> None:
    kept: KeptByIdentity[bytes | None] = KeptByIdentity(capacity=2)
    values = [["x" * 600], ["y" * 600], ["z" * 600]]
    first = kept.get(values[0], piece)
    for value in values[1:]:
        kept.get(value, piece)

    assert kept.get(values[0], piece) is not first
