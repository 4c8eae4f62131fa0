"""What other tools find in the house: ruff, pip and pyright."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.sources import ROOT
from tests.machine import NODE_REMEDY, find_node
from tests.servers import Missing

PYRIGHT = ROOT / "node_modules" / "pyright" / "index.js"


def test_ruff_finds_nothing() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "."]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_the_lock_files_name_everything_that_is_needed() -> None:
    # the launcher installs what they name and nothing else (pip install --no-deps)
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "check"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_pyright_finds_nothing_strict_on_engine_and_forms() -> None:
    if not PYRIGHT.exists():
        pytest.skip(str(Missing("pyright", NODE_REMEDY)))
    command = [find_node(), str(PYRIGHT), "--pythonpath", sys.executable, "--project", "pyproject.toml"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")

    assert answer.returncode == 0, answer.stdout + answer.stderr
