"""The shipped forms, and what a test says about a submission."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engine.model.clock import FixedClock
from forms.checker import FormLibrary
from forms.schema import read_forms

#: Thursday, 3 September 2026, 10:00 Asia/Shanghai.
CLOCK = FixedClock(datetime(2026, 9, 3, 2, 0, tzinfo=UTC))
LIBRARY = FormLibrary(read_forms(), CLOCK)


def texts(form_key: str, submission: Mapping[str, Any], context: Mapping[str, Any]) -> dict[str, str]:
    """Path -> Chinese text of each fault."""
    return {fault["path"]: fault["message_zh"] for fault in LIBRARY.review(form_key, submission, context).faults}


def warnings(form_key: str, submission: Mapping[str, Any], context: Mapping[str, Any]) -> list[str]:
    """Codes of the warnings that stand."""
    return [fault["code"] for fault in LIBRARY.review(form_key, submission, context).warnings]
