"""The command line: `./bihuan COMMAND` ends here."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from api.cli.answers import EXIT_INTERRUPTED, tell_refusal
from api.cli.definitions import check_definitions, deploy
from api.cli.demo import demo
from api.cli.people import organisation, user
from api.cli.serving import serve, worker
from engine.model.errors import EngineError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """Bihuan 闭环: closed-loop management for people who draw processes, do the work, and watch over it.

    Every option is also a variable: --port 9000 is BIHUAN_PORT=9000.

    \b
    Exit codes: 0 done; 1 refused or failed; 2 wrong usage; 3 something is missing; 130 interrupted.
    """


for _command in (demo, serve, worker, deploy, check_definitions, user, organisation):
    cli.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    try:
        code = cli.main(args=list(arguments) if arguments is not None else None, standalone_mode=False)
    except click.ClickException as usage:
        usage.show()
        sys.exit(usage.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except EngineError as refusal:
        sys.exit(tell_refusal(refusal))
    sys.exit(code if isinstance(code, int) else 0)
