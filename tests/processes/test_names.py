"""Everything that is drawn in the shipped diagrams has an English name, which fits where it is shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api.settings import LANGUAGES
from engine.bpmn import KnownNames, drawn_in, lint
from engine.bpmn.names import CALLED
from engine.xml import parse_xml
from tests.processes.drawn import FOLDER, graph, read, user_tasks

EXAMPLE = Path(__file__).parents[2] / "docs" / "guide" / "examples" / "archive_loan.bpmn"
FILES = [*sorted(FOLDER.glob("*.bpmn")), EXAMPLE]
LOOP = [path.stem for path in FILES if path != EXAMPLE]
#: Five lines of a box of the usual size.
LONGEST = 60
_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_that_an_english_reader_sees_is_called_in_chinese(path: Path) -> None:
    shown = parse_xml(drawn_in(path.read_bytes(), "en"))

    assert [each.get("id") for each in shown.iter(*CALLED) if _CHINESE.search(each.get("name", ""))] == []


@pytest.mark.parametrize("key", LOOP)
def test_a_deployment_has_nothing_to_say_about_the_names(key: str) -> None:
    found = lint(read(key).graphs, KnownNames(languages=frozenset(LANGUAGES)))

    assert [entry for entry in found if entry.code in ("lint-name-missing", "lint-unknown-language")] == []


@pytest.mark.parametrize("key", LOOP)
def test_user_tasks_that_are_called_apart_in_chinese_are_in_english(key: str) -> None:
    nodes = user_tasks(graph(key))

    assert len({node.names["en"] for node in nodes}) == len({node.name for node in nodes})


@pytest.mark.parametrize("key", LOOP)
def test_english_names_are_short_and_begin_like_a_sentence(key: str) -> None:
    drawn = graph(key)
    names = [each.names["en"] for each in (drawn, *drawn.nodes, *drawn.flows) if each.names]

    assert [name for name in names if len(name) > LONGEST or name[:1].islower() or name.endswith(".")] == []


def test_a_call_is_named_as_the_process_it_calls() -> None:
    calls = {node.id: node.names["en"] for node in graph("main_loop").nodes if node.call is not None}

    assert set(calls.values()) <= {graph(key).names["en"] for key in LOOP}
