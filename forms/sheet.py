"""Excel files as people hand them in: every filled cell with its address and the text it shows. Nothing is run.

    bytes ─► archive within its limits ─► no XML but plain one ─► merged areas within bounds ─► openpyxl ─► cells

What openpyxl does not guard against is refused before it sees the file: archives that grow beyond measure, document
types (entities), merged areas of a whole sheet, each of which would become cells in memory.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Context, Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from engine.model.errors import Fault, Invalid

MEGABYTE = 1024 * 1024
#: Bytes of a file as it comes.
LARGEST_FILE = 10 * MEGABYTE
#: Bytes of everything in it, unpacked, and of one part that openpyxl reads.
LARGEST_CONTENT = 60 * MEGABYTE
LARGEST_PART = 8 * MEGABYTE
MOST_PARTS = 1000
MOST_SHEETS = 50
#: Elements of one part; openpyxl makes an object of half a kilobyte of each style, row and cell.
MOST_ELEMENTS = 150_000
MOST_CELLS = 50_000
#: A form is read as far as here; what lies beyond and holds something is refused.
MOST_ROWS = 2_000
MOST_COLUMNS = 200
MOST_MERGED = 50_000
LONGEST_TEXT = 20_000

#: Excel keeps 15 digits; the rest of a binary number is noise.
_DIGITS = Context(prec=15)
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]{0,200}?\bref\s*=\s*[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
#: Pictures and printer settings, which are no XML.
_OPAQUE = (".png", ".jpg", ".jpeg", ".gif", ".emf", ".wmf", ".bin")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
#: A number format that shows words around the number: 0"个".
_WORDS = re.compile(r'(?:"([^"]*)")?[#0,.?]+(%?)(?:"([^"]*)")?')


class UnreadableSheet(Invalid):
    """The file is no Excel file, or more than a form is."""

    code = "unreadable-sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCell:
    """A filled cell."""

    row: int
    column: int
    #: "E14".
    address: str
    #: As shown: percents with their sign, days as 2026-03-01, numbers without the noise of binary fractions.
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a workbook, by row and column counted from 1."""

    title: str
    cells: Mapping[tuple[int, int], SheetCell]
    #: Every place inside a merged area -> the place of its first cell, which holds the text.
    merged: Mapping[tuple[int, int], tuple[int, int]]

    @property
    def rows(self) -> list[int]:
        """Numbers of the rows that hold something, in order."""
        return sorted({row for row, _ in self.cells})

    def at(self, row: int, column: int) -> SheetCell | None:
        """The cell at a place; inside a merged area, its first one."""
        place = (row, column)
        return self.cells.get(self.merged.get(place, place))

    def row_cells(self, row: int) -> list[SheetCell]:
        """The filled cells that begin in this row, from left to right."""
        return sorted((cell for cell in self.cells.values() if cell.row == row), key=lambda cell: cell.column)


