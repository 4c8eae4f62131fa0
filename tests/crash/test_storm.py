"""T1, small: kill -9 while two processes complete user tasks. The full size is `python -m tests.crash.storm`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def storm(url: str, *, completions: int, kills: int, bug: str = "none") -> dict[str, Any]:
    """Run a storm in a process of its own, which forks its workers; returns what came of it."""
    command = [sys.executable, "-m", "tests.crash.storm", "--database", url, "--bug", bug]
    command += ["--completions", str(completions), "--kills", str(kills), "--seed", "20260302"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert answer.stdout.count("\n") == 2, answer.stdout + answer.stderr
    return json.loads(answer.stdout.splitlines()[1])


def test_nothing_is_lost_doubled_or_stuck_when_workers_are_killed(database_url: str) -> None:
    told = storm(database_url, completions=1_000, kills=50)

    assert (told["violations"], told["first"]) == (0, [])
    assert told["kills"] == 50
    # what a worker was not told before it died may still have been done
    assert 1_000 - 50 <= told["acknowledged"] <= 1_000


def test_the_checker_finds_history_that_is_written_outside_of_the_transaction(database_url: str) -> None:
    # a kill finds it only between two commits: so many kills that one of them hits, however fast the machine
    told = storm(database_url, completions=2_000, kills=150, bug="history-outside")

    assert told["violations"] > 0
    assert any("history" in fault for fault in told["first"])


def test_the_checker_finds_a_missing_lock(database_url: str) -> None:
    told = storm(database_url, completions=600, kills=5, bug="no-lock")

    assert told["violations"] > 0
    assert any("doubled" in fault for fault in told["first"])


def test_the_unique_keys_alone_hold_when_the_lock_is_missing(database_url: str) -> None:
    told = storm(database_url, completions=400, kills=5, bug="no-lock-but-nets")

    assert (told["violations"], told["first"]) == (0, [])
