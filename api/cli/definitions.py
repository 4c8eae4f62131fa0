"""`deploy` and `check-definitions`: diagrams and decision tables from files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from api.bootstrap import Installation, feel_functions, published_calendar
from api.cli.answers import tell_refusal
from api.cli.exits import EXIT_REFUSED
from api.cli.options import with_installation
from engine import DeployDefinitions
from engine.bpmn import read_process_file
from engine.dmn import read_decisions
from engine.model.actor import Actor, system_actor
from engine.model.errors import EngineError

_FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE..."
)


@click.command()
@with_installation()
@_FILES
@click.option("--comment", default="", help="Why; stands in the list of deployments.")
@click.option("--as", "login", metavar="LOGIN", help="Who deploys; needs the right to.  [the system itself]")
def deploy(installation: Installation, files: Sequence[Path], comment: str, login: str | None) -> None:
    """Deploy diagrams (*.bpmn) and decision tables (*.dmn) as new versions.

    All files together, or none: a file that is not understood completely is refused, with every fault and how to mend
    it. What has not changed keeps its version.
    """
    contents = {path.name: path.read_bytes() for path in files}
    if len(contents) < len(files):
        raise click.UsageError("Expected files of different names.")
    command = DeployDefinitions(actor=_actor(installation, login), files=contents, comment=comment)
    answer: Any = installation.dispatcher.dispatch(command)
    for entry in answer.definitions:
        state = "new" if entry["new"] else "unchanged"
        click.echo(f"{entry['kind']:9} {entry['key']}:{entry['version']}  {entry['name']}  ({state})")
    _tell_report(answer.report)


@click.command("check-definitions")
@_FILES
def check_definitions(files: Sequence[Path]) -> int:
    """Read diagrams and decision tables as a deployment would, and tell what it would say. Nothing is changed.

    Leaves with 1 when a file would be refused.
    """
    refused, functions = 0, feel_functions(published_calendar)
    for path in tqdm(files, delay=2, leave=False, unit="file"):
        content = path.read_bytes()
        try:
            if path.suffix == ".dmn":
                keys = sorted(read_decisions(content, functions=functions).decisions)
                entries: list[Mapping[str, Any]] = []
            else:
                result = read_process_file(content, ref_of=lambda key: key, functions=functions)
                result.report.raise_if_refused(path.name)
                keys = [graph.key for graph in result.graphs]
                entries = [
                    {"severity": each.severity, "element_id": each.element_id, "message": each.message}
                    for each in result.report
                ]
        except EngineError as refusal:
            refused += 1
            click.echo(f"{path}: refused", err=True)
            tell_refusal(refusal)
            continue
        click.echo(f"{path}: {', '.join(keys)}")
        _tell_report(entries)
    return EXIT_REFUSED if refused else 0


def _tell_report(entries: Sequence[Mapping[str, Any]]) -> None:
    for entry in entries:
        if entry["severity"] != "info":
            click.echo(f"  {entry['severity']}: {entry['element_id']}: {entry['message']}")
    kept = Counter(str(entry["severity"]) for entry in entries)["info"]
    if kept:
        click.echo(f"  {kept} remarks")


def _actor(installation: Installation, login: str | None) -> Actor:
    if login is None:
        return system_actor(installation.settings.tenant_id)
    return installation.identity.front_desk.actor_of(login)
