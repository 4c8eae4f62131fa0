"""`deploy` and `check-definitions`: diagrams, their test cases, and decision tables from files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from api.bootstrap import Installation, Workbench
from api.cli.answers import tell_refusal
from api.cli.exits import EXIT_REFUSED, language
from api.cli.options import with_installation
from api.texts.diagrams import in_language
from engine import DeployDefinitions
from engine.bpmn import Report
from engine.commands.handed_in import CASES_ENDING, DIAGRAM_ENDINGS, Found, defined_twice, refuse
from engine.model.actor import Actor, system_actor
from engine.model.errors import EngineError

#: Folder beside a diagram in which its test cases may lie.
CASES_FOLDER = "cases"
_FILES = click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE..."
)
_SEVERITIES = {"zh": {"warning": "警告", "info": "提示"}, "en": {"warning": "warning", "info": "note"}}
_MORE = {"zh": "另有 {count} 条提示（加 --notes 全部列出）", "en": "{count} more notes (--notes lists them)"}
#: What is told in any case beside warnings: what was changed in a file, how its tables are read, and how cases and the
#: second opinion went.
_TOLD = ("repaired", "dmn-", "case-", "opinion-")
_NOTES = click.option("--notes", "all_notes", is_flag=True, help="Every note, not only how many there are.")


@click.command()
@with_installation()
@_FILES
@click.option("--comment", default="", help="Why; stands in the list of deployments.")
@_NOTES
@click.option("--as", "login", metavar="LOGIN", help="Who deploys; needs the right to.  [the system itself]")
def deploy(
    installation: Installation, files: Sequence[Path], comment: str, all_notes: bool, login: str | None
) -> None:
    """Deploy diagrams (*.bpmn) and decision tables (*.dmn) as new versions.

    All files together, or none: a file that is not understood completely, or does otherwise than its test cases
    (NAME.cases.toml beside NAME.bpmn) say, is refused, with every fault and how to mend it. What has not changed keeps
    its version.
    """
    command = DeployDefinitions(actor=_actor(installation, login), files=_contents(files), comment=comment)
    answer: Any = installation.dispatcher.dispatch(command)
    for entry in answer.definitions:
        state = "new" if entry["new"] else "unchanged"
        click.echo(f"{entry['kind']:9} {entry['key']}:{entry['version']}  {entry['name']}  ({state})")
    _tell_report(answer.report, all_notes)


@click.command("check-definitions")
@_FILES
@click.option(
    "--second-opinion",
    type=click.Choice(["on", "off"]),
    default="on",
    envvar="BIHUAN_SECOND_OPINION",
    help="Whether SpiffWorkflow plays the cases and random ways as well.  [on]",
)
@_NOTES
def check_definitions(files: Sequence[Path], second_opinion: str, all_notes: bool) -> int:
    """Examine diagrams and decision tables as a deployment would, and tell what it would say. Nothing is changed.

    The test cases of a diagram (NAME.cases.toml beside NAME.bpmn, or in a folder "cases") are played. Leaves with 1
    when a file would be refused.
    """
    contents = _contents(files)
    bench = Workbench(contents, second_opinion=second_opinion == "on")
    refused = 0
    found: list[Found] = []
    for path in tqdm([path for path in files if not _goes_with(path, files)], delay=2, leave=False, unit="file"):
        stem = _stem(path.name)
        try:
            of_file = {name: content for name, content in contents.items() if name in (path.name, stem + CASES_ENDING)}
            examination = bench.examine(of_file)
            refuse(defined_twice([*found, *examination.found]))
        except EngineError as refusal:
            refused += 1
            click.echo(f"{path}: refused", err=True)
            tell_refusal(refusal)
            continue
        found += examination.found
        click.echo(f"{path}: {', '.join(sorted(each.key for each in examination.found))}")
        _tell_report(_lines(examination.reports.values()), all_notes)
    return EXIT_REFUSED if refused else 0


def _contents(files: Sequence[Path]) -> dict[str, bytes]:
    """Files by name, and the test cases that lie beside diagrams."""
    contents = {path.name: path.read_bytes() for path in files}
    if len(contents) < len(files):
        raise click.UsageError("Expected files of different names.")
    for path in files:
        name = _stem(path.name) + CASES_ENDING
        if not path.name.endswith(DIAGRAM_ENDINGS) or name in contents:
            continue
        for folder in (path.parent, path.parent / CASES_FOLDER):
            if (folder / name).is_file():
                contents[name] = (folder / name).read_bytes()
                break
    return contents


def _goes_with(path: Path, files: Sequence[Path]) -> bool:
    """Whether these are the test cases of a diagram that is examined as well."""
    diagrams = {_stem(each.name) for each in files if each.name.endswith(DIAGRAM_ENDINGS)}
    return path.name.endswith(CASES_ENDING) and path.name.removesuffix(CASES_ENDING) in diagrams


def _stem(name: str) -> str:
    ending = next((ending for ending in DIAGRAM_ENDINGS if name.endswith(ending)), "")
    return name.removesuffix(ending)


def _lines(reports: Iterable[Report]) -> list[Mapping[str, Any]]:
    return [
        {
            "severity": str(entry.severity),
            "code": entry.code,
            "element_id": entry.element_id,
            "message": entry.message,
            "mend": entry.mend,
            "facts": entry.facts,
        }
        for report in reports
        for entry in report
    ]


def _tell_report(entries: Sequence[Mapping[str, Any]], all_notes: bool) -> None:
    """Warnings with what can be done about them, repairs, what came of the cases, and the number of other notes."""
    speech = language()
    agreed = {entry["facts"]["case"] for entry in entries if entry["code"] == "opinion-agrees"}
    kept = 0
    for entry in entries:
        if entry["severity"] == "info" and not (all_notes or entry["code"].startswith(_TOLD)):
            kept += 1
        elif entry["code"] != "case-passes" or entry["facts"]["case"] not in agreed:
            said = in_language(entry, speech)
            place = f"{entry['element_id']}: " if entry["severity"] != "info" else ""
            click.echo(f"  {_SEVERITIES[speech][entry['severity']]}: {place}{said['message']}")
            if said["mend"]:
                click.echo(f"    → {said['mend']}")
    if kept:
        click.echo(f"  {_MORE[speech].format(count=kept)}")


def _actor(installation: Installation, login: str | None) -> Actor:
    if login is None:
        return system_actor(installation.settings.tenant_id)
    return installation.identity.front_desk.actor_of(login)
