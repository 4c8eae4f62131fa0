"""Identifiers: RFC 9562 version 7, in the order they were made, and none twice."""

from __future__ import annotations

import os
import threading
from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest

from engine.model.identifiers import Uuid7Source

NOW = datetime(2026, 9, 15, 1, 2, 3, 456_789, tzinfo=UTC)


def test_an_id_is_a_version_7_uuid_of_its_millisecond() -> None:
    made = UUID(Uuid7Source().make(NOW))
    assert (made.version, made.variant) == (7, RFC_4122)
    assert made.int >> 80 == int(NOW.timestamp() * 1000)


def test_ids_are_written_as_others_write_them() -> None:
    made = Uuid7Source().make(NOW)
    assert made == str(UUID(made))


@pytest.mark.parametrize(
    "step", [timedelta(0), timedelta(milliseconds=1), timedelta(milliseconds=-1)], ids=["stands", "runs", "runs back"]
)
def test_ids_sort_as_they_were_made_whatever_the_clock_does(step: timedelta) -> None:
    source = Uuid7Source()
    made = [source.make(NOW + number * step) for number in range(10_000)]
    assert made == sorted(set(made))


def test_threads_are_never_given_the_same_id() -> None:
    source, made = Uuid7Source(), set[str]()

    def make_many() -> None:
        made.update([source.make(NOW) for _ in range(5_000)])

    threads = [threading.Thread(target=make_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 20_000


def test_the_chance_in_ids_is_not_the_same_in_two_sources() -> None:
    ends = {Uuid7Source().make(NOW)[19:] for _ in range(1_000)}
    assert len(ends) == 1_000


def test_a_process_that_is_split_off_draws_its_own_chance() -> None:
    source = Uuid7Source()
    source.make(NOW)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, source.make(NOW).encode())
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(reading, 36).decode()
    os.close(reading)
    os.close(writing)
    ours = source.make(NOW)
    assert (ours[:18], len(theirs)) == (theirs[:18], 36)
    assert ours[19:] != theirs[19:]
