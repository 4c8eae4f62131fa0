"""The table that comes out: what was measured, what was wanted, whether it was reached."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure."""

    #: What was measured, e.g. "completions/s, product".
    what: str
    #: As it is shown.
    value: str
    #: What is wanted, e.g. "≥ 0.75"; "" where nothing is.
    target: str = ""
    #: None where nothing is wanted.
    is_met: bool | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        return {None: "", True: "yes", False: "NO"}[self.is_met]


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """The rows of one part on one database."""

    title: str
    rows: tuple[Row, ...]


def at_least(what: str, value: float, target: float, *, digits: int = 2, note: str = "") -> Row:
    """A figure that should not be smaller."""
    return Row(what=what, value=_shown(value, digits), target=f"≥ {target:,}", is_met=value >= target, note=note)


def at_most(what: str, value: float, target: float, *, digits: int = 2, note: str = "") -> Row:
    """A figure that should not be larger."""
    return Row(what=what, value=_shown(value, digits), target=f"≤ {target:,}", is_met=value <= target, note=note)


def figure(what: str, value: float, *, digits: int = 2, note: str = "") -> Row:
    """A figure that is only told."""
    return Row(what=what, value=_shown(value, digits), note=note)


def _shown(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}"


_HEAD = ("", "measured", "wanted", "met", "")


def as_markdown(chapters: Iterable[Chapter]) -> str:
    """Tables for a page."""
    lines: list[str] = []
    for chapter in chapters:
        lines += [f"## {chapter.title}", "", "| | measured | wanted | met | |", "| --- | ---: | ---: | --- | --- |"]
        lines += [f"| {row.what} | {row.value} | {row.target} | {row.verdict} | {row.note} |" for row in chapter.rows]
        lines.append("")
    return "\n".join(lines)


def as_text(chapter: Chapter) -> str:
    """A table for the terminal."""
    cells = [_HEAD, *((row.what, row.value, row.target, row.verdict, row.note) for row in chapter.rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(_HEAD))]
    lines = [f"== {chapter.title} =="]
    for what, value, target, verdict, note in cells:
        line = f"{what:<{widths[0]}}  {value:>{widths[1]}}  {target:>{widths[2]}}  {verdict:<{widths[3]}}  {note}"
        lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
