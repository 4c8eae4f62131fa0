"""A self-evaluation from the official form 项目支出绩效自评表 in Excel.

Columns are found by their headings and rows by their labels, so the order of both, merged cells, line breaks and
full-width text do not matter, and columns that only some provinces have may be missing. Every value keeps the address
of its cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from engine.model.errors import Fault
from forms.sheet import Sheet, SheetCell, UnreadableSheet, column_letters, read_sheets
from processes.budget_performance.evaluation.filled_form import FilledForm, Indicator, MoneyRow, Source
from processes.budget_performance.evaluation.from_document import (
    HEAVIEST,
    number_in_cell,
    says_nothing,
    unlikely_weight,
)
from processes.budget_performance.evaluation.headings import (
    AFTER,
    GOAL,
    GOAL_DONE,
    HEAD,
    TOTAL,
    YEAR,
    amounts_of_the_year,
    column_of,
    columns_in,
    header_columns,
    heading,
    level_of,
    points_in,
    source_of,
)
from processes.budget_performance.evaluation.level_words import is_inapplicable
from processes.budget_performance.evaluation.printed_numbers import plain

#: 元 in one 万元.
TEN_THOUSAND = Decimal(10_000)
_IN_YUAN = re.compile(r"\(元\)|单位:元")
_NUMBERED = re.compile(r"指标\s*[0-9一二三四五六七八九十]*\s*[:：]?|[…\.]+|…+")
_NUMBERED_BEFORE = re.compile(r"^指标\s*[0-9]+\s*[:：、.]?\s*(?=\S)")


def from_xlsx(content: bytes, sheet_name: str = "") -> FilledForm:
    """The self-evaluation in an .xlsx file.

    Args:
        sheet_name: the sheet to read, where the file holds several forms.

    Raises:
        UnreadableSheet: no sound .xlsx file, no form in it or several, or texts where numbers are expected; holds every
            fault, each with its cell.
    """
    sheets = read_sheets(content)
    forms = [sheet for sheet in sheets if _header_row(sheet) and sheet_name in ("", sheet.title)]
    if len(forms) != 1:
        names = "、".join(sheet.title for sheet in (forms or sheets))
        what = "several" if forms else "none"
        message = (
            f"Expected one self-evaluation with the headings 三级指标, 指标值 or 完成值, 分值 or 得分, "
            f"but found {what} in the sheets {names}."
        )
        zh = f"工作簿中有多份自评表（{names}），请指定工作表。" if forms else f"工作表（{names}）中没有自评表的表头。"
        fault = Fault("several-forms" if forms else "no-form", message, "", message_zh=zh, sheets=names)
        raise UnreadableSheet(message, (fault,))
    reader = _Reader(forms[0])
    form = reader.form()
    if reader.faults:
        raise UnreadableSheet(
            f"Expected numbers in the self-evaluation, but found {len(reader.faults)} faults. "
            f"The first: {reader.faults[0]['message']}",
            reader.faults,
            count=len(reader.faults),
        )
    return form


def _header_row(sheet: Sheet) -> int | None:
    """The row of the indicators' headings."""
    for row in sheet.rows:
        found = header_columns(sheet, row)
        if "l3" in found and found.keys() & {"target", "actual"} and found.keys() & {"weight", "score"}:
            return row
    return None


