"""The files that the rules of the house are about."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
#: The packages of the product.
ROOMS = ("api", "web", "migrations", "processes", "forms", "engine")
#: Programs that run beside the product and are kept to the same size.
BESIDES = ("tests", "benchmarks")
#: Written by a program, or nothing but a table: no budget of size.
EXEMPT_FROM_SIZE = ("migrations/versions/",)


@dataclass(frozen=True)
class Source:
    """One Python file: its place in the house and its text."""

    #: Path from the root of the project, with slashes.
    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        """Dotted name; a package is named like its folder."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def is_in(self, *rooms: str) -> bool:
        """Whether it lies in one of these rooms: "engine.store" holds `engine/store/writer.py`."""
        return any(self.module == room or self.module.startswith(room + ".") for room in rooms)

    def imports(self) -> Iterator[tuple[str, int]]:
        """Every imported module with its line; `from a import b` counts as a.b, whatever b is."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def product() -> list[Source]:
    """Every Python file of the product."""
    return _below(*ROOMS)


def everything() -> list[Source]:
    """Every Python file of the product, the launcher, the tests and the benchmarks."""
    return [Source("bihuan", (ROOT / "bihuan").read_text(encoding="utf-8")), *_below(*ROOMS, *BESIDES)]


def _below(*folders: str) -> list[Source]:
    paths = sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]


def tracked_files(root: Path = ROOT) -> list[Path]:
    """What git holds, and what it would take; deleted files are left out."""
    command = ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    answer = subprocess.run(command, capture_output=True, check=True, encoding="utf-8")
    paths = [root / name for name in answer.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]
