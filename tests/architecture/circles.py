"""Circles among modules: whoever reads one of them has to read all."""

from __future__ import annotations

import graphlib
from collections.abc import Iterable, Mapping

import grimp


def first_circle(imports: Mapping[str, Iterable[str]]) -> list[str]:
    """A circle, each module importing the next and the last being the first again; empty if there is none."""
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        return list(reversed(error.args[1]))
    return []


def imports_of(*packages: str) -> dict[str, set[str]]:
    """Which module imports which, among these packages; imports for typing count."""
    graph = grimp.build_graph(*packages, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in sorted(graph.modules)}
