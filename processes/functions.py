"""FEEL functions that packages bring: every expression of the house may call them, whichever package it stands in.

Apart from the catalogue, because an expression can be evaluated without diagrams, handlers and tables.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.feel import FeelFunction
from processes.budget_performance import functions as budget_performance

#: By key of the package.
FUNCTIONS_OF_PACKAGES: Mapping[str, Mapping[str, FeelFunction]] = {
    "budget_performance": budget_performance.FUNCTIONS,
}
