"""The servers of the tests are themselves tested: everything else stands on them."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser

from tests import servers

ROOT = Path(__file__).resolve().parent.parent


def _ask(url: str, question: str) -> object:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def test_a_database_of_a_test_is_empty_and_its_own(postgres_url: str, postgres_database_url: str) -> None:
    assert _ask(postgres_database_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert _ask(postgres_database_url, "SELECT current_database()") != _ask(postgres_url, "SELECT current_database()")
    assert int(str(_ask(postgres_url, "SHOW server_version_num"))) >= servers.POSTGRES_OLDEST * 10_000


def test_a_database_can_be_copied_from_a_template(postgres_url: str, postgres_database_url: str) -> None:
    with psycopg.connect(postgres_database_url.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE colour AS SELECT 'red' AS name")
    name = f"copy_{os.getpid()}"

    copy = servers.create_database(postgres_url, name, template=postgres_database_url.rsplit("/", 1)[1])

    assert _ask(copy, "SELECT name FROM colour") == "red"
    servers.drop_database(postgres_url, name)


def test_both_kinds_of_database_are_offered(database_url: str) -> None:
    assert database_url.split(":")[0] in {"sqlite", "postgresql+psycopg"}


@pytest.fixture
def own_server():
    try:
        server = servers.PostgresServer()
    except servers.Missing as missing:
        pytest.skip(str(missing))
    yield server
    server.remove()


def test_a_server_stopped_as_by_a_crash_comes_back_with_what_was_committed(own_server: servers.PostgresServer) -> None:
    own_server.start()
    assert _ask(own_server.url(), "SHOW fsync") == "on"
    with psycopg.connect(own_server.url().replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS one")

    own_server.stop(signal.SIGQUIT)
    own_server.start()

    assert _ask(own_server.url(), "SELECT one FROM kept") == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_a_server_dies_with_a_killed_owner_and_its_folder_is_swept_away(postgres_url: str) -> None:
    program = (
        "import sys, time\n"
        "from tests.servers import PostgresServer\n"
        "server = PostgresServer(fsync=False)\n"
        "server.start()\n"
        "print(server._folder, server._process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        folder, postgres = owner.stdout.readline().split()
        handle = os.pidfd_open(int(postgres))
        owner.kill()

    gone, _, _ = select.select([handle], [], [], 30)
    os.close(handle)
    assert gone, "PostgreSQL outlived its owner"
    servers.sweep_abandoned_folders()
    assert not Path(folder).exists()


def test_what_is_missing_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIHUAN_CHROMIUM", "/nowhere/chromium")

    with pytest.raises(servers.Missing) as refusal:
        servers.find_chromium()

    assert str(refusal.value) == (
        "Not here: Chromium (a browser for the page tests). To get it: sudo apt-get install chromium, "
        "or .venv/bin/python -m playwright install --with-deps chromium"
    )


def test_the_browser_shows_a_page_in_chinese(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<h1></h1><script>document.querySelector('h1').textContent = '闭' + '环'</script>")

    assert page.inner_text("h1") == "闭环"
    page.close()
