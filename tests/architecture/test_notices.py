"""Whose work the product stands on is told completely."""

from __future__ import annotations

import pytest

from tests.machine import NODE_REMEDY
from tests.notices import NOTICES, ROOT, notices
from tests.servers import Missing


def test_the_notices_are_those_of_the_lock_files() -> None:
    if not (ROOT / "node_modules" / "bpmn-js").exists():
        pytest.skip(str(Missing("the packages of the pages", NODE_REMEDY)))

    assert NOTICES.read_text(encoding="utf-8") == notices(), "Write them anew: .venv/bin/python -m tests.notices"


def test_every_licence_is_known() -> None:
    assert "see the package" not in NOTICES.read_text(encoding="utf-8")


def test_what_needs_attention_is_told() -> None:
    told = " ".join(NOTICES.read_text(encoding="utf-8").replace(">", "").split())
    for what in ("SpiffWorkflow** (LGPL-3.0)", "the watermark must stay fully visible", "| psycopg |", "| htmx.org |"):
        assert what in told


def test_the_licence_stands_in_full() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
