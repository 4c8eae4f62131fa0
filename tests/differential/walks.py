"""Walks through SpiffWorkflow's test models: the product's walker, with what the models' Python demands."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from engine.bpmn.opinion.comparable import concurrent_nodes
from engine.bpmn.opinion.walks import Walker
from engine.kernel.graph import Graph
from tests.differential.adapted import Adapted


class ModelWalker(Walker):
    """Services and decisions answer nothing; variables begin with a value for every name of the models' Python."""

    def __init__(self, graphs: Mapping[str, Graph], key: str, chance: random.Random, models: Sequence[Adapted]) -> None:
        super().__init__(graphs, key, chance)
        self._written = {name for model in models for name in model.written}
        self._given = {name: Decimal(1) for model in models for name in sorted(model.outputs)}
        begun: dict[str, Any] = {name: Decimal(1) for model in models for name in sorted(model.names) if name}
        begun.update({name: "text" for model in models for name in sorted(model.texts)})
        begun.update(super().values())
        begun.update(
            {name: [Decimal(1), Decimal(2), Decimal(3)] for model in models for name in sorted(model.collections)}
        )
        self._begun = begun
        self._carried = {name: begun[name] for model in models for name in sorted(model.keys)}
        self._has_branches = any(concurrent_nodes(graph) for graph in graphs.values())

    def begins_with(self) -> dict[str, Any]:
        return self._begun

    def brought_by_message(self, element_id: str) -> dict[str, Any]:
        """What its correlation reads."""
        return self._carried

    def brought_by_person(self, element_id: str) -> dict[str, Any]:
        """What SpiffWorkflow demands of the step, and new values for what conditions read and scripts leave alone."""
        if self._has_branches:
            return self._given
        return self._given | {name: value for name, value in self.values().items() if name not in self._written}

    def answers(self) -> dict[str, tuple[Mapping[str, Any], ...]]:
        return {}

    def decisions(self) -> dict[str, tuple[Any, ...]]:
        return {"decision": ({},)}
