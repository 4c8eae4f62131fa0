"""BPMN execution: pure. (graphs, state, change) -> (state, events). Standard library and FEEL only."""

from engine.kernel.stepping import Outcome, apply

__all__ = ["Outcome", "apply"]
