"""How the command line tells a refusal."""

from __future__ import annotations

import click

from api.cli.exits import EXIT_MISSING, EXIT_REFUSED, EXIT_USAGE, language
from api.problems import problem_of
from api.settings import StorageUnusable, UnsoundSettings
from engine.model.errors import EngineError


def tell_refusal(refusal: EngineError) -> int:
    """Print a refusal with all its faults; returns the exit code."""
    problem = problem_of(refusal, language())
    if isinstance(refusal, StorageUnusable):
        click.echo(problem.detail, err=True)
        return EXIT_MISSING
    click.echo(f"{problem.title}: {problem.detail}", err=True)
    if problem.detail != refusal.message and not problem.faults:
        click.echo(f"  {refusal.message}", err=True)
    for fault in problem.faults:
        place = f"{fault['path']}: " if fault.get("path") else ""
        click.echo(f"  {place}{fault['message']}", err=True)
        if fault.get("mend"):
            click.echo(f"    → {fault['mend']}", err=True)
    # an option or variable that does not fit is wrong usage, as an unknown option is
    return EXIT_USAGE if isinstance(refusal, UnsoundSettings) and refusal.faults else EXIT_REFUSED
