"""What the pages say is there: links, pictures, files, commands."""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from api.cli import command_names
from tests.docs.pages import PAGES, ROOT, commands, dead_links, dead_paths, named


def _launcher_commands() -> set[str]:
    loader = SourceFileLoader("bihuan_launcher_of_the_docs", str(ROOT / "bihuan"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return set(module.COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_relative_link_and_picture_exists(page: Path):
    assert dead_links(page) == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_file_that_is_named_exists(page: Path):
    assert dead_paths(page) == []


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_that_is_named_exists(page: Path):
    assert commands(page) <= _launcher_commands() | command_names()


def test_a_dead_link_a_dead_path_and_an_unknown_command_are_found(tmp_path: Path):
    page = tmp_path / "page.md"
    page.write_text(
        "[a](gone.md) ![b](page.md) [c](https://example.org/x) `web/gone.py` `web/pages.py` ./bihuan dance\n"
    )

    assert dead_links(page) == ["gone.md"]
    assert dead_paths(page) == ["web/gone.py"]
    assert commands(page) == {"dance"}


def test_both_readmes_show_the_same_pictures_and_type_the_same_commands():
    english, chinese = (ROOT / name for name in ("README.md", "README.zh.md"))

    assert commands(english) == commands(chinese)
    assert _pictures(english) == _pictures(chinese)


def test_pictures_are_small_enough_to_be_cloned():
    large = [path.name for path in (ROOT / "docs" / "pictures").iterdir() if path.stat().st_size > 250_000]

    assert large == []


def _pictures(page: Path) -> list[str]:
    return [part.partition(")")[0] for part in page.read_text("utf-8").split("](docs/pictures/")[1:]]
