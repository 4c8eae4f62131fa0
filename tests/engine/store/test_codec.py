"""What is written down comes back: value and type."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zstandard import ZstdCompressor

from engine.feel.values import DaysTimeDuration, Range, Time, WideDate, WideDateTime, YearsMonthsDuration
from engine.store import codec

ZONES = st.one_of(
    st.none(),
    st.just(UTC),
    st.sampled_from(["Asia/Shanghai", "America/New_York", "UTC", "Europe/Dublin"]).map(ZoneInfo),
    st.integers(-18 * 3600, 18 * 3600).filter(bool).map(lambda seconds: timezone(timedelta(seconds=seconds))),
)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)
TIMES = st.builds(Time, st.integers(0, 86_399_999_999_999), ZONES)
DATE_TIMES = st.builds(
    lambda local, zone, fold: local.replace(tzinfo=zone, fold=fold if isinstance(zone, ZoneInfo) else 0),
    st.datetimes(),
    ZONES,
    st.integers(0, 1),
)
WIDE_DATES = st.builds(WideDate, st.integers(10_000, 999_999_999), st.integers(1, 12), st.integers(1, 28))
WIDE_DATE_TIMES = st.builds(
    WideDateTime, st.integers(10_000, 999_999_999), st.integers(1, 12), st.integers(1, 28), TIMES
)
#: Some begin with the codec's own mark.
TEXTS = st.text(max_size=20) | st.sampled_from(["\x01", "\x01n", "\x01m", '"\\u0001n', "\\u0001"])
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    NUMBERS,
    TEXTS,
    st.dates(),
    DATE_TIMES,
    TIMES,
    WIDE_DATES,
    WIDE_DATE_TIMES,
    st.integers().map(DaysTimeDuration),
    st.integers().map(YearsMonthsDuration),
)
RANGES = st.builds(
    Range,
    st.none() | NUMBERS | st.dates() | TEXTS,
    st.none() | NUMBERS | st.dates(),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["", "=", "!="]),
)
VALUES = st.recursive(
    SCALARS | RANGES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def same(one: Any, other: Any) -> bool:
    """Equal in value and type, digits and zone included."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Range):
        rest = (one.start_included, one.end_included, one.operator)
        return (
            same(one.start, other.start)
            and same(one.end, other.end)
            and rest == (other.start_included, other.end_included, other.operator)
        )
    if isinstance(one, Decimal):
        return one.as_tuple() == other.as_tuple()
    if isinstance(one, datetime):
        sides = (one.tzinfo, one.fold) == (other.tzinfo, other.fold)
        return sides and one.replace(tzinfo=None) == other.replace(tzinfo=None)
    return one == other


@given(VALUES)
def test_every_value_comes_back_from_text_as_it_was(value: Any) -> None:
    assert same(codec.decode(codec.encode_text(value)), value)


@given(VALUES)
def test_every_value_comes_back_from_a_snapshot_as_it_was(value: Any) -> None:
    assert same(codec.unpack(codec.pack(value)), value)


def test_a_number_keeps_its_digits_and_its_exponent() -> None:
    for digits in ("12.50", "1E+3", "0.00", "-0", "23125", "0.1"):
        assert str(codec.decode(codec.encode(Decimal(digits)))) == digits


def test_a_big_snapshot_is_compressed() -> None:
    value = {"text": "绩效目标" * 1000}

    assert len(codec.pack(value)) < len(codec.encode(value)) / 10
    assert codec.unpack(codec.pack(value)) == value


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), {"a": [1.5]}, [(1, 2)], {1: "a"}, {"a": {1, 2}}, b"bytes", Range(0.5, None), Decimal("NaN")],
    ids=repr,
)
def test_what_is_no_feel_value_is_refused(value: Any) -> None:
    with pytest.raises(codec.NotStorable, match=r"^Expected "):
        codec.encode(value)


def test_a_float_is_refused_by_name() -> None:
    with pytest.raises(codec.NotStorable) as refusal:
        codec.pack({"amount": 0.1})

    assert refusal.value.message == "Expected a FEEL value, but found 0.1 of type float."
    assert refusal.value.code == "not-storable"


def test_a_snapshot_of_format_1_is_read() -> None:
    compress = ZstdCompressor().compress
    with_pieces = b"\x01\x02" + compress(b'{"small":1,"big":\x01,"bigger":\x01}') + compress(b"[2]") + compress(b"[3]")

    assert codec.unpack(b'\x01\x00{"plain":1}') == {"plain": 1}
    assert codec.unpack(b"\x01\x01" + compress(b'{"one":1}')) == {"one": 1}
    assert codec.unpack(with_pieces) == {"small": 1, "big": [2], "bigger": [3]}


@pytest.mark.parametrize("length", [10, 5_000])
def test_pieces_come_back_where_they_belong(length: int) -> None:
    value = {"text": "x" * length, "big": codec.HOLE, "bigger": codec.HOLE}
    pieces = [ZstdCompressor().compress(each) for each in (b"[2]", b"[3]")]

    assert codec.unpack(codec.pack(value, pieces)) == {"text": "x" * length, "big": [2], "bigger": [3]}


def test_a_snapshot_of_a_later_release_is_refused() -> None:
    later = bytes((codec.CODEC_VERSION + 1, 0)) + b"{}"

    with pytest.raises(codec.UnknownFormat, match=r"Expected a snapshot of format 2 or older, but found format 3\."):
        codec.unpack(later)


def test_a_date_and_time_in_the_hour_that_comes_twice_keeps_its_side() -> None:
    second = datetime(2026, 11, 1, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=1)

    back = codec.decode(codec.encode(second))

    assert back.utcoffset() == second.utcoffset() != second.replace(fold=0).utcoffset()


def test_days_are_not_mistaken_for_instants() -> None:
    assert type(codec.decode(codec.encode(date(2026, 3, 1)))) is date
