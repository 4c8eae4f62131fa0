"""Decisions: reads DMN files, answers with the matched rules, explains, and tells the weaknesses of a table.

model = read_decisions(xml)
answer = model.decisions["R03"].evaluate({"score": Decimal("89.99"), "rule": thresholds})
answer.value                     # "良"
answer.matched_rules[0].basis    # "HB18 art.4"
"""

from engine.dmn.analysis import Finding, FindingKind
from engine.dmn.answer import Answer, DecisionFailed, MatchedRule
from engine.dmn.compiler import read_decisions
from engine.dmn.configured import nested_context
from engine.dmn.decisions import Decision, DecisionModel, DecisionService, InputNeeded
from engine.dmn.folder import read_with_imports
from engine.dmn.places import InvalidDecisions

__all__ = [
    "Answer",
    "Decision",
    "DecisionFailed",
    "DecisionModel",
    "DecisionService",
    "Finding",
    "FindingKind",
    "InputNeeded",
    "InvalidDecisions",
    "MatchedRule",
    "nested_context",
    "read_decisions",
    "read_with_imports",
]
