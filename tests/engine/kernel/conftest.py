"""Every scenario of the kernel runs twice: straight, and frozen and thawed after each step."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from tests.playing import Play


@pytest.fixture(params=[False, True], ids=["straight", "frozen"])
def play(request: pytest.FixtureRequest) -> Callable[..., Play]:
    """Makes a play of graphs."""
    return partial(Play, frozen=request.param)
