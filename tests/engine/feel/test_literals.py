"""Numbers, texts, dates, comments: what stands for itself."""

from __future__ import annotations

import pytest

from tests.engine.feel.saying import said


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("12.50", "12.5"),
        (".5", "0.5"),
        ("1.23e4", "12300"),
        ("1E-3", "0.001"),
        ("-0", "0"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("10 ** 33 + 1", "1000000000000000000000000000000001"),
        ("23125 * 10000", "231250000"),
    ],
)
def test_numbers_are_decimals_of_34_digits(source: str, value: str) -> None:
    assert said(source) == value


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (r'"a\nb"', "a\nb"),
        (r'"say \"yes\""', 'say "yes"'),
        (r'"\\d"', r"\d"),
        (r'"\d"', r"\d"),
        (r'"\u4F18"', "优"),
        (r'"\U01F40E"', "🐎"),
        (r'"\uD83D\uDC0E"', "🐎"),
        ('"优良"', "优良"),
        ('""', ""),
    ],
)
def test_texts_know_their_escapes(source: str, value: str) -> None:
    assert said(source) == value


def test_half_a_surrogate_pair_stays_as_it_is_written() -> None:
    assert said(r'"\uD83D"') == r"\uD83D"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('@"2026-03-01"', "2026-03-01"),
        ('@"18:00:00"', "18:00:00"),
        ('@"18:00:00.5+08:00"', "18:00:00.5+08:00"),
        ('@"2026-03-01T18:00:00@Asia/Shanghai"', "2026-03-01T18:00:00@Asia/Shanghai"),
        ('@"2026-03-01T10:00:00Z"', "2026-03-01T10:00:00Z"),
        ('@"P1DT2H"', "P1DT2H"),
        ('@"-P14M"', "-P1Y2M"),
        ('@"2026-02-29"', "null"),
        ('@"next week"', "null"),
    ],
)
def test_an_at_sign_makes_a_date_time_or_duration_of_a_text(source: str, value: str) -> None:
    assert said(source) == value


@pytest.mark.parametrize(
    "source", ["1 + 1 // one and one", "1 + /* nothing */ 1", "/* a\n b */ 1\n+\n1", "1 +\u30001", "\ufeff1 + 1"]
)
def test_comments_and_all_kinds_of_space_are_passed_over(source: str) -> None:
    assert said(source) == "2"


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("[]", "[]"),
        ('[1, "a", [true, null]]', '[1, "a", [true, null]]'),
        ("{}", "{}"),
        ('{a: 1, "b c": 2, d e: a + 1}', "{a: 1, b c: 2, d e: 2}"),
        ('{"a-b": 1}', '{"a-b": 1}'),
        ("{a: 1, a: 2}", "null"),
        ("{a: {b: 1, c: b + 1}}.a.c", "2"),
    ],
)
def test_lists_and_contexts(source: str, value: str) -> None:
    assert said(source) == value
