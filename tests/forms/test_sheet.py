"""Excel files are read as people see them, and refused where reading them would cost too much."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from forms.sheet import (
    LARGEST_FILE,
    LARGEST_PART,
    LONGEST_TEXT,
    MOST_CELLS,
    MOST_ELEMENTS,
    MOST_PARTS,
    MOST_ROWS,
    MOST_SHEETS,
    UnreadableSheet,
    column_letters,
    read_sheets,
)


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def small(**cells: object) -> bytes:
    book = Workbook()
    for address, value in cells.items():
        book.active[address] = value
    return saved(book)


def with_part(content: bytes, name: str, text: bytes | None, *, replaced: tuple[bytes, bytes] | None = None) -> bytes:
    """A workbook with one part put in or changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            kept = source.read(part)
            if part.filename == name:
                if text is not None:
                    continue
                assert replaced is not None and replaced[0] in kept
                kept = kept.replace(*replaced)
            target.writestr(part.filename, kept)
        if text is not None:
            target.writestr(name, text)
    return stream.getvalue()


def refusal(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(UnreadableSheet) as refused:
        read_sheets(content)
    assert all(fault["message_zh"] for fault in refused.value.faults)
    return [(fault["code"], fault["path"]) for fault in refused.value.faults]


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (24, "General", "24"),
        (14.4, "General", "14.4"),
        (0.1 + 0.2, "General", "0.3"),
        (0.92, "0.00%", "92%"),
        (0.862037037037037, "0%", "86.2037037037037%"),
        (1, "0%", "100%"),
        (24, '0"间"', "24间"),
        (24, '"≥"0"间"', "≥24间"),
        (1234567.5, "#,##0.00", "1234567.5"),
        (-3, "General", "-3"),
        (True, "General", "是"),
        (date(2025, 6, 30), "yyyy-mm-dd", "2025-06-30"),
        (datetime(2025, 6, 30, 9, 5), "yyyy-mm-dd hh:mm", "2025-06-30 09:05"),
        ("  ≥24间 ", "General", "≥24间"),
    ],
)
def test_a_cell_reads_as_it_is_shown(value, number_format, text):
    book = Workbook()
    book.active["B2"] = value
    book.active["B2"].number_format = number_format

    (sheet,) = read_sheets(saved(book))

    assert (sheet.cells[2, 2].text, sheet.cells[2, 2].address) == (text, "B2")


def test_every_place_of_a_merged_area_shows_its_first_cell():
    book = Workbook()
    book.active["A2"] = "产出指标"
    book.active.merge_cells("A2:B5")

    (sheet,) = read_sheets(saved(book))

    cell = sheet.at(5, 2)
    assert cell is not None
    assert (cell.text, cell.address) == ("产出指标", "A2")
    assert sheet.row_cells(5) == []


def test_hidden_sheets_are_not_read():
    book = Workbook()
    book.active["A1"] = "自评表"
    hidden = book.create_sheet("计算")
    hidden["A1"] = "x"
    hidden.sheet_state = "hidden"

    assert [sheet.title for sheet in read_sheets(saved(book))] == ["Sheet"]


@pytest.mark.parametrize(("column", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (200, "GR")])
def test_columns_have_letters(column, letters):
    assert column_letters(column) == letters


def test_a_formula_counts_as_the_value_excel_saved_with_it():
    content = with_part(small(A1=1, A2="=A1*2"), SHEET, None, replaced=(b"<f>A1*2</f><v></v>", b"<f>A1*2</f><v>2</v>"))

    assert read_sheets(content)[0].cells[2, 1].text == "2"


def test_a_formula_without_a_saved_value_is_refused_by_its_cell():
    assert refusal(small(A1=1, H20="=SUM(H1:H19)", H21="=A1")) == [
        ("formula-without-value", "Sheet!H20"),
        ("formula-without-value", "Sheet!H21"),
    ]


def test_a_file_that_is_no_archive_is_refused():
    assert refusal(b"name,score") == [("not-xlsx", "")]


