"""Rows with dotted keys become contexts."""

from __future__ import annotations

import pytest

from engine.dmn import nested_context


def test_dotted_keys_nest():
    assert nested_context({"rule.R00.a": 1, "rule.R00.b": 2, "rule.R01.a": {"x": 3}, "plain": 4}) == {
        "rule": {"R00": {"a": 1, "b": 2}, "R01": {"a": {"x": 3}}},
        "plain": 4,
    }


@pytest.mark.parametrize("keys", [("a", "a.b"), ("a.b", "a")])
def test_a_key_cannot_be_value_and_context(keys):
    with pytest.raises(ValueError, match="Expected 'a"):
        nested_context(dict.fromkeys(keys, 1))


def test_a_context_as_value_takes_no_further_entries():
    with pytest.raises(ValueError, match=r"'a\.b' to be an entry of a context, but 'a' has a value"):
        nested_context({"a": {"x": 1}, "a.b": 2})
