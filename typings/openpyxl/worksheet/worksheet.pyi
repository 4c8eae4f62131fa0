from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.cell import Cell

class MergedCellRange:
    min_row: int
    max_row: int
    min_col: int
    max_col: int

class MergedCells:
    ranges: set[MergedCellRange]

class Worksheet:
    title: str
    sheet_state: str
    max_row: int
    max_column: int
    merged_cells: MergedCells
    def iter_rows(
        self, *, min_row: int = ..., max_row: int = ..., min_col: int = ..., max_col: int = ...
    ) -> Iterator[tuple[Cell, ...]]: ...
    def cell(self, row: int, column: int, value: Any = ...) -> Cell: ...
    def append(self, values: Sequence[Any]) -> None: ...
    def merge_cells(self, range_string: str) -> None: ...
    def __getitem__(self, key: str) -> Cell: ...
    def __setitem__(self, key: str, value: Any) -> None: ...
