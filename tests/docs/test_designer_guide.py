"""What the designers' guide shows runs, and what it lists is what the reader does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.bootstrap import feel_functions, published_calendar
from api.cli import cli
from engine.bpmn import read_process_file
from engine.bpmn.vocabulary import NODE_KINDS, REFUSED_NODES
from forms import form, schema
from tests.docs.pages import ROOT
from tests.house import bpmn

GUIDES = [ROOT / "docs" / "guide" / f"designer.{language}.md" for language in ("en", "zh")]
EXAMPLE = ROOT / "docs" / "guide" / "examples" / "archive_loan.bpmn"
BLOCK = re.compile(r"```xml\n(.*?)```", re.DOTALL)
RUNNING = re.compile(r"## (?:Elements that run|能运行的元素)\n\n(.*?)\n\n", re.DOTALL)
QUOTED = re.compile(r"`([\w-]+)`")


def _read(content: bytes, name: str) -> set[str]:
    """Codes of what the reader says that is more than a remark; raises when it refuses."""
    result = read_process_file(content, ref_of=lambda key: key, functions=feel_functions(published_calendar))
    result.report.raise_if_refused(name)
    return {entry.code for entry in result.report if entry.severity != "info"}


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_snippet_is_read_without_a_fault_or_a_warning(guide: Path):
    snippets = BLOCK.findall(guide.read_text("utf-8"))

    assert len(snippets) == 8
    for number, snippet in enumerate(snippets):
        outside = '<message id="goal_confirmed" name="goal.confirmed"/>'
        assert _read(bpmn(f"snippet_{number}", snippet, outside=outside), snippet) == set()


def test_both_languages_show_the_same_snippets():
    english, chinese = (BLOCK.findall(guide.read_text("utf-8")) for guide in GUIDES)

    assert english == chinese


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_the_cases_that_are_shown_are_those_of_the_example(guide: Path):
    shown = re.findall(r"```toml\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)

    assert shown == [EXAMPLE.with_name("archive_loan.cases.toml").read_text("utf-8")]


def test_the_example_can_be_deployed_as_it_is():
    assert _read(EXAMPLE.read_bytes(), EXAMPLE.name) == set()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_the_elements_that_run_are_those_of_the_reader(guide: Path):
    listed = RUNNING.findall(guide.read_text("utf-8"))[0]

    assert set(QUOTED.findall(listed)) == set(NODE_KINDS)
    assert not set(QUOTED.findall(listed)) & set(REFUSED_NODES)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_every_key_and_widget_of_form_files_is_explained(guide: Path):
    quoted = set(QUOTED.findall(guide.read_text("utf-8").rpartition("\n## ")[2]))
    keys = schema._HEAD_KEYS | schema._PROPERTY_KEYS | schema._CHECK_KEYS

    assert keys - {"items", "message"} <= quoted
    assert {widget.value for widget in form.Widget} <= quoted


@pytest.mark.parametrize(("guide", "language"), list(zip(GUIDES, ("en", "zh"), strict=True)), ids=("en", "zh"))
def test_the_refusal_that_is_shown_is_the_one_that_comes(
    guide: Path, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    faulty = EXAMPLE.read_text("utf-8").replace('= decision = "pass"', 'decision == "pass"').replace("3WD", "3 days")
    (tmp_path / EXAMPLE.name).write_text(faulty, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BIHUAN_LANGUAGE", language)

    result = CliRunner().invoke(cli, ["check-definitions", EXAMPLE.name], standalone_mode=False)

    shown = re.findall(
        r"\$ \./bihuan check-definitions archive_loan\.bpmn\n(.*?)```", guide.read_text("utf-8"), re.DOTALL
    )
    assert result.output == shown[0]
