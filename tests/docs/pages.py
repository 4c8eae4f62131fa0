"""The pages of the documentation, and what they point to."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("README*.md"), ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_COMMAND = re.compile(r"\./bihuan ([a-z][a-z-]*)")
_PATH = re.compile(r"`((?:api|docs|engine|forms|migrations|processes|tests|web)/[\w./-]*)`")


def named(page: Path) -> str:
    """A page as the test report calls it."""
    return page.relative_to(ROOT).as_posix()


def dead_links(page: Path) -> list[str]:
    """Targets of relative links and pictures that do not exist."""
    targets = [target.partition("#")[0] for target in _LINK.findall(page.read_text("utf-8")) if "://" not in target]
    return [target for target in targets if target and not (page.parent / target).exists()]


def commands(page: Path) -> set[str]:
    """What a reader is told to type behind ./bihuan."""
    return set(_COMMAND.findall(page.read_text("utf-8")))


def dead_paths(page: Path) -> list[str]:
    """Files and folders of the project that a page names and that do not exist."""
    return [path for path in _PATH.findall(page.read_text("utf-8")) if not (ROOT / path).exists()]
