"""Names that are drawers, and the word that says nothing here: "task" alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.architecture.sources import Source

#: A file, folder or class that ends with one of these grows for ever: say what lives there instead.
DRAWERS = {
    *("service", "services", "manager", "managers", "helper", "helpers", "util", "utils", "utility", "utilities"),
    *("common", "base", "misc", "data", "info"),
}
#: Words of the standards: DMN 1.5 names two of its elements so, and a service task is answered or fails.
FIELD_WORDS = {"InputData", "DecisionService", "AnswerService", "FailService"}
#: A user task, a service task; a step of SpiffWorkflow, a token of the kernel, a job of the scheduler.
BARE = {"task", "tasks", "Task", "Tasks"}
#: Here the word is SpiffWorkflow's own.
KNOWS_SPIFFWORKFLOW = ("engine.bpmn", "tests")

_WORD_OF_CLASS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[a-z0-9]+")


def drawers(source: Source) -> Iterator[str]:
    """File, folder and class names that are drawers."""
    for part in PurePosixPath(source.path).with_suffix("").parts:
        if part.strip("_").split("_")[-1] in DRAWERS:
            yield f"{source.path}:1 the name {part!r} is a drawer"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef) and node.name not in FIELD_WORDS:
            words = [word.lower() for word in _WORD_OF_CLASS.findall(node.name)]
            if words and (words[-1] in DRAWERS or words[0] == "base"):
                yield f"{source.path}:{node.lineno} the class name {node.name!r} is a drawer"


def bare_tasks(source: Source) -> Iterator[str]:
    """Whatever is called just "task" (or "tasks"): a variable, an argument, a field, a function, a class."""
    if source.is_in(*KNOWS_SPIFFWORKFLOW):
        return
    for node in ast.walk(source.tree):
        name, line = _defined_name(node)
        if name in BARE:
            yield f"{source.path}:{line} {name!r} alone: a user task, a service task, a step, a token or a job?"


def _defined_name(node: ast.AST) -> tuple[str | None, int]:
    """The name that a node gives to something, if it does, and its line."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name, node.lineno
    if isinstance(node, ast.arg):
        return node.arg, node.lineno
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        return node.id, node.lineno
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
        return node.attr, node.lineno
    return None, 0
