"""Rows of the history: what is taken from them is decoded, and no more."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.store import codec
from engine.store.chronicle import entries_beyond

#: Entries 10 to 14: of two kinds, each with its number.
ROW = codec.encode_text([[0, 7, "Even" if n % 2 == 0 else "Odd", "e", {"n": Decimal(n)}] for n in range(10, 15)])


@pytest.mark.parametrize(
    ("beyond", "kinds", "upwards", "downwards"),
    [
        (None, (), [10, 11, 12, 13, 14], [14, 13, 12, 11, 10]),
        (3, (), [10, 11, 12, 13, 14], []),
        (9, (), [10, 11, 12, 13, 14], []),
        (10, (), [11, 12, 13, 14], []),
        (12, (), [13, 14], [11, 10]),
        (14, (), [], [13, 12, 11, 10]),
        (15, (), [], [14, 13, 12, 11, 10]),
        (99, (), [], [14, 13, 12, 11, 10]),
        (11, ("Even",), [12, 14], [10]),
        (None, ("Other",), [], []),
    ],
)
def test_what_lies_beyond_a_number_comes_in_its_order(beyond, kinds, upwards, downwards) -> None:
    for latest_first, expected in ((False, upwards), (True, downwards)):
        found = list(entries_beyond(10, ROW, beyond, kinds, latest_first=latest_first))
        assert [entry.seq for entry in found] == expected
        assert [entry.payload for entry in found] == [{"n": Decimal(number)} for number in expected]


def test_an_entry_that_is_not_taken_is_not_restored() -> None:
    """The second one cannot be: its number is none."""
    row = '[[0,1,"A","e",{"n":{"\\u0001n":"5"}}],[0,1,"B","e",{"n":{"\\u0001n":"none"}}]]'

    first = next(entries_beyond(1, row, None, (), latest_first=False))
    assert (first.seq, first.payload) == (1, {"n": Decimal(5)})
    assert [entry.seq for entry in entries_beyond(1, row, None, ("A",), latest_first=True)] == [1]
    assert [entry.seq for entry in entries_beyond(1, row, 2, (), latest_first=True)] == [1]
    with pytest.raises(ArithmeticError):
        list(entries_beyond(1, row, 1, (), latest_first=False))
