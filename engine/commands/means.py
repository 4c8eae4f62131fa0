"""What files are examined with before they are deployed, whether a database is open or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.bpmn import KnownNames
from engine.bpmn.second_opinion import Stage
from engine.feel import FeelFunction


@dataclass(frozen=True, kw_only=True)
class Means:
    """The house around the files."""

    #: Functions every expression may call beside the built-in ones, by name.
    functions: Mapping[str, FeelFunction] = field(default_factory=dict[str, FeelFunction])
    #: Forms, roles, clauses and messages of programs; None = names are left alone.
    names: KnownNames | None = None
    #: Local services by name.
    services: frozenset[str] = frozenset()
    #: Where SpiffWorkflow plays; None = it is not asked.
    opinion_stage: Stage | None = None
