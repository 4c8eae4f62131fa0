"""How big things may grow: the worst file is looked at, not the median."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.architecture.sources import BESIDES, EXEMPT_FROM_SIZE, ROOMS, Source

FILE_LINES = 500
#: Without the docstring.
FUNCTION_LINES = 60
CLASS_LINES = 250
#: Modules of our own that one file of a room may import.
OWN_IMPORTS = 12
#: A stage of a test or a measurement puts the whole house together.
STAGES = ("tests/", "benchmarks/")

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def too_big(source: Source) -> Iterator[str]:
    """Each thing over its budget, as "path:line what".

    A file 500 lines, a function 60, a class 250; 12 own modules imported (a package's face gathers as many as it has,
    and so does a stage), and none of them inside a function.
    """
    if source.path.startswith(EXEMPT_FROM_SIZE):
        return
    lines = source.text.count("\n")
    if lines > FILE_LINES:
        yield f"{source.path}:1 file of {lines} lines, at most {FILE_LINES}"
    own = {module for module, _ in _own_imports(source.tree)}
    is_face = source.path.endswith("/__init__.py")
    if not is_face and not source.path.startswith(STAGES) and len(own) > OWN_IMPORTS:
        yield f"{source.path}:1 imports {len(own)} own modules, at most {OWN_IMPORTS}"
    for node in ast.walk(source.tree):
        if isinstance(node, _FUNCTIONS):
            yield from _function_faults(source, node)
        elif isinstance(node, ast.ClassDef) and _length(node) > CLASS_LINES:
            yield f"{source.path}:{node.lineno} class {node.name} of {_length(node)} lines, at most {CLASS_LINES}"


def _function_faults(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    length = _length(node) - _docstring_length(node)
    if length > FUNCTION_LINES:
        yield f"{source.path}:{node.lineno} function {node.name} of {length} lines, at most {FUNCTION_LINES}"
    for module, line in _own_imports(node):
        yield f"{source.path}:{line} imports {module} inside the function {node.name}"


def _own_imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.level or _is_own(node.module or "")):
            yield "." * node.level + (node.module or ""), node.lineno
        elif isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names if _is_own(alias.name))


def _is_own(module: str) -> bool:
    return module.split(".")[0] in (*ROOMS, *BESIDES)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def _docstring_length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    if ast.get_docstring(node, clean=False) is None:
        return 0
    docstring = node.body[0]
    return (docstring.end_lineno or docstring.lineno) - docstring.lineno + 1
