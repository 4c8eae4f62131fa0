"""The child process: reads one request from standard input, plays its cases on SpiffWorkflow, writes what was seen.

It runs apart because SpiffWorkflow recurses, keeps every step for ever, and has no budget of its own.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
from typing import Any

from engine.bpmn.opinion.stage import play

#: Its parser and its walk over the tree recurse; 600 nodes in a row end Python's default of 1,000.
RECURSION_LIMIT = 50_000
STACK_BYTES = 256 * 1024 * 1024


def main() -> None:
    """Answer one request."""
    request: dict[str, Any] = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (request["memory_bytes"], request["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (request["cpu_seconds"], request["cpu_seconds"]))
    sys.setrecursionlimit(RECURSION_LIMIT)
    threading.stack_size(STACK_BYTES)
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.extend(play(request)))
    thread.start()
    thread.join()
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
