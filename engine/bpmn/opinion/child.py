"""Lets a process of its own play on SpiffWorkflow, within limits of time and memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

#: Of processor time, for all cases of one process together.
CPU_SECONDS = 30
#: Of wall time.
TIMEOUT_SECONDS = 60
MEMORY_BYTES = 2 * 1024**3


def in_child_process(request: dict[str, Any]) -> list[Any]:
    """Play in a process of its own, with limits of processor time, wall time and memory."""
    limited = {**request, "cpu_seconds": CPU_SECONDS, "memory_bytes": MEMORY_BYTES}
    house = str(Path(__file__).resolve().parents[3])
    try:
        finished = subprocess.run(
            [sys.executable, "-m", "engine.bpmn.opinion"],
            input=json.dumps(limited),
            capture_output=True,
            text=True,
            timeout=TIMEOUT_SECONDS,
            env={**os.environ, "PYTHONPATH": house},
            check=True,
        )
    except subprocess.TimeoutExpired:
        cause, reason = "limits", f"SpiffWorkflow took more than {TIMEOUT_SECONDS} s"
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines()
        cause, reason = "limits", f"SpiffWorkflow ended with {error.returncode}: {lines[-1] if lines else 'no word'}"
    else:
        return json.loads(finished.stdout)
    return [{"reason": reason, "cause": cause} for _ in request["cases"]]
