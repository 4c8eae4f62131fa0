from typing import Any

class Cell:
    row: int
    column: int
    coordinate: str
    value: Any
    number_format: str
