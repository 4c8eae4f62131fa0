"""`dmn tck`: runs test cases in the layout of the DMN Technology Compatibility Kit and counts."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import Any

import click
from tqdm import tqdm

from api import bootstrap
from api.cli.exits import EXIT_REFUSED, language
from api.cli.json_values import as_json
from engine.dmn.tck import CaseResult, OutOfTime, run_folder
from engine.model.calendar import SHANGHAI
from engine.model.clock import SystemClock

HUNDRED = Decimal(100)


class Requirement(click.ParamType):
    """`LEVEL=PERCENT`."""

    name = "level=percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Decimal]:
        level, _, percent = value.rpartition("=")
        if not level or not percent.replace(".", "", 1).isdigit() or Decimal(percent) > HUNDRED:
            self.fail(f"Expected LEVEL=PERCENT such as 3=99.4, but found {value!r}.", param, ctx)
        return level, Decimal(percent)


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--cases", "shows_cases", is_flag=True, help="One line for each case.")
@click.option("--failed", "shows_failed", is_flag=True, help="The cases that fail, with their reasons.")
@click.option("--json", "as_machine", is_flag=True, help="Everything as JSON.")
@click.option("--require", multiple=True, type=Requirement(), help="Leave with 1 when a level passes fewer.")
@click.option("--limit", default=5.0, show_default=True, type=click.FloatRange(0.01, 3600), help="Seconds of a result.")
def tck(
    folder: Path,
    shows_cases: bool,
    shows_failed: bool,
    as_machine: bool,
    require: Sequence[tuple[str, Decimal]],
    limit: float,
) -> int:
    """Run the test cases below DIR, in the layout of the DMN TCK (TestCases/compliance-level-*/…).

    \b
    git clone https://github.com/dmn-tck/tck
    bihuan dmn tck tck/TestCases --failed --require 2=100 --require 3=99

    A case passes when each of its results is found. Prints passed and total for each group and level. A crash, or a
    result that takes longer than --limit, is a failure of its case; the run goes on.
    """
    functions = bootstrap.feel_functions(lambda: bootstrap.published_calendar())
    now = SystemClock().now().astimezone(SHANGHAI)
    run = run_folder(folder, functions=functions, now=now, guard=lambda: within_seconds(limit))
    results = list(tqdm(run, delay=2, leave=False, unit="case"))
    if not results:
        raise click.UsageError(f"Expected test cases of the DMN TCK below {folder}, but found none.")
    levels = _levels(results)
    if as_machine:
        click.echo(as_json(_as_plain(results, levels)))
    else:
        _tell(results, levels, shows_cases=shows_cases, shows_failed=shows_failed)
    return EXIT_REFUSED if _missed(levels, require) else 0


@contextmanager
def within_seconds(limit: float) -> Generator[None]:
    """Raise OutOfTime within, after so many seconds. Only for the main thread, where signals arrive."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise OutOfTime(f"more than {limit:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _levels(results: Iterable[CaseResult]) -> dict[str, tuple[int, int]]:
    """Level → passed, total."""
    total, passed = Counter[str](), Counter[str]()
    for result in results:
        total[result.level] += 1
        passed[result.level] += result.passed
    return {level: (passed[level], total[level]) for level in sorted(total)}


def _percent(passed: int, total: int) -> Decimal:
    """Cut, not rounded: 99.99 is not all."""
    return (HUNDRED * passed / total).quantize(Decimal("0.01"), "ROUND_DOWN")


def _missed(levels: dict[str, tuple[int, int]], require: Sequence[tuple[str, Decimal]]) -> bool:
    """Whether a required level is not reached; tells which."""
    missed = False
    for level, percent in require:
        passed, total = levels.get(level, (0, 0))
        if not total or HUNDRED * passed < percent * total:
            found = f"{_percent(passed, total)} %" if total else "–"
            english = f"level {level}: expected {percent} %, found {found}"
            click.echo(_say(english, f"{level} 级：要求 {percent} %，实际 {found}"), err=True)
            missed = True
    return missed


def _tell(
    results: Sequence[CaseResult], levels: dict[str, tuple[int, int]], *, shows_cases: bool, shows_failed: bool
) -> None:
    groups: dict[str, list[CaseResult]] = {}
    for result in results:
        groups.setdefault(result.group, []).append(result)
    for group, cases in groups.items():
        click.echo(f"{sum(case.passed for case in cases):5}/{len(cases):<5} {group}")
        for case in cases:
            if shows_cases or (shows_failed and not case.passed):
                click.echo(f"      {_say('passed', '通过') if case.passed else _say('failed', '未过')}  {case.case}")
            if shows_failed:
                for reason in case.reasons:
                    click.echo(f"              {reason}")
    for level, (passed, total) in levels.items():
        click.echo(_say(f"level {level}:", f"{level} 级：") + f" {passed}/{total}  {_percent(passed, total)} %")


def _as_plain(results: Sequence[CaseResult], levels: dict[str, tuple[int, int]]) -> dict[str, Any]:
    return {
        "levels": {
            level: {"passed": passed, "total": total, "percent": _percent(passed, total)}
            for level, (passed, total) in levels.items()
        },
        "cases": [
            {
                "level": each.level,
                "group": each.group,
                "case": each.case,
                "passed": each.passed,
                "reasons": list(each.reasons),
            }
            for each in results
        ],
    }


def _say(english: str, chinese: str) -> str:
    return chinese if language() == "zh" else english
