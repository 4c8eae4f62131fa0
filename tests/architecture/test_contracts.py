"""The arrows of the house: the contracts of `pyproject.toml` hold, and a planted import breaks each of them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import ROOMS, ROOT, product

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def _check_contracts(folder: Path) -> str:
    """What import-linter prints for the packages below `folder`, under the contracts of this project."""
    command = [LINT_IMPORTS, "--config", ROOT / "pyproject.toml", "--no-cache"]
    answer = subprocess.run(command, cwd=folder, env={"PYTHONPATH": str(folder)}, capture_output=True, encoding="utf-8")
    return answer.stdout + answer.stderr


def _contracts() -> list[dict]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]


def _layers(contract_id: str) -> set[str]:
    """Modules named by a contract of layers; without the marks for "may be absent"."""
    contract = next(contract for contract in _contracts() if contract["id"] == contract_id)
    names = (name.strip(" ()") for layer in contract["layers"] for name in layer.split("|"))
    return {f"engine.{name}" if contract_id == "engine" else name for name in names}


def test_the_arrows_of_the_house_are_kept() -> None:
    printed = _check_contracts(ROOT)

    assert " 0 broken." in printed, printed


def test_every_package_is_one_for_import_linter_too() -> None:
    folders = {(ROOT / source.path).parent for source in product()}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


def test_every_room_of_the_doors_has_its_floor() -> None:
    """Modules of `api` that no contract names could import anything."""
    rooms = {".".join(source.module.split(".")[:2]) for source in product() if source.module.startswith("api.")}
    assert rooms - _layers("house") == set(), "give it a floor in pyproject.toml, contract `house`"


@pytest.fixture
def empty_house(tmp_path: Path) -> Path:
    """The rooms of the house with nothing in them."""
    for module in {*ROOMS, *_layers("house"), *_layers("engine")}:
        folder = tmp_path.joinpath(*module.split("."))
        folder.mkdir(parents=True, exist_ok=True)
        for package in (folder, *folder.parents):
            if package.is_relative_to(tmp_path) and package != tmp_path:
                (package / "__init__.py").touch()
    return tmp_path


def test_an_empty_house_keeps_every_contract(empty_house: Path) -> None:
    assert f"Contracts: {len(_contracts())} kept, 0 broken." in _check_contracts(empty_house)


@pytest.mark.parametrize(
    ("path", "line", "broken"),
    [
        ("engine/x/y.py", "", "engine"),
        ("engine/kernel/x.py", "from engine.store import y", "engine"),
        ("engine/feel/x.py", "import engine.kernel", "engine"),
        ("engine/queries/x.py", "import engine.commands", "engine"),
        ("engine/store/x.py", "import engine.xml", "engine"),
        (
            "engine/kernel/x.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import engine.commands",
            "engine",
        ),
        ("engine/kernel/x.py", "from engine import y", "face"),
        ("engine/store/x.py", "import forms", "house"),
        ("forms/x.py", "import processes", "house"),
        ("processes/x.py", "import web", "house"),
        ("web/x.py", "import api.rest", "house"),
        ("api/rest/x.py", "import web", "house"),
        ("web/x.py", "import api.bootstrap", "house"),
        ("api/identity/x.py", "import web", "house"),
        ("engine/commands/x.py", "import engine.store", "commands-decide"),
        ("forms/x.py", "import engine.store", "forms-engine"),
        ("forms/x.py", "from engine import y", "forms-face"),
    ],
)
def test_a_planted_import_breaks_its_contract(empty_house: Path, path: str, line: str, broken: str) -> None:
    planted = empty_house / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    (planted.parent / "__init__.py").touch()
    planted.write_text(line + "\n")
    name = next(contract["name"] for contract in _contracts() if contract["id"] == broken)

    printed = _check_contracts(empty_house)

    assert f"{name} BROKEN" in printed, printed
    assert " 1 broken." in printed, printed


@pytest.mark.parametrize("line", ["import engine.feel", "from engine.feel.parser import parse", "import engine.model"])
def test_forms_may_use_feel_and_the_words_of_the_engine(empty_house: Path, line: str) -> None:
    (empty_house / "engine" / "feel" / "parser.py").touch()
    (empty_house / "forms" / "x.py").write_text(line + "\n")

    assert " 0 broken." in _check_contracts(empty_house)
