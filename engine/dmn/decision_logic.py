"""Gives a decision its logic, and tells what it reads beside what it declares."""

from __future__ import annotations

from engine.dmn.analysis import Finding
from engine.dmn.boxed import compile_logic
from engine.dmn.linking import DecisionNode
from engine.dmn.reads import paths_read
from engine.dmn.remarks import of_undeclared_names
from engine.dmn.sources import Compilation
from engine.dmn.undeclared import types_of, undeclared_names


def compile_decision(node: DecisionNode, compilation: Compilation) -> tuple[Finding, ...]:
    """Fill in the logic and what it reads; remarks on names that nothing declares."""
    logic = node.element.logic
    if logic is None:
        return ()
    node.logic = compile_logic(logic, node.names, compilation)
    names = undeclared_names(node, compilation)
    if not node.inputs:
        node.undeclared = types_of(names, compilation.types)
    declared = [required.name for required in node.inputs if not required.under]
    node.reads = paths_read(logic, (*declared, *node.undeclared))
    return tuple(of_undeclared_names(node, names))
