"""The examples of the guide give what the guide says."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from api.bootstrap import feel_functions, published_calendar
from engine.feel import BUILTINS
from tests.engine.feel.saying import passes, reasons, said

GUIDE = Path(__file__).parents[3] / "docs" / "guide"
PAGES = ("feel.en.md", "feel.zh.md")
FUNCTIONS = feel_functions(published_calendar)


def _blocks(page: str, kind: str) -> Iterator[str]:
    text = (GUIDE / page).read_text(encoding="utf-8")
    yield from re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _lines(kind: str, separator: str) -> list[tuple[str, ...]]:
    return [
        (page, *(part.strip() for part in line.rsplit(separator, 1)))
        for page in PAGES
        for block in _blocks(page, kind)
        for line in block.splitlines()
    ]


def _context(page: str) -> dict[str, Any]:
    return json.loads(next(_blocks(page, "json")))


@pytest.mark.parametrize(("page", "source", "value"), _lines("feel", "// →"))
def test_expressions_of_the_guide(page: str, source: str, value: str) -> None:
    assert said(source, _context(page), functions=FUNCTIONS) == value


@pytest.mark.parametrize(("page", "test", "passed"), _lines("feel-cells", "→"))
def test_cells_of_the_guide(page: str, test: str, passed: str) -> None:
    cell, value = (part.strip() for part in test.rsplit("|", 1))
    tested = Decimal(value) if value.isdigit() else value

    assert passes(cell, tested, _context(page)) is (passed == "true")


@pytest.mark.parametrize(("page", "source", "reason"), _lines("feel-reasons", "// →"))
def test_reasons_of_the_guide(page: str, source: str, reason: str) -> None:
    assert reason in reasons(source, _context(page))


@pytest.mark.parametrize("page", PAGES)
def test_programs_of_the_guide(page: str) -> None:
    (program,) = _blocks(page, "python")

    exec(compile(program, page, "exec"), {})


@pytest.mark.parametrize("page", PAGES)
def test_every_function_of_the_house_stands_in_the_guide(page: str) -> None:
    text = (GUIDE / page).read_text(encoding="utf-8")

    assert [name for name in FUNCTIONS if f"{name}(" not in text and name not in BUILTINS] == []


def test_both_languages_show_the_same() -> None:
    english, chinese = (
        [len(block.splitlines()) for kind in ("feel", "feel-cells", "feel-reasons") for block in _blocks(page, kind)]
        for page in PAGES
    )

    assert len(english) > 4
    assert english == chinese
