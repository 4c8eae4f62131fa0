"""What every test may ask for: databases, a browser; and the rule that a skip is a failure where all is required."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import machine, servers

#: For Chromium: without a sandbox because tests may run as root, without calls home because nobody answers.
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def all_is_required() -> bool:
    """`./bihuan test --require-all`: nothing may be skipped."""
    return os.environ.get("BIHUAN_TEST_REQUIRE_ALL") == "1"


def _skip(missing: servers.Missing) -> pytest.skip.Exception:
    return pytest.skip.Exception(str(missing))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Address of a PostgreSQL server's maintenance database, as a superuser. Skips where there is no PostgreSQL.

    `./bihuan test` starts one server for all workers (BIHUAN_TEST_POSTGRES); a bare pytest starts its own.
    """
    given = os.environ.get("BIHUAN_TEST_POSTGRES")
    if given:
        yield given
        return
    try:
        with servers.postgres_server(fsync=False) as server:
            yield server.url()
    except servers.Missing as missing:
        raise _skip(missing) from missing


@pytest.fixture
def postgres_database_url(postgres_url: str) -> Iterator[str]:
    """Address of an empty PostgreSQL database of this test alone."""
    name = f"test_{uuid.uuid4().hex}"
    yield servers.create_database(postgres_url, name)
    servers.drop_database(postgres_url, name)


@pytest.fixture
def sqlite_database_url(tmp_path: Path) -> str:
    """Address of a SQLite file of this test alone, not yet there."""
    return f"sqlite:///{tmp_path / 'bihuan.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of an empty database of this test alone; the test runs once on each kind."""
    fixture = {"sqlite": "sqlite_database_url", "postgresql": "postgres_database_url"}[request.param]
    return request.getfixturevalue(fixture)


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """A Chromium that can show Chinese, and that playwright can drive. Skips where there is none."""
    try:
        machine.let_playwright_use(machine.find_node())
        servers.require_chinese_font()
        return servers.find_chromium()
    except servers.Missing as missing:
        raise _skip(missing) from missing


@pytest.fixture(scope="session")
def browser(chromium_path: Path) -> Iterator[Browser]:
    """One Chromium for all tests of a worker: playwright cannot be started twice in a process."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=SWITCHES)
        yield opened
        opened.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    return _without_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector):
    return _without_skip((yield))


def _without_skip(report):
    """Where all is required, a skip is a failure that tells the reason of the skip. Expected failures stay."""
    if all_is_required() and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        reason = reason.removeprefix("Skipped: ")
        report.longrepr = f"Nothing may be skipped here (--require-all), but this was: {reason}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what the machine lacks, with the command that would bring it, just before the closing line."""
    skipped: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        skipped[reason] = skipped.get(reason, 0) + 1
    if skipped:
        terminalreporter.section("skipped", yellow=True)
        for reason, count in sorted(skipped.items()):
            terminalreporter.line(f"{count} skipped. {reason}", yellow=True)
