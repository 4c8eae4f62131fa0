"""The command line: help everywhere, exit codes, and what each command does to an installation."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from api.cli import cli, command_names, main
from tests.api.district import CONTENT, PASSWORD
from tests.api.rest.diagrams import RECTIFICATION


@pytest.fixture
def run(tmp_path):
    """Run one command on the installation of this test."""

    def run(*arguments: str, stdin: str = "") -> Result:
        environment = {"BIHUAN_VAR_DIR": str(tmp_path / "var"), "BIHUAN_LANGUAGE": "en", "BIHUAN_SECOND_OPINION": "off"}
        return CliRunner().invoke(cli, arguments, input=stdin, env=environment, standalone_mode=False)

    return run


@pytest.fixture
def run_main(tmp_path, monkeypatch, capsys):
    """Run one command as the shell does; gives exit code and what it printed on standard error."""

    def run(*arguments: str, language: str = "en") -> tuple[int, str]:
        monkeypatch.setenv("BIHUAN_VAR_DIR", str(tmp_path / "var"))
        monkeypatch.setenv("BIHUAN_LANGUAGE", language)
        monkeypatch.setenv("BIHUAN_SECOND_OPINION", "off")
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        return left.value.code, capsys.readouterr().err

    return run


def commands(group=cli, path=()):
    """Every command with its path."""
    context = click.Context(group)
    for name in group.list_commands(context):
        yield (*path, name)
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize("path", [(), *commands()], ids=" ".join)
def test_every_command_explains_itself(path):
    result = CliRunner().invoke(cli, [*path, "--help"])

    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")
    assert len(result.output.splitlines()) > 3


def test_units_and_people_come_from_a_file_and_log_in_with_a_password(run, tmp_path):
    file = tmp_path / "organisation.json"
    file.write_text(json.dumps(CONTENT), encoding="utf-8")

    imported = run("organisation", "import", str(file))
    listed = run("user", "list")
    password = run("user", "password", "edu.perf", "--stdin", stdin=f"{PASSWORD}\n")

    assert imported.stdout == "12 units, 16 users, 16 posts\n"
    assert "edu.perf             教育局绩效经办  [dept_perf@21]\n" in listed.stdout
    assert password.stdout == "edu.perf: password set\n"


def test_accounts_are_opened_given_posts_and_closed(run, tmp_path):
    file = tmp_path / "organisation.json"
    file.write_text(json.dumps(CONTENT), encoding="utf-8")
    run("organisation", "import", str(file))

    added = run("user", "add", "new.one", "--title", "新人", "--unit", "21", "--role", "dept_perf")
    post = run("user", "post", "new.one", "--role", "unit_head", "--unit", "2102", "--from", "2020-01-01")
    listed = run("user", "list").stdout
    run("user", "close", "new.one")

    assert (added.stdout, post.output) == ("new.one: open\n", "new.one: unit_head@2102\n")
    assert "[dept_perf@21, unit_head@2102]" in listed
    assert "new.one" not in run("user", "list").stdout


def test_a_refusal_tells_every_fault_and_leaves_with_1(run_main, tmp_path):
    code, told = run_main("user", "add", "New One", "--title", "x", "--unit", "99")

    assert code == 1
    assert told == (
        "Unsound content: Expected a login key like [a-z0-9][a-z0-9_.-]{0,99}, but found 'New One'. Expected a known "
        "unit, but found '99'.\n"
        "  New One: Expected a login key like [a-z0-9][a-z0-9_.-]{0,99}, but found 'New One'.\n"
        "  99: Expected a known unit, but found '99'.\n"
    )


def test_unsound_settings_are_told_before_anything_is_made(run_main, tmp_path):
    code, told = run_main("serve", "--port", "http")

    assert code == 2
    assert "Expected a whole number from 0 to 65535 for port, but found 'http'." in told
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("url", "code", "told"),
    [
        ("foo://x", 2, "database_url: 设置项“database_url”应为 sqlite:///路径 或 postgresql+psycopg://用户@主机/库名。"),
        ("nonsense", 2, "database_url: 设置项“database_url”应为 sqlite:///路径 或 postgresql+psycopg://用户@主机/库名。"),
        ("postgresql+psycopg://u:hidden@h:port/x", 2, "postgresql+psycopg://用户@主机/库名。"),
        ("mysql://u:hidden@localhost/x", 2, "postgresql+psycopg://用户@主机/库名。"),
        ("postgresql+psycopg://u:hidden@127.0.0.1:1/x", 3, "无法连接数据库 postgresql+psycopg://u:***@127.0.0.1:1/x（"),
        (
            "sqlite:////nowhere/at/all.sqlite3",
            3,
            "无法打开数据库文件 sqlite:////nowhere/at/all.sqlite3：请确认其所在文件夹存在并可写。\n",
        ),
        ("sqlite:///{}/text", 3, "/text 不是数据库文件，或已损坏：请用 --var-dir 或 --database-url 指定其他位置。\n"),
        ("sqlite:///file:{}/empty?mode=ro&uri=true", 3, "只读：请确认文件及其所在文件夹可写。\n"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(run_main, tmp_path, url, code, told):
    (tmp_path / "text").write_text("no database\n" * 1000, encoding="ascii")
    sqlite3.connect(tmp_path / "empty").close()

    left, said = run_main("user", "list", "--database-url", url.format(tmp_path), language="zh")

    assert (left, told in said, "Traceback" in said, "hidden" in said) == (code, True, False, False), said
    assert code == 2 or said.count("\n") == 1


def test_a_var_folder_that_cannot_be_made_is_told_in_a_sentence(run_main, tmp_path):
    (tmp_path / "taken").touch()

    for folder, reason in (("/proc/nope", "No such file or directory"), (str(tmp_path / "taken"), "File exists")):
        assert run_main("user", "list", "--var-dir", folder) == (
            3,
            f"Expected a folder at {folder} that can be written (--var-dir), but found: {reason}.\n",
        )
        assert run_main("user", "list", "--var-dir", folder, language="zh") == (
            3,
            f"无法使用数据目录 {folder}（{reason}）：请用 --var-dir 指定一个可写的文件夹。\n",
        )


def test_the_launcher_lists_every_command():
    house = Path(__file__).parents[3]
    listed = subprocess.check_output([sys.executable, "bihuan", "--help"], cwd=house, text=True)

    names = {line.split()[0] for line in listed.splitlines() if line.startswith("  ") and line.strip()}
    assert names >= command_names() | {"test", "check", "setup"}


def test_wrong_usage_leaves_with_2(run_main):
    code, told = run_main("serve", "--colour", "red")

    assert code == 2
    assert "No such option '--colour'" in told


def test_files_are_deployed_and_unchanged_ones_keep_their_version(run, tmp_path):
    file = tmp_path / "plan.bpmn"
    file.write_bytes(RECTIFICATION.replace(b'id="rectification"', b'id="plan_only"'))

    first = run("deploy", str(file), "--comment", "first")
    again = run("deploy", str(file))

    assert first.stdout.splitlines()[0] == "process   plan_only:1  整改  (new)"
    assert again.stdout.splitlines()[0] == "process   plan_only:1  整改  (unchanged)"


def test_who_may_not_deploy_may_not_by_the_command_line_either(run_main, tmp_path):
    file = tmp_path / "plan.bpmn"
    file.write_bytes(RECTIFICATION)

    code, told = run_main("deploy", str(file), "--as", "nobody.here")

    assert (code, "Expected account 'nobody.here', but found none." in told) == (1, True)


def test_files_are_checked_without_an_installation(run, tmp_path):
    good, bad = tmp_path / "good.bpmn", tmp_path / "bad.bpmn"
    good.write_bytes(RECTIFICATION)
    bad.write_bytes(RECTIFICATION.replace(b'targetRef="end"', b'targetRef="nowhere"'))

    checked = run("check-definitions", str(good), str(bad))

    assert checked.return_value == 1
    assert f"{good}: rectification\n" in checked.stdout
    assert f"{bad}: refused\n" in checked.output
    assert not (tmp_path / "var").exists()


def test_the_server_answers_until_it_is_told_to_stop(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "BIHUAN_VAR_DIR": str(tmp_path / "var"), "PYTHONUNBUFFERED": "1"}
    root = Path(__file__).parents[3]
    process = subprocess.Popen(
        [sys.executable, "-m", "api.cli", "serve", "--port", str(port)],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        line = process.stdout.readline()
        assert line.startswith(f"http://127.0.0.1:{port} "), line or process.stderr.read()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez") as answer:
            assert json.load(answer) == {"status": "ok", "checks": {}}
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors


@pytest.mark.parametrize("command", ["demo", "serve"])
def test_a_taken_port_is_told_before_anything_is_prepared(run_main, tmp_path, command):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        status, said = run_main(command, "--port", str(port))

    assert status == 1
    assert f"to listen on 127.0.0.1:{port}, but found: Address already in use. Name another port: --port" in said
    assert not list((tmp_path / "var").rglob("*.sqlite3"))
