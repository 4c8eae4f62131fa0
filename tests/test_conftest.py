"""A missing thing skips its tests and is named; where all is required, it fails them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def _run_where_no_browser_is(required: bool) -> subprocess.CompletedProcess[str]:
    settings = {"BIHUAN_CHROMIUM": "/nowhere/chromium", "BIHUAN_TEST_REQUIRE_ALL": "1" if required else "0"}
    wanted = "tests/test_servers.py::test_the_browser_shows_a_page_in_chinese"
    command = [sys.executable, "-m", "pytest", wanted, "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **settings}, capture_output=True, text=True)


def test_what_is_missing_is_named_at_the_end_with_the_command_that_brings_it() -> None:
    run = _run_where_no_browser_is(required=False)

    assert run.returncode == 0
    assert "1 skipped. Not here: Chromium (a browser for the page tests). To get it: sudo apt-get" in run.stdout
    assert run.stdout.splitlines()[-1].startswith("1 skipped in ")


def test_a_skip_is_a_failure_where_all_is_required() -> None:
    run = _run_where_no_browser_is(required=True)

    assert run.returncode == 1
    assert "Nothing may be skipped here (--require-all), but this was: Not here: Chromium" in run.stdout
