"""The guide on self-evaluations: its example is scored, its table of targets is right, and no finding is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import cli
from processes.budget_performance.evaluation.consistency.finding import TEXTS, Severity, codes, finding
from processes.budget_performance.evaluation.evaluate import evaluate, read_filled_form
from processes.budget_performance.evaluation.reading_values import read_value
from tests.docs.pages import ROOT
from tests.processes.rules.district import RULE

GUIDES = [ROOT / "docs" / "guide" / f"self-evaluations.{language}.md" for language in ("en", "zh")]
EXAMPLE = re.compile(r"```json\n(.*?)```", re.DOTALL)
TARGET = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \|", re.MULTILINE)
FINDING = re.compile(r"^\| `([A-Z0-9_]+)` \| ([✗!]) \|", re.MULTILINE)
OPTION = re.compile(r"--[a-z][a-z-]+")


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_the_example_is_scored_and_everything_in_it_fits(guide: Path):
    (example,) = EXAMPLE.findall(guide.read_text("utf-8"))

    found = evaluate(read_filled_form(example.encode()), RULE)

    assert (str(found.card.total), found.grade, found.findings) == ("96.20", "优", ())


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_targets_are_understood_as_the_table_says(guide: Path):
    rows = TARGET.findall(guide.read_text("utf-8"))

    assert len(rows) > 20
    assert {printed: read_value(printed).rendered() for printed, _ in rows} == dict(rows)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_finding_is_listed_with_its_gravity(guide: Path):
    listed = FINDING.findall(guide.read_text("utf-8"))

    assert [code for code, _ in listed] == list(codes())
    assert {code: sign == "✗" for code, sign in listed} == {code: _blocks(code) for code in codes()}


def _blocks(code: str) -> bool:
    facts = set(re.findall(r"\{(\w+)\}", TEXTS.read_text("utf-8")))
    return finding(code, None, **dict.fromkeys(facts, "")).severity is Severity.BLOCKING


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_option_is_explained(guide: Path):
    offered = CliRunner().invoke(cli, ["evaluation", "score", "--help"]).output

    assert set(OPTION.findall(offered)) - {"--help"} == set(OPTION.findall(guide.read_text("utf-8")))
