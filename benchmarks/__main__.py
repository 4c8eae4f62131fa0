"""Everything that is measured, by one command.

    python -m benchmarks                        all parts, small, on SQLite and PostgreSQL
    python -m benchmarks completions --full     one part in full size
    python -m benchmarks feel --attacks         also what every attack on FEEL costs
    python -m benchmarks --markdown FILE        the tables also as a page

Parts: feel, kernel, completions, siblings, lists, garbage. Figures are reported, not judged: the exit code is 0
whatever they are. All but the last part run under the product's own setting of the garbage collector.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

from api.bootstrap.garbage import YOUNGEST, collect_rarely
from benchmarks import attacks, completions, feel, garbage, lists, siblings, token_moves
from benchmarks.databases import POSTGRESQL, SQLITE, databases
from benchmarks.table import Chapter, as_markdown, as_text
from tests.servers import Missing

_ON_DATABASES: dict[str, Callable[..., list[Chapter]]] = {
    "completions": completions.measure,
    "siblings": siblings.measure,
    "lists": lists.measure,
    "garbage": garbage.measure,
}
_PARTS = ("feel", "kernel", *_ON_DATABASES)


def main() -> int:
    """Measure and print; one chapter after the other."""
    options = _options()
    collect_rarely()
    chapters: list[Chapter] = []

    def show(found: list[Chapter]) -> None:
        chapters.extend(found)
        for chapter in found:
            print(as_text(chapter), flush=True)
        print(f"({_others()})\n", flush=True)

    if "feel" in options.parts:
        show(feel.measure(full=options.full))
        if options.attacks:
            show(attacks.measure())
    if "kernel" in options.parts:
        show(token_moves.measure(full=options.full))
    wanted = [name for name in _ON_DATABASES if name in options.parts]
    for kind in options.database if wanted else ():
        try:
            for name in wanted:
                with databases(kind) as made:
                    show(_ON_DATABASES[name](made, full=options.full))
        except Missing as missing:
            print(missing, file=sys.stderr)
            return 1
    if options.markdown:
        command = "python -m benchmarks " + " ".join(sys.argv[1:])
        heading = f"# Benchmarks\n\n`{command.strip()}` on {_machine()}; {_others()}.\n\n"
        options.markdown.write_text(heading + as_markdown(chapters), encoding="utf-8")
    return 0


def _machine() -> str:
    cpu = platform.machine()
    collector = f"garbage collector from {YOUNGEST:,} objects on"
    return f"{platform.system()} {cpu}, {os.cpu_count()} processors, Python {platform.python_version()}, {collector}"


def _others() -> str:
    """How busy the machine is, with what is measured and with others."""
    return "load average " + " ".join(f"{load:.1f}" for load in os.getloadavg())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure the engine.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of {', '.join(_PARTS)}; all by default")
    parser.add_argument("--full", action="store_true", help="full sizes: a million rows, more rounds")
    parser.add_argument("--attacks", action="store_true", help="with feel: time and room of every attack")
    parser.add_argument(
        "--database", action="append", choices=(SQLITE, POSTGRESQL), help="only this database; may be repeated"
    )
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="write the tables to a file, too")
    options = parser.parse_args()
    unknown = set(options.parts) - set(_PARTS)
    if unknown:
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    options.parts = options.parts or list(_PARTS)
    options.database = options.database or [SQLITE, POSTGRESQL]
    return options


if __name__ == "__main__":
    raise SystemExit(main())
