"""What the guides show of the command line is what it prints: blocks of `console`, `$ ./bihuan …` with its output."""

from __future__ import annotations

import re
import shlex
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner
from tqdm import tqdm

from api.cli import cli
from tests.docs.pages import PAGES, ROOT, named

BLOCK = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROMPT = "$ ./bihuan "


def examples(page: Path) -> list[tuple[str, str]]:
    """Command and output of each example, in the order of the page."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(page.read_text("utf-8")):
        for part in re.split(rf"^{re.escape(PROMPT)}", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


SHOWN = [page for page in PAGES if examples(page)]


@pytest.mark.parametrize(
    ("page", "command", "output"),
    [(page, *example) for page in SHOWN for example in examples(page)],
    ids=lambda value: named(value) if isinstance(value, Path) else value[:40],
)
def test_a_command_of_the_guide_prints_what_stands_below_it(page: Path, command: str, output: str, monkeypatch):
    monkeypatch.chdir(ROOT)
    # a slow machine would show its progress beside the answer
    monkeypatch.setattr("api.cli.options.tqdm", partial(tqdm, disable=True))
    environment = {"BIHUAN_LANGUAGE": "zh" if page.name.endswith(".zh.md") else "en"}

    assert CliRunner().invoke(cli, shlex.split(command), env=environment, standalone_mode=False).output == output


def test_both_languages_show_the_same_commands():
    english = {page.name.removesuffix(".en.md") for page in SHOWN if page.name.endswith(".en.md")}

    assert english >= {"feel", "decision-tables"}
    for name in english:
        pages = (ROOT / "docs" / "guide" / f"{name}.{language}.md" for language in ("en", "zh"))
        commands = [[command for command, _ in examples(page)] for page in pages]
        assert commands[0] == commands[1]
