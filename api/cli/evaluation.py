"""`evaluation score`: one self-evaluation from a file, scored and checked without an installation."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from api.cli.answers import tell_refusal
from api.cli.columns import lined_up
from api.cli.exits import EXIT_REFUSED, language
from api.cli.json_values import Instant, as_json
from engine.model.calendar import local_day
from engine.model.clock import SystemClock
from engine.model.errors import Invalid
from processes.budget_performance.evaluation.consistency.check import blocks
from processes.budget_performance.evaluation.evaluate import BAND_SETS, Evaluation, evaluate, read_filled_form
from processes.budget_performance.evaluation.report import report, row_of, title_of
from processes.budget_performance.scoring import Rounding, scoring_rules
from processes.budget_performance.thresholds import read_thresholds, rule_context

#: Files larger than this are a mistake.
LARGEST = 16 << 20


@click.group()
def evaluation() -> None:
    """Self-evaluations in files: score them and check them."""


@evaluation.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_machine", is_flag=True, help="Everything as JSON.")
@click.option("--decimals", type=click.IntRange(0, 2), help="Decimal places of scores.  [2]")
@click.option("--cut/--half-up", "cut", default=None, help="Cut scores off, or round them half-up.  [half-up]")
@click.option(
    "--rate", type=click.Choice(["exact", "printed"]), help="Reckon execution from the exact or printed rate.  [exact]"
)
@click.option("--bands", type=click.Choice(BAND_SETS), default="2020", help="Bands of qualitative indicators.  [2020]")
@click.option("--sheet", default="", metavar="NAME", help="The sheet, where the workbook holds several forms.")
@click.option("--strict", is_flag=True, help="Leave with 1 when a finding blocks signing.")
@click.option("--now", type=Instant(), help="The day whose thresholds hold.  [the clock]")
def score(
    file: Path,
    *,
    as_machine: bool,
    decimals: int | None,
    cut: bool | None,
    rate: str | None,
    bands: str,
    sheet: str,
    strict: bool,
    now: datetime | None,
) -> int:
    """Score one self-evaluation by R06 and check it by R06c.

    FILE is the official form 项目支出绩效自评表 as .xlsx, or JSON as
    processes/budget_performance/schemas/self_evaluation.schema.json describes it.

    \b
    bihuan evaluation score 自评表.xlsx
    bihuan evaluation score form.json --json --decimals 0 --cut

    Each indicator is printed with its target as it was understood, the score under the chosen rounding and the one the
    office printed; then the total, the grade, and what does not fit together (✗ blocks signing). Rounding is a setting
    of the campaign; what is not chosen is taken from the thresholds as they are delivered.

    Leaves with 0 when the form could be scored, whatever was found in it; with 1 when it cannot be read (all faults at
    once), and with --strict also when a finding blocks signing.
    """
    rule = rule_context(read_thresholds(), local_day(now or SystemClock().now()))
    try:
        if file.stat().st_size > LARGEST:
            raise Invalid(f"Expected a file of at most {LARGEST} bytes, but found {file.stat().st_size}.")
        form = read_filled_form(file.read_bytes(), sheet)
    except Invalid as refusal:
        if not as_machine:
            return tell_refusal(refusal)
        faults = [dict(fault) for fault in refusal.faults]
        refused = {"code": refusal.code, "message": refusal.message, "faults": faults}
        click.echo(as_json({"file": str(file), "refused": refused}))
        return EXIT_REFUSED
    found = evaluate(form, rule, _rounding(scoring_rules(rule).rounding, decimals, cut, rate), bands)
    if as_machine:
        click.echo(as_json({"file": str(file), "refused": None, **report(found)}))
    else:
        _tell(found)
    return EXIT_REFUSED if strict and blocks(found.findings) else 0


def _rounding(configured: Rounding, decimals: int | None, cut: bool | None, rate: str | None) -> Rounding:
    chosen: dict[str, Any] = {
        "places": decimals,
        "cut": cut,
        "from_printed_rate": None if rate is None else rate == "printed",
    }
    return dataclasses.replace(configured, **{name: value for name, value in chosen.items() if value is not None})


def _tell(found: Evaluation) -> None:
    """For people."""
    click.echo(title_of(found.form))
    click.echo(_rounding_text(found.rounding))
    click.echo("")
    rows = [[_word(word) for word in ("row", "indicator", "target", "actual", "weight", "score", "printed")]]
    execution, money = found.card.execution, found.form.money_total
    if money is not None and found.card.execution_weight:
        rate = f"{_shown(money.spent)}/{_shown(money.adjusted)}"
        points = _shown(execution.points) if execution else _word("not-applicable")
        printed = _shown(money.score)
        rows.append([str(money.row or ""), _word("execution"), "", rate, _shown(money.weight), points, printed])
    for row in found.card.rows:
        each = row.indicator
        shown = [_brief(each.l3), _brief(row.target.rendered() or "—"), _brief(each.actual or "—")]
        mark = "" if row.origin == "computed" else f" ({_word(str(row.origin))})"
        rows.append([str(each.row), *shown, _shown(row.weight), f"{row.points}{mark}", _shown(each.score)])
        if each.hand_set is not None:
            rows.append(["", _word("hand-set"), "", _brief(each.hand_set.reason), "", _shown(each.hand_set.points), ""])
    for line in lined_up(rows, right=(4, 6)):
        click.echo(line)
    click.echo("")
    card = found.card
    click.echo(f"{_word('total')}: {card.total} {found.grade}    {_word('exact')}: {card.total_exact.normalize():f}")
    if card.total_standing != card.total:
        click.echo(f"{_word('with-hand-set')}: {card.total_standing} {found.grade_standing}")
    if found.form.total is not None:
        click.echo(f"{_word('printed')}: {_shown(found.form.total)} {found.grade_printed or ''}")
    click.echo("")
    click.echo(_word("findings") if found.findings else _word("nothing-found"))
    for each in found.findings:
        sign = "✗" if blocks((each,)) else "!"
        text = each.zh if language() == "zh" else each.en
        click.echo(f"  {sign} {each.code}  {row_of(each, language())}: {text}")


def _rounding_text(rounding: Rounding) -> str:
    mode, rate = (
        ("cut" if rounding.cut else "half-up"),
        ("rate-printed" if rounding.from_printed_rate else "rate-exact"),
    )
    return f"{_word('rounding')}: {rounding.places} {_word('decimals')}, {_word(mode)}, {_word(rate)}"


def _brief(text: str, length: int = 24) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else f"{flat[: length - 1]}…"


def _shown(number: Decimal | None) -> str:
    return "—" if number is None else f"{number:f}"


def _word(word: str) -> str:
    return _WORDS[word][0 if language() == "zh" else 1]


_WORDS = {
    "row": ("行", "row"),
    "indicator": ("三级指标", "indicator"),
    "target": ("指标值", "target"),
    "actual": ("完成值", "result"),
    "weight": ("分值", "weight"),
    "score": ("计算得分", "score"),
    "printed": ("填报得分", "printed"),
    "execution": ("预算执行率", "execution of the budget"),
    "not-applicable": ("不适用", "n/a"),
    "hand-set": ("　手工评分", "  set by hand"),
    "with-hand-set": ("按手工评分合计", "total with scores set by hand"),
    "total": ("合计", "total"),
    "exact": ("未取舍", "exact"),
    "rated": ("按比例", "by share"),
    "assumed": ("按文字", "by words"),
    "nothing": ("无依据", "no basis"),
    "rounding": ("得分取舍", "rounding"),
    "decimals": ("位小数", "decimals"),
    "half-up": ("四舍五入", "half-up"),
    "cut": ("截去", "cut"),
    "rate-exact": ("按准确执行率", "from the exact rate"),
    "rate-printed": ("按填报执行率", "from the printed rate"),
    "findings": ("勾稽提示（✗ 不得签署，! 提示）：", "Findings (✗ blocks signing, ! warns):"),
    "nothing-found": ("勾稽无误。", "Everything fits together."),
}
