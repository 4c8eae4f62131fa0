"""The little of openpyxl that is used here."""

from collections.abc import Iterator, Sequence
from typing import IO, Any

class Cell:
    row: int
    column: int
    coordinate: str
    value: Any
    number_format: str

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

class Workbook:
    worksheets: list[Worksheet]
    active: Worksheet
    def create_sheet(self, title: str = ...) -> Worksheet: ...
    def save(self, filename: IO[bytes]) -> None: ...
    def close(self) -> None: ...

def load_workbook(
    filename: IO[bytes], read_only: bool = ..., keep_vba: bool = ..., data_only: bool = ..., keep_links: bool = ...
) -> Workbook: ...