def column_letters(column: int) -> str:
    """1 → "A", 28 → "AB"."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """The visible sheets of an .xlsx file.

    A formula counts as the value Excel saved with it.

    Raises:
        UnreadableSheet: no .xlsx file; larger than the limits of this module; a document type in its XML; macros; or a
            formula without a saved value. Holds every fault.
    """
    with _archive(content) as archive:
        has_formulas = _must_be_plain(archive)
    try:
        with warnings.catch_warnings():
            # what openpyxl does not keep (styles, validations of cells) is nothing a form says
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            written = load_workbook(io.BytesIO(content), keep_links=False) if has_formulas else book
    except Exception as error:  # openpyxl fails in many ways on files that are not sound
        raise _refusal(
            "not-xlsx", f"Expected a sound .xlsx file, but: {error}", f"无法读取该 .xlsx 文件：{error}"
        ) from error
    faults: list[Fault] = []
    sheets: list[Sheet] = []
    for worksheet, formulas in zip(book.worksheets, written.worksheets, strict=True):
        if worksheet.sheet_state == "visible" and hasattr(worksheet, "merged_cells"):
            faults.extend(_unsaved(worksheet, formulas) if has_formulas else ())
            sheets.append(_sheet(worksheet, faults))
    if faults:
        raise UnreadableSheet(f"Expected a form in Excel, but found {len(faults)} faults.", faults, count=len(faults))
    return tuple(sheets)


def _archive(content: bytes) -> zipfile.ZipFile:
    if len(content) > LARGEST_FILE:
        raise _too_large("file", f"{LARGEST_FILE // MEGABYTE} MB")
    if content.startswith(_OLD_EXCEL):
        raise _refusal(
            "old-excel",
            "Expected an .xlsx file without a password, but found an old or encrypted Excel file. "
            "Save it as .xlsx without a password.",
            "文件是旧版 .xls 或已加密，请另存为不加密的 .xlsx。",
        )
    try:
        return zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise _refusal("not-xlsx", "Expected an .xlsx file, but found something else.", "文件不是 .xlsx。") from None


def _must_be_plain(archive: zipfile.ZipFile) -> bool:
    """Refuse what would cost too much to read; returns whether there are formulas."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_CONTENT:
        raise _too_large("content", f"{LARGEST_CONTENT // MEGABYTE} MB")
    if any(part.filename.endswith("vbaProject.bin") for part in parts):
        raise _refusal("macros", "Expected a file without macros, but found some.", "文件含有宏，请另存为 .xlsx。")
    cells, has_formulas, sheets, merged = 0, False, 0, 0
    for part in parts:
        # a part is XML when the file says so, whatever its name ends with
        if part.filename.lower().endswith(_OPAQUE):
            continue
        # without the zero bytes of UTF-16
        text = _unpacked(archive, part).replace(b"\0", b"")
        if b"<!DOCTYPE" in text:
            message = "Expected XML without a document type, but found one."
            raise _refusal("document-type", message, "文件内容含有 DOCTYPE，不予读取。")
        if text.count(b"<") > 2 * MOST_ELEMENTS:
            raise _too_large(f"elements of {part.filename}", str(MOST_ELEMENTS))
        sheets += part.filename.startswith("xl/worksheets/sheet")
        cells += sum(1 for _ in _CELL.finditer(text))
        merged += sum(_area(match) for match in _MERGED.finditer(text))
        has_formulas = has_formulas or _FORMULA.search(text) is not None
    for found, limit, what in ((cells, MOST_CELLS, "cells"), (sheets, MOST_SHEETS, "sheets")):
        if found > limit:
            raise _too_large(what, str(limit))
    if merged > MOST_MERGED:
        raise _too_large("merged cells", str(MOST_MERGED))
    return has_formulas


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part as far as the limit; what its header says about its size is not believed."""
    try:
        with archive.open(part) as stream:
            text = stream.read(LARGEST_PART + 1)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
        raise _refusal("not-xlsx", f"Expected a sound .xlsx file, but: {error}", "文件已损坏。") from error
    except Exception as error:  # zlib.error and what other decompressors raise
        raise _refusal("not-xlsx", f"Expected a sound .xlsx file, but: {error}", "文件已损坏。") from error
    if len(text) > LARGEST_PART:
        raise _too_large(f"part {part.filename}", f"{LARGEST_PART // MEGABYTE} MB")
    return text


def _area(match: re.Match[bytes]) -> int:
    left, top, right, bottom = match.groups()
    width = _column_number(right) - _column_number(left) + 1
    return abs(width) * (abs(int(bottom[:9]) - int(top[:9])) + 1)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:6]:
        number = number * 26 + letter - 64
    return number


def _sheet(worksheet: Worksheet, faults: list[Fault]) -> Sheet:
    cells: dict[tuple[int, int], SheetCell] = {}
    for cell in _filled(worksheet):
        text = _text(cell)
        if not text.strip():
            continue
        if cell.row > MOST_ROWS or cell.column > MOST_COLUMNS or len(text) > LONGEST_TEXT:
            faults.append(
                Fault(
                    "too-large",
                    f"Expected at most {MOST_ROWS} rows, {MOST_COLUMNS} columns and {LONGEST_TEXT} characters a cell, "
                    f"but found more at {cell.coordinate}.",
                    f"{worksheet.title}!{cell.coordinate}",
                    message_zh=f"{cell.coordinate} 超出 {MOST_ROWS} 行、{MOST_COLUMNS} 列或 {LONGEST_TEXT} 字。",
                )
            )
            break
        cells[cell.row, cell.column] = SheetCell(
            row=cell.row, column=cell.column, address=cell.coordinate, text=text.strip()
        )
    merged = {
        (row, column): (area.min_row, area.min_col)
        for area in worksheet.merged_cells.ranges
        for row in range(area.min_row, area.max_row + 1)
        for column in range(area.min_col, area.max_col + 1)
    }
    return Sheet(title=worksheet.title, cells=cells, merged=merged)


def _filled(worksheet: Worksheet) -> Iterator[Cell]:
    """Cells with a value. A sheet may say it is a million rows high because one of them is coloured."""
    kept: dict[tuple[int, int], Cell] = getattr(worksheet, "_cells", {})
    return (cell for _, cell in sorted(kept.items()) if cell.value is not None)


def _unsaved(worksheet: Worksheet, formulas: Worksheet) -> Iterator[Fault]:
    """Formulas whose value was never saved: a program wrote the file, and nobody has opened it since."""
    for cell in _filled(formulas):
        is_formula = isinstance(cell.value, str) and cell.value.startswith("=")
        if (is_formula or type(cell.value).__name__ in ("ArrayFormula", "DataTableFormula")) and worksheet.cell(
            cell.row, cell.column
        ).value is None:
            yield Fault(
                "formula-without-value",
                "Expected a value, but found a formula that was never calculated. Open the file in Excel and save it.",
                f"{worksheet.title}!{cell.coordinate}",
                message_zh="是未计算的公式，请用 Excel 打开并保存后再提交。",
            )


def _text(cell: Cell) -> str:
    value: Any = cell.value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float | Decimal):
        return _number(value, cell.number_format or "General")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _number(value: float | Decimal, number_format: str) -> str:
    number = _DIGITS.create_decimal(Decimal(repr(value)) if isinstance(value, float) else Decimal(value))
    if not number.is_finite():
        return str(value)
    shown = _WORDS.fullmatch(number_format.split(";")[0].replace("\\", "").replace("_ ", "").strip())
    before, after = (shown[1] or "", shown[3] or "") if shown else ("", "")
    if number_format.split(";")[0].rstrip().endswith("%"):
        return f"{before}{_plain(number * 100)}%{after}"
    return f"{before}{_plain(number)}{after}"


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _too_large(what: str, limit: str) -> UnreadableSheet:
    return _refusal(
        "too-large",
        f"Expected a form in Excel of at most {limit} ({what}), but found more.",
        f"文件超出限制（{limit}）。",
    )


def _refusal(code: str, message: str, message_zh: str) -> UnreadableSheet:
    return UnreadableSheet(message, (Fault(code, message, "", message_zh=message_zh),))