def test_an_old_or_encrypted_file_is_refused_with_the_mend():
    with pytest.raises(UnreadableSheet, match=r"Save it as \.xlsx without a password"):
        read_sheets(b"\xd0\xcf\x11\xe0" + b"\0" * 100)


def test_a_cut_off_file_is_refused():
    content = small(A1="自评表")

    assert refusal(content[: len(content) // 2]) == [("not-xlsx", "")]


def test_an_archive_without_a_workbook_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.xml", "<a/>")

    assert refusal(stream.getvalue()) == [("not-xlsx", "")]


def test_a_file_larger_than_a_form_is_refused():
    assert refusal(b"PK" + b"\0" * LARGEST_FILE) == [("too-large", "")]


def test_an_archive_that_grows_beyond_measure_is_refused():
    bomb = with_part(small(A1=1), "xl/sharedStrings.xml", b" " * (LARGEST_PART + 1))

    assert len(bomb) < 100_000
    assert refusal(bomb) == [("too-large", "")]


def test_a_merged_area_of_a_whole_sheet_is_refused_before_it_becomes_cells():
    merged = b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'

    assert refusal(with_part(small(A1=1), SHEET, None, replaced=(b"</worksheet>", merged))) == [("too-large", "")]


def test_too_many_cells_are_refused():
    cells = b"<row>" + b"<c/>" * (MOST_CELLS + 1) + b"</row></sheetData>"

    assert refusal(with_part(small(A1=1), SHEET, None, replaced=(b"</sheetData>", cells))) == [("too-large", "")]


@pytest.mark.parametrize(
    ("before", "element"),
    [(b"</cellXfs>", b"<xf></xf>"), (b"</fonts>", b"<font></font>")],
)
def test_too_many_styles_are_refused(before, element):
    styles = (before, element * (MOST_ELEMENTS + 1) + before)

    assert refusal(with_part(small(A1=1), "xl/styles.xml", None, replaced=styles)) == [("too-large", "")]


def test_too_many_parts_are_refused():
    stream = io.BytesIO(small(A1=1))
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(MOST_PARTS):
            archive.writestr(f"xl/extra{number}.xml", "<a/>")

    assert refusal(stream.getvalue()) == [("too-large", "")]


def test_merged_areas_that_never_end_cost_nothing():
    """A pattern that looked for their end would take minutes."""
    endless = (b"</worksheet>", b"<mergeCell " * 100_000)

    assert refusal(with_part(small(A1=1), SHEET, None, replaced=endless)) == [("not-xlsx", "")]


@pytest.mark.parametrize("cell", ["GS1", "A2001", "XFD1048576"])
def test_what_lies_outside_of_a_form_is_refused(cell):
    assert refusal(small(**{"A1": "自评表", cell: "x"})) == [("too-large", f"Sheet!{cell}")]


def test_a_text_longer_than_a_cell_of_a_form_is_refused():
    assert refusal(small(A1="x" * (LONGEST_TEXT + 1))) == [("too-large", "Sheet!A1")]


def test_too_many_sheets_are_refused():
    book = Workbook()
    for number in range(MOST_SHEETS):
        book.create_sheet(f"表{number}")

    assert refusal(saved(book)) == [("too-large", "")]


def test_what_lies_beyond_the_last_row_is_refused_and_an_empty_coloured_row_is_not():
    book = Workbook()
    book.active["A1"] = "自评表"
    book.active.cell(1_000_000, 1).number_format = "0%"

    assert len(read_sheets(saved(book))[0].cells) == 1
    book.active.cell(MOST_ROWS + 1, 1).value = "x"
    assert refusal(saved(book)) == [("too-large", f"Sheet!A{MOST_ROWS + 1}")]


@pytest.mark.parametrize("code", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(code):
    text = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(code)

    assert refusal(with_part(small(A1=1), "xl/styles.xml", text)) == [("document-type", "")]


def test_macros_are_refused():
    assert refusal(with_part(small(A1=1), "xl/vbaProject.bin", b"x")) == [("macros", "")]
