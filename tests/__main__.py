"""`./bihuan test` and `./bihuan check`: pytest, with the servers that the tests need around it."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests import machine, servers

ROOT = Path(__file__).resolve().parent.parent
#: More workers than this wait for one another's databases.
MOST_WORKERS = 8

TEST_EXPLANATION = """\
Lints, checks types and import contracts, and runs every test on SQLite and on PostgreSQL, the pages in Chromium.
PostgreSQL and Chromium are those of the machine; where they are missing they are installed (by apt as root, else by
playwright). Whatever cannot be had is skipped and named at the end with the command that would bring it.

All other arguments go to pytest: ./bihuan test tests/engine -k join -x
Paths are relative to the project. Exit codes are those of pytest: 0 passed, 1 failed, 2 interrupted, 4 wrong usage."""

CHECK_EXPLANATION = """\
The quick half of the tests: ruff, pyright, import contracts, size budget, forbidden names and calls. Needs no server.
All arguments go to pytest. Exit code 0: nothing found; 1: something is wrong."""


#: Explanations keep their lines, and no option is guessed from its beginning: what is not ours goes to pytest.
AS_WRITTEN: dict[str, Any] = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}


def main(arguments: Sequence[str]) -> int:
    """Run one of the two commands; returns pytest's exit code."""
    parser = argparse.ArgumentParser(prog="./bihuan", allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    usage = "./bihuan test [--require-all] [--postgres URL] [PYTEST ARGUMENT ...]"
    test = commands.add_parser("test", usage=usage, description=TEST_EXPLANATION, **AS_WRITTEN)
    test.add_argument(
        "--require-all",
        action="store_true",
        default=_is_set("BIHUAN_TEST_REQUIRE_ALL"),
        help="a test that is skipped has failed (BIHUAN_TEST_REQUIRE_ALL=1)",
    )
    test.add_argument(
        "--postgres",
        metavar="URL",
        default=os.environ.get("BIHUAN_TEST_POSTGRES"),
        help="use this server, as an account that may create databases (BIHUAN_TEST_POSTGRES)",
    )
    usage = "./bihuan check [PYTEST ARGUMENT ...]"
    commands.add_parser("check", usage=usage, description=CHECK_EXPLANATION, **AS_WRITTEN)
    options, for_pytest = parser.parse_known_args(arguments)
    if options.command == "check":
        return run_pytest(["tests/architecture", "-q", *for_pytest], {})
    return run_tests(for_pytest, postgres=options.postgres, require_all=options.require_all)


def run_tests(for_pytest: Sequence[str], *, postgres: str | None, require_all: bool) -> int:
    """Bring and start what the tests need, run pytest, stop it all."""
    settings = {"BIHUAN_TEST_REQUIRE_ALL": "1" if require_all else "0"}
    for missing in machine.bring_what_is_missing():
        print(missing, file=sys.stderr)
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(servers.Missing):
            # Without fsync: no test pulls the plug of the machine, and kill -9 loses nothing that was written.
            postgres = postgres or stack.enter_context(servers.postgres_server(fsync=False)).url()
        if postgres:
            settings["BIHUAN_TEST_POSTGRES"] = postgres
        return run_pytest(["-n", str(worker_count()), "--dist", "loadgroup", *for_pytest], settings)


def run_pytest(arguments: Sequence[str], settings: dict[str, str]) -> int:
    """Run pytest in a process of its own, which ends with this one."""
    command = [sys.executable, "-m", "pytest", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **settings}) as process:
        try:
            return process.wait()
        except KeyboardInterrupt:
            return process.wait()  # it was interrupted as well, and tells what it had found
        finally:
            if process.poll() is None:
                process.terminate()


def worker_count() -> int:
    """As many as there are processors for us."""
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(processors, MOST_WORKERS)


def _is_set(variable: str) -> bool:
    return os.environ.get(variable, "") not in ("", "0")


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    sys.exit(main(sys.argv[1:]))
