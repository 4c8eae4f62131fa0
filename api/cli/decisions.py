"""`dmn evaluate` and `dmn check`: decision tables in files, asked and examined without an installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from api import bootstrap
from api.cli.answers import tell_refusal
from api.cli.conformance import tck
from api.cli.exits import EXIT_REFUSED, language
from api.cli.json_values import Instant, as_json, read_context
from api.texts.findings import example_text, finding_text, mend_text
from engine.dmn import Decision, DecisionModel, DecisionService, Finding, read_with_imports
from engine.model.calendar import SHANGHAI, local_day
from engine.model.clock import SystemClock
from engine.model.errors import EngineError

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_ERROR = "error"


@click.group()
def dmn() -> None:
    """Decision tables in files: ask them, examine them, run a conformance kit."""


dmn.add_command(tck)


@dmn.command()
@click.argument("file", type=_FILE)
@click.option("--decision", metavar="ID", help="Id or name of a decision or decision service.  [the only one]")
@click.option("--context", "context_text", metavar="FILE|JSON", help="Inputs: JSON, a file, or - for stdin.")
@click.option("--explain", is_flag=True, help="Inputs, matched rules with annotation and basis, outputs, thresholds.")
@click.option("--now", type=Instant(), help="What now() and today() tell; thresholds of that day hold.  [the clock]")
def evaluate(file: Path, decision: str | None, context_text: str | None, explain: bool, now: datetime | None) -> int:
    """Ask a decision of a DMN file; the answer is printed as JSON.

    \b
    bihuan dmn evaluate R03.dmn --context '{"score": 89.99}'           → "良"
    bihuan dmn evaluate R03.dmn --context '{"score": 89.99}' --explain

    Inputs that are not given are null. Dates, times and durations are given as text where the file declares them. A
    decision that reads `rule` gets the thresholds as they are delivered, unless the context brings its own. Files that
    it imports are looked for beside it.

    Leaves with 1 when the file is refused or the decision cannot answer.
    """
    instant = (now or SystemClock().now()).astimezone(SHANGHAI)
    day = local_day(instant)
    given = read_context(context_text)
    asked = _asked(read_with_imports(file, functions=_functions()), decision)
    answer = asked.evaluate({**bootstrap.shipped_thresholds(day), **asked.read_given(given)}, now=instant)
    if not explain:
        click.echo(as_json(answer.value))
        return 0
    read = [key for key in answer.values_read if key.partition(".")[0] not in given]
    explained = {
        "value": answer.value,
        "decisions": answer.explanation["decisions"],
        "settings": bootstrap.shipped_settings(read, day),
    }
    click.echo(as_json(explained))
    return 0


@dmn.command()
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option("--json", "as_machine", is_flag=True, help="Everything as JSON.")
@click.option("--context", "context_text", metavar="FILE|JSON", help="Contexts known before, e.g. other thresholds.")
@click.option("--now", type=Instant(), help="The day whose thresholds are put in.  [the clock]")
def check(files: Sequence[Path], as_machine: bool, context_text: str | None, now: datetime | None) -> int:
    """Examine the tables of DMN files: what nobody answers, what two rules answer, what is never reached.

    Each finding comes with an input that shows it: gaps, overlaps by the meaning of the hit policy, rules that others
    take everything from, answers that never come, values of the wrong type. Thresholds are put in for it.

    Leaves with 1 when there is an error; warnings and remarks do not count.
    """
    constants = {**bootstrap.shipped_thresholds(local_day(now or SystemClock().now())), **read_context(context_text)}
    reports = [_Report(file, constants) for file in files]
    if as_machine:
        click.echo(as_json([report.as_plain() for report in reports]))
    else:
        for report in reports:
            report.tell()
    return EXIT_REFUSED if any(report.has_error for report in reports) else 0


class _Report:
    """What is to be said of one file."""

    def __init__(self, file: Path, constants: Mapping[str, Any]) -> None:
        self.file = file
        self.refusal: EngineError | None = None
        self.findings: Mapping[str, Sequence[Finding]] = {}
        try:
            self._model = read_with_imports(file, functions=_functions())
        except EngineError as refusal:
            self.refusal = refusal
        else:
            self.findings = self._model.check(constants)

    @property
    def has_error(self) -> bool:
        severities = (finding.severity for findings in self.findings.values() for finding in findings)
        return self.refusal is not None or _ERROR in severities

    def tell(self) -> None:
        """For people."""
        if self.refusal is not None:
            click.echo(f"{self.file}: {_word('refused')}")
            tell_refusal(self.refusal)
            return
        count = sum(map(len, self.findings.values()))
        click.echo(f"{self.file}: {count} {_word('findings')}")
        for key, findings in self.findings.items():
            for finding in findings:
                place = f"{key}: " if key else ""
                click.echo(f"  {place}{_word(finding.severity)}: {finding_text(finding, language())}")
                mend = mend_text(finding, language())
                if mend:
                    click.echo(f"    → {mend}")
                if finding.example and language() == "en":
                    click.echo(f"    e.g. {example_text(finding)}")

    def as_plain(self) -> dict[str, Any]:
        """For programs."""
        if self.refusal is not None:
            faults = getattr(self.refusal, "faults", ())
            refused = {"code": self.refusal.code, "message": self.refusal.message, "faults": [dict(f) for f in faults]}
            return {"file": str(self.file), "refused": refused, "decisions": {}}
        decisions = {
            key: [{**finding.as_plain(), "text": finding_text(finding, language())} for finding in findings]
            for key, findings in self.findings.items()
        }
        return {"file": str(self.file), "refused": None, "decisions": decisions}


def _asked(model: DecisionModel, name: str | None) -> Decision | DecisionService:
    """The decision or service of a name, or the only decision. Raises click.UsageError that lists what is there."""
    known = [*model.decisions, *model.services]
    if name is not None:
        found = model.find(name) or model.find_service(name)
    else:
        found = next(iter(model.decisions.values())) if len(model.decisions) == 1 else None
    if found is None:
        wanted = f"a decision {name!r}" if name is not None else "--decision, for the file has several"
        raise click.UsageError(f"Expected {wanted}. There are: {', '.join(known) or 'none'}.")
    return found


def _functions() -> Any:
    return bootstrap.feel_functions(lambda: bootstrap.published_calendar())


def _word(word: str) -> str:
    return _CHINESE[word] if language() == "zh" else word


_CHINESE = {"refused": "被拒绝", "findings": "项发现", "error": "错误", "warning": "警告", "info": "提示"}
