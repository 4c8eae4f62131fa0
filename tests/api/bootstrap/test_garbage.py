"""A process that stays lets the garbage collector look rarely."""

from __future__ import annotations

import gc

from api.bootstrap.garbage import YOUNGEST, collect_rarely


def test_what_is_set_up_is_set_aside_and_the_rest_looked_at_rarely() -> None:
    before = gc.get_threshold()
    try:
        collect_rarely()

        assert gc.get_threshold()[0] == YOUNGEST > before[0]
        assert gc.get_freeze_count() > 0
        assert gc.isenabled()
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
