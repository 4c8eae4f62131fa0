"""Thresholds are rows with a basis and a first day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from processes.budget_performance.thresholds import Threshold, read_thresholds, rule_context


def row(value: int, valid_from: date, valid_to: date | None = None) -> Threshold:
    return Threshold(
        key="rule.R00.annual_amount",
        value=Decimal(value),
        unit="万元",
        basis="PROP",
        valid_from=valid_from,
        valid_to=valid_to,
    )


def test_every_shipped_threshold_gives_its_basis_and_a_note():
    rows = read_thresholds()

    assert len({r.key for r in rows}) == len(rows) > 40
    assert [r.key for r in rows if not r.basis or not r.note] == []


def test_the_row_that_began_last_holds():
    rows = [row(500, date(2025, 1, 1)), row(800, date(2026, 7, 1)), row(300, date(2027, 1, 1))]

    held = [rule_context(rows, on)["R00"]["annual_amount"] for on in (date(2026, 6, 30), date(2026, 7, 1))]

    assert held == [500, 800]


def test_a_row_does_not_hold_before_or_after_its_days():
    rows = [row(500, date(2025, 1, 1), date(2025, 12, 31))]

    assert rule_context(rows, date(2024, 12, 31)) == rule_context(rows, date(2026, 1, 1)) == {}


def test_a_row_without_a_basis_is_refused(tmp_path):
    file = tmp_path / "thresholds.toml"
    file.write_text("[rule.R00]\nannual_amount = { value = 500 }\n", "utf-8")

    with pytest.raises(ValueError, match=r"'rule.R00.annual_amount' to give basis, valid_from"):
        read_thresholds(file)
