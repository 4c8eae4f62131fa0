"""The house keeps its rules, and each rule finds what it is there to find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.architecture.addresses import forbidden_words
from tests.architecture.calls import forbidden_calls, sleeps
from tests.architecture.circles import first_circle, imports_of
from tests.architecture.libraries import strangers
from tests.architecture.names import bare_tasks, drawers
from tests.architecture.size import too_big
from tests.architecture.sources import ROOMS, ROOT, Source, everything, product, tracked_files

Rule = Callable[[Source], Iterator[str]]


def _faults(rule: Rule, sources: Iterable[Source]) -> str:
    """All faults, a line each, so that a failure shows them all."""
    return "\n".join(fault for source in sources for fault in rule(source))


def _planted(rule: Rule, path: str, text: str) -> list[str]:
    return list(rule(Source(path, text)))


# --- size -------------------------------------------------------------------------------------------------------------


def test_files_functions_and_classes_keep_their_budget() -> None:
    assert _faults(too_big, everything()) == ""


def test_scripts_of_the_pages_keep_the_budget_of_files() -> None:
    scripts = [path for path in (ROOT / "web" / "assets").rglob("*") if path.suffix in (".js", ".mjs")]
    lengths = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n") for path in scripts}
    assert {path: lines for path, lines in lengths.items() if lines > 500} == {}


def _function(lines: int, docstring: str = "") -> str:
    return "def f():\n" + docstring + "    pass\n" * (lines - 1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("#\n" * 501, "engine/x.py:1 file of 501 lines, at most 500"),
        (_function(61), "engine/x.py:1 function f of 61 lines, at most 60"),
        ("class C:\n" + "    x = 1\n" * 250, "engine/x.py:1 class C of 251 lines, at most 250"),
        (
            "".join(f"from engine.m{number} import x\n" for number in range(13)),
            "engine/x.py:1 imports 13 own modules, at most 12",
        ),
        ("def f():\n    from engine import x\n", "engine/x.py:2 imports engine inside the function f"),
        ("def f():\n    import forms.schema\n", "engine/x.py:2 imports forms.schema inside the function f"),
    ],
)
def test_what_is_too_big_is_found(text: str, fault: str) -> None:
    assert _planted(too_big, "engine/x.py", text) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        "#\n" * 500,
        _function(60),
        _function(60, docstring='    """One.\n\n    Two.\n    """\n'),
        "def f():\n    import json\n",
    ],
)
def test_what_fits_its_budget_is_left_alone(text: str) -> None:
    assert _planted(too_big, "engine/x.py", text) == []


def test_generated_revisions_have_no_budget() -> None:
    assert _planted(too_big, "migrations/versions/0001.py", _function(400)) == []


# --- names ------------------------------------------------------------------------------------------------------------


def test_no_name_is_a_drawer() -> None:
    assert _faults(drawers, everything()) == ""


def test_the_word_task_never_stands_alone() -> None:
    assert _faults(bare_tasks, product()) == ""


@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("engine/utils.py", "", "engine/utils.py:1 the name 'utils' is a drawer"),
        ("engine/_common.py", "", "engine/_common.py:1 the name '_common' is a drawer"),
        ("web/date_helpers.py", "", "web/date_helpers.py:1 the name 'date_helpers' is a drawer"),
        ("web/services/inbox.py", "", "web/services/inbox.py:1 the name 'services' is a drawer"),
        ("engine/x.py", "class TaskManager: ...", "engine/x.py:1 the class name 'TaskManager' is a drawer"),
        ("engine/x.py", "class BaseCommand: ...", "engine/x.py:1 the class name 'BaseCommand' is a drawer"),
        ("engine/x.py", "class HTTPService: ...", "engine/x.py:1 the class name 'HTTPService' is a drawer"),
    ],
)
def test_a_drawer_is_found(path: str, text: str, fault: str) -> None:
    assert _planted(drawers, path, text) == [fault]


@pytest.mark.parametrize("name", ["ServiceTask", "ServiceRequested", "DataObject", "Database", "DecisionService"])
def test_a_field_word_that_contains_a_drawer_is_none(name: str) -> None:
    assert _planted(drawers, "engine/kernel/service_node.py", f"class {name}: ...") == []


@pytest.mark.parametrize(
    "text",
    ["task = 1", "for task in (): ...", "def f(task): ...", "def tasks(): ...", "class Task: ...", "self.task = 1"],
)
def test_the_bare_word_task_is_found(text: str) -> None:
    assert len(_planted(bare_tasks, "engine/kernel/x.py", text)) == 1
    assert _planted(bare_tasks, "engine/bpmn/second_opinion.py", text) == []
    assert _planted(bare_tasks, "engine/kernel/x.py", text.replace("ask", "ask_count")) == []


# --- calls ------------------------------------------------------------------------------------------------------------


def test_dangerous_calls_stay_in_their_homes() -> None:
    assert _faults(forbidden_calls, product()) == ""


def test_no_test_waits_by_the_clock() -> None:
    waits_for_a_server = "tests/servers.py"
    tests = [source for source in everything() if source.is_in("tests") and source.path != waits_for_a_server]
    assert _faults(sleeps, tests) == ""


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("eval('1')", None),
        ("exec('1')", None),
        ("compile('1', '', 'eval')", None),
        ("__import__('os')", None),
        ("import pickle", None),
        ("from pickle import loads", None),
        ("import xml.etree.ElementTree", None),
        ("from xml.dom import minidom", None),
        ("lxml.etree.parse(file)", "engine/xml/parser.py"),
        ("etree.fromstring(text)", "engine/xml/parser.py"),
        ("etree.XMLParser()", "engine/xml/parser.py"),
        ("parser.add_bpmn_file('x.bpmn')", None),
        ("subprocess.run('ls', shell=True)", None),
        ("subprocess.run('ls', shell=wanted)", None),
        ("os.system('ls')", None),
        ("connection.commit()", "engine/dispatcher.py"),
        ("self._session.commit()", "engine/dispatcher.py"),
        ("datetime.now(UTC)", "engine/model/clock.py"),
        ("datetime.datetime.utcnow()", "engine/model/clock.py"),
        ("date.today()", "engine/model/clock.py"),
        ("time.time()", "engine/model/clock.py"),
        ("sqlalchemy.func.now()", "engine/model/clock.py"),
        ("Markup('<b>')", None),
    ],
)
def test_a_dangerous_call_is_found_outside_its_home(text: str, home: str | None) -> None:
    assert len(_planted(forbidden_calls, "engine/kernel/x.py", text)) == 1
    assert home is None or _planted(forbidden_calls, home, text) == []


@pytest.mark.parametrize(
    "text", ["re.compile('x')", "clock.now()", "time.monotonic()", "subprocess.run(['ls'], shell=False)", "parse(text)"]
)
def test_a_harmless_call_is_left_alone(text: str) -> None:
    assert _planted(forbidden_calls, "engine/kernel/x.py", text) == []


def test_a_test_that_sleeps_is_found() -> None:
    assert len(_planted(sleeps, "tests/x.py", "import time\ntime.sleep(1)")) == 1


def test_templates_and_scripts_neither_switch_escaping_off_nor_run_text() -> None:
    faults = []
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if name.startswith("web/") and path.suffix in (".html", ".js", ".mjs"):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
                faults += [f"{name}:{number} {word}" for word in _DANGEROUS_IN_PAGES if word in line.replace(" ", "")]
    assert faults == []


_DANGEROUS_IN_PAGES = ("|safe", "autoescapefalse", "eval(", "newFunction(", "document.write(")


# --- libraries --------------------------------------------------------------------------------------------------------


def test_every_library_stays_in_its_home() -> None:
    assert _faults(strangers, product()) == ""


@pytest.mark.parametrize(
    ("path", "text", "faults"),
    [
        ("engine/kernel/x.py", "import sqlalchemy", 1),
        ("engine/kernel/x.py", "from SpiffWorkflow.bpmn import specs", 1),
        ("engine/commands/x.py", "from flask import request", 1),
        ("web/x.py", "from flask import request", 0),
        ("engine/store/x.py", "from sqlalchemy.orm import Session", 0),
        ("web/x.py", "import requests", 1),
        ("engine/kernel/x.py", "import json, decimal", 0),
    ],
)
def test_a_library_outside_its_home_is_found(path: str, text: str, faults: int) -> None:
    assert len(_planted(strangers, path, text)) == faults


# --- circles ----------------------------------------------------------------------------------------------------------


def test_no_modules_import_one_another_in_a_circle() -> None:
    assert first_circle(imports_of(*ROOMS)) == []


def test_a_circle_is_found_even_where_one_import_is_for_typing_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "planted_circle"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "one.py").write_text("from planted_circle import two\n")
    (package / "two.py").write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from planted_circle.one import x\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    circle = first_circle(imports_of("planted_circle"))

    assert set(circle) == {"planted_circle.one", "planted_circle.two"}
    assert circle[0] == circle[-1]


# --- addresses --------------------------------------------------------------------------------------------------------


def test_no_committed_file_names_a_registry_or_a_machine() -> None:
    faults = []
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        content = path.read_bytes()
        if b"\0" not in content[:8000] and not name.startswith("tests/architecture/"):
            faults += forbidden_words(name, content.decode("utf-8", "replace"))
    assert faults == []


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("README.md", "pip install --index-url https://pypi" + ".org/simple"),
        (".npmrc", "registry=https://registry" + ".npmjs.org/"),
        ("docs/x.md", "see /ro" + "ot/notes/plan.md"),
        ("requirements.lock", "--index-url somewhere"),
        ("package-lock.json", '"funding": {"url": "https://example.org"}'),
    ],
)
def test_a_forbidden_address_is_found(path: str, line: str) -> None:
    assert len(list(forbidden_words(path, line))) == 1


@pytest.mark.parametrize("line", ["https://www.omg.org/spec/BPMN/2.0", "`/api/v1/rooted/x`", "var/work/x", "GET /work"])
def test_other_addresses_are_left_alone(line: str) -> None:
    assert list(forbidden_words("README.md", line)) == []
