"""The command line: `./bihuan COMMAND` ends here.

A command's room is loaded when it is asked for, so that `feel` need not wait for the server's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import click

from api.cli.exits import EXIT_INTERRUPTED
from engine.model.errors import EngineError

#: Command: the room it lies in and its name there.
_COMMANDS = {
    "demo": ("api.cli.demo", "demo"),
    "serve": ("api.cli.serving", "serve"),
    "worker": ("api.cli.serving", "worker"),
    "deploy": ("api.cli.definitions", "deploy"),
    "check-definitions": ("api.cli.definitions", "check_definitions"),
    "dmn": ("api.cli.decisions", "dmn"),
    "evaluation": ("api.cli.evaluation", "evaluation"),
    "feel": ("api.cli.expressions", "feel"),
    "user": ("api.cli.people", "user"),
    "organisation": ("api.cli.people", "organisation"),
}


class _Commands(click.Group):
    """A group that loads a command when somebody asks for it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        room, name = _COMMANDS[cmd_name]
        return getattr(import_module(room), name)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
def cli() -> None:
    """Bihuan 闭环: closed-loop management for people who draw processes, do the work, and watch over it.

    Every option is also a variable: --port 9000 is BIHUAN_PORT=9000.

    \b
    Exit codes: 0 done; 1 refused or failed; 2 wrong usage; 3 something is missing; 130 interrupted.
    """


def command_names() -> frozenset[str]:
    """What can be typed behind `./bihuan`, besides the launcher's own commands."""
    return frozenset(_COMMANDS)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with its exit code."""
    try:
        given = list(arguments) if arguments is not None else None
        code = cli.main(args=given, prog_name="bihuan", standalone_mode=False)
    except click.ClickException as usage:
        usage.show()
        sys.exit(usage.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("", err=True)
        sys.exit(EXIT_INTERRUPTED)
    except EngineError as refusal:
        # what is said in refusals knows the database and the web; a command that succeeds need not
        sys.exit(import_module("api.cli.answers").tell_refusal(refusal))
    sys.exit(code if isinstance(code, int) else 0)
