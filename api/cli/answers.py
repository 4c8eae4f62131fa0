"""What the command line says, and its exit codes."""

from __future__ import annotations

import os

import click

from api.problems import problem_of
from api.settings import LANGUAGES
from engine.model.errors import EngineError

EXIT_REFUSED = 1
EXIT_MISSING = 3
EXIT_INTERRUPTED = 130


def language() -> str:
    """Language of what is printed: BIHUAN_LANGUAGE, else Chinese."""
    wanted = os.environ.get("BIHUAN_LANGUAGE", LANGUAGES[0])
    return wanted if wanted in LANGUAGES else LANGUAGES[0]


def tell_refusal(refusal: EngineError) -> int:
    """Print a refusal with all its faults; returns the exit code."""
    problem = problem_of(refusal, language())
    click.echo(f"{problem.title}: {problem.detail}", err=True)
    if problem.detail != refusal.message and not problem.faults:
        click.echo(f"  {refusal.message}", err=True)
    for fault in problem.faults:
        place = f"{fault['path']}: " if fault.get("path") else ""
        click.echo(f"  {place}{fault['message']}", err=True)
        if fault.get("mend"):
            click.echo(f"    → {fault['mend']}", err=True)
    return EXIT_REFUSED
