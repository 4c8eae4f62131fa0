"""JSON that was made to be slow is read as fast as other JSON of its size."""

from __future__ import annotations

import json
from time import perf_counter

import pytest

from api.rest.wire import UnsoundJson, read_json


def test_a_name_that_occurs_twice_among_many_is_found_in_one_go() -> None:
    """Counting every name would take minutes for so many."""
    many = ",".join(f'"n{number}":0' for number in range(100_000))
    begun = perf_counter()

    with pytest.raises(UnsoundJson, match="Expected each name of an object once, but found 'again' twice") as refused:
        read_json(f'{{{many},"again":0,"again":0}}'.encode())

    assert perf_counter() - begun < 5
    assert refused.value.faults[0]["path"] == "again"


def test_a_long_name_is_not_copied_for_everything_below_it() -> None:
    """Ten thousand million characters, if the path of every entry were written down."""
    begun = perf_counter()

    read_json(json.dumps({"n" * 100_000: [0] * 100_000}).encode())

    assert perf_counter() - begun < 2


def test_a_refusal_tells_where_in_the_body_it_is() -> None:
    with pytest.raises(UnsoundJson) as refused:
        read_json(b'{"rows": [{}, {"name": "a\\u0000"}]}')

    assert refused.value.faults[0]["path"] == "/rows/1/name"


def test_a_long_name_that_occurs_twice_is_told_by_its_beginning() -> None:
    name = "n" * 1000

    with pytest.raises(UnsoundJson) as refused:
        read_json(f'{{"{name}": 1, "{name}": 2}}'.encode())

    assert refused.value.message == f"Expected each name of an object once, but found '{'n' * 40}…' twice."