class _Reader:
    """Reads one sheet and collects what is no number."""

    def __init__(self, sheet: Sheet) -> None:
        self.faults: list[Fault] = []
        self._sheet = sheet
        header = _header_row(sheet)
        assert header is not None, "only sheets with headings are read"
        self._header = header

    def form(self) -> FilledForm:
        left_over: list[int] = []
        points: dict[str, Decimal] = {}
        money = tuple(self._money())
        indicators = tuple(self._indicators(points, left_over))
        head = dict(self._head())
        total, weight, places = self._total()
        return FilledForm(
            project_name=_text(head, "project_name"),
            department=_text(head, "department"),
            unit=_text(head, "unit"),
            goal_year=_text(head, "goal_year"),
            goal_done=_text(head, "goal_done"),
            fiscal_year=self._year(),
            money=money,
            indicators=indicators,
            group_points=points,
            total=total,
            total_weight=weight,
            left_over=tuple(left_over),
            places={name: cell.address for name, cell in head.items()} | places,
        )

    # --- head

    def _year(self) -> int | None:
        for row in self._sheet.rows:
            if row >= self._header:
                return None
            for cell in self._sheet.row_cells(row):
                match = YEAR.search(plain(cell.text))
                if match is not None and len(cell.text) < 60:
                    return int(match[1])
        return None

    def _head(self) -> Iterator[tuple[str, SheetCell]]:
        """Name, department and unit stand right of their labels, the goal and what became of it below theirs."""
        for row in self._sheet.rows:
            if row >= self._header:
                return
            cells = self._sheet.row_cells(row)
            for cell, following in zip(cells, [*cells[1:], None], strict=True):
                name = next((name for name, form in HEAD.items() if form.fullmatch(heading(cell.text))), None)
                if name is not None and following is not None:
                    yield name, following
            yield from self._goal(row, cells)

    def _goal(self, row: int, cells: list[SheetCell]) -> Iterator[tuple[str, SheetCell]]:
        done = next((cell for cell in cells if GOAL_DONE.fullmatch(heading(cell.text))), None)
        if done is None:
            return
        before = [cell for cell in cells if cell.column < done.column and GOAL.fullmatch(heading(cell.text))]
        # 年度总体目标 may stand before as the title of both
        wanted = before[-1] if before else None
        if wanted is None:
            return
        for name, above in (("goal_year", wanted), ("goal_done", done)):
            below = self._sheet.at(row + 1, above.column)
            if below is not None and below.row == row + 1:
                yield name, below

    # --- money

    def _money(self) -> Iterator[MoneyRow]:
        for row in self._sheet.rows:
            if row >= self._header:
                return
            columns = amounts_of_the_year(self._sheet, row, columns_in(self._sheet, row, money=True))
            if "spent" in columns and columns.keys() & {"initial", "adjusted"}:
                rows = list(self._money_rows(row, columns))
                if rows and all(each.source is not Source.TOTAL for each in rows) and len(rows) == 1:
                    rows = [replace(rows[0], source=Source.TOTAL)]
                worth = self._worth_of_execution(row)
                yield from (
                    replace(each, weight=worth) if each.source is Source.TOTAL and each.weight is None else each
                    for each in rows
                )
                return

    def _worth_of_execution(self, header: int) -> Decimal | None:
        """Points of the execution where they stand in a title: 预算执行情况（20分）, 得分（20分×执行率）."""
        titles = self._sheet.row_cells(header)
        return next((Decimal(points) for cell in titles if (points := points_in(cell.text))), None)

    def _money_rows(self, header: int, columns: Mapping[str, SheetCell]) -> Iterator[MoneyRow]:
        first = min(cell.column for cell in columns.values())
        in_yuan = any(
            _IN_YUAN.search(plain(cell.text)) for cell in self._sheet.cells.values() if header - 2 <= cell.row <= header
        )
        for row in (each for each in self._sheet.rows if header < each < self._header):
            labels = [cell for cell in self._sheet.row_cells(row) if cell.column < first]
            label, source = next(
                ((cell, source) for cell in reversed(labels) if (source := source_of(cell.text)) is not None),
                (None, None),
            )
            if label is None or source is None:
                return
            spans = _spans(columns, self._sheet)
            cells = {name: self._in_span(row, spans[name]) for name in columns}
            values = {name: self._number(cell) for name, cell in cells.items() if name not in ("reason", "weight")}
            if in_yuan:
                for name in ("initial", "adjusted", "spent"):
                    amount = values.get(name)
                    values[name] = amount / TEN_THOUSAND if amount is not None else None
            reason = cells.get("reason")
            asked = "reason" in columns and source is Source.TOTAL
            yield MoneyRow(
                source=source,
                title=plain(label.text),
                row=row,
                reason=(reason.text if reason else "") if asked else None,
                places=_addresses(columns, cells, row),
                initial=values.get("initial"),
                adjusted=values.get("adjusted"),
                spent=values.get("spent"),
                rate=values.get("rate"),
                weight=self._weight(cells.get("weight")),
                score=values.get("score"),
            )

    # --- indicators

    def _indicators(self, points: dict[str, Decimal], left_over: list[int]) -> Iterator[Indicator]:
        columns = header_columns(self._sheet, self._header)
        spans = _spans(columns, self._sheet)
        level_1, level_2, number = "", "", 0
        for row in self._rows_of_indicators():
            cells = {name: self._in_span(row, spans[name], above=name in ("l1", "l2")) for name in columns}
            if (first := cells.get("l1")) is not None:
                label, worth = level_of(first.text)
                level_2 = level_2 if label == level_1 else ""
                level_1 = label
                if worth is not None:
                    points[level_1] = Decimal(worth)
            if (second := cells.get("l2")) is not None:
                level_2, worth = level_of(second.text)
                if worth is not None:
                    points[f"{level_1}/{level_2}"] = Decimal(worth)
            third = cells.get("l3")
            filled = [name for name in ("target", "actual", "weight", "score") if cells.get(name) is not None]
            if not filled:
                if third is not None and third.row == row:
                    left_over.append(row)
                continue
            number += 1
            found = {name: cell.text if (cell := cells.get(name)) else "" for name in columns}
            yield Indicator(
                number=number,
                row=row,
                l1=level_1,
                l2=level_2,
                l3=_NUMBERED_BEFORE.sub("", found.get("l3", "")) or level_2,
                nature=found.get("nature", ""),
                target=found.get("target", ""),
                unit=found.get("unit", ""),
                actual=found.get("actual", ""),
                weight=self._weight(cells.get("weight")),
                score=self._number(cells.get("score")),
                cause="" if says_nothing(found.get("cause", "")) else found.get("cause", ""),
                applies=not is_inapplicable(found.get("actual", "")),
                places=_addresses(columns, cells, row),
            )

    def _rows_of_indicators(self) -> Iterator[int]:
        for row in self._sheet.rows:
            if row <= self._header:
                continue
            begins = [heading(cell.text) for cell in self._sheet.row_cells(row)]
            if not begins or TOTAL.fullmatch(begins[0]) or AFTER.fullmatch(begins[0]):
                return
            if "l3" not in columns_in(self._sheet, row, money=False):
                yield row

    def _total(self) -> tuple[Decimal | None, Decimal | None, dict[str, str]]:
        """Total score, total of the weights, and where they stand."""
        columns = header_columns(self._sheet, self._header)
        spans = _spans(columns, self._sheet)
        for row in (each for each in self._sheet.rows if each > self._header):
            cells = self._sheet.row_cells(row)
            if not TOTAL.fullmatch(heading(cells[0].text)) or column_of(cells[0].text, money=False):
                continue
            found = {name: self._in_span(row, spans[name]) for name in ("weight", "score") if name in spans}
            weight, score = found.get("weight"), found.get("score")
            numbers = [cell for cell in cells[1:] if cell.text]
            if score is None and weight is None and len(numbers) == 1:
                score = numbers[0]
            places = {"total": score.address} if score else {}
            if weight is not None:
                places["total_weight"] = weight.address
            return self._number(score), self._number(weight), places
        return None, None, {}

    # --- cells

    def _in_span(self, row: int, span: tuple[int, int], *, above: bool = False) -> SheetCell | None:
        """The first filled cell of a row below a heading; with `above`, also one that was merged down to this row."""
        for column in range(span[0], span[1] + 1):
            cell = self._sheet.at(row, column)
            if cell is not None and span[0] <= cell.column <= span[1] and (above or cell.row == row):
                return cell
        return None

    def _weight(self, cell: SheetCell | None) -> Decimal | None:
        weight = self._number(cell)
        if cell is None or not unlikely_weight(weight):
            return weight
        self.faults.append(
            Fault(
                "weight-out-of-range",
                f"Row {cell.row}: Expected a weight from 0 to {HEAVIEST}, but found {weight}.",
                cell.address,
                message_zh=f"第 {cell.row} 行：分值应在 0 至 {HEAVIEST} 之间，当前为 {weight}。",
            )
        )
        return None

    def _number(self, cell: SheetCell | None) -> Decimal | None:
        if cell is None:
            return None
        try:
            return number_in_cell(cell.text)
        except ValueError:
            self.faults.append(
                Fault(
                    "not-a-number",
                    f"Row {cell.row}: Expected a number, but found {cell.text[:60]!r}.",
                    cell.address,
                    message_zh=f"第 {cell.row} 行：应为数字，当前为“{cell.text[:60]}”。",
                )
            )
            return None


def _text(cells: Mapping[str, SheetCell], name: str) -> str:
    return cells[name].text if name in cells else ""


def _spans(columns: Mapping[str, SheetCell], sheet: Sheet) -> dict[str, tuple[int, int]]:
    """First and last column below each heading: as far as it is merged, or as the next heading leaves room."""
    starts = sorted(cell.column for cell in columns.values())
    spans: dict[str, tuple[int, int]] = {}
    for name, cell in columns.items():
        following = next((start for start in starts if start > cell.column), None)
        merged = max(
            (
                column
                for (row, column), first in sheet.merged.items()
                if first == (cell.row, cell.column) and row == cell.row
            ),
            default=cell.column,
        )
        spans[name] = (cell.column, max(merged, following - 1) if following else merged)
    return spans


def _addresses(columns: Mapping[str, SheetCell], cells: Mapping[str, SheetCell | None], row: int) -> dict[str, str]:
    """Where each value stands; where nothing stands, where it would."""
    return {
        name: cell.address if (cell := cells.get(name)) else f"{column_letters(columns[name].column)}{row}"
        for name in columns
    }
