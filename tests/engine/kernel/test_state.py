"""States as values: plain data, overlays, size."""

from __future__ import annotations

import json
import sys
from decimal import Decimal
from typing import Any

from engine.kernel import apply, changes
from engine.kernel.parts import OverlaidParts, overlay
from engine.kernel.state import Part, PartKind
from tests.builders import ProcessBuilder, many, message, timer
from tests.playing import Deployed, Play, environment


def part(number: int) -> Part:
    return Part(number, PartKind.BRANCH, "p:1", "K", None)


def test_a_part_survives_plain_data() -> None:
    process = (
        ProcessBuilder("p").start().parallel("split").user_task("a", inputs={"x": "1"}).catch("m", message("paid"))
    )
    process.boundary("t", "a", timer("P1D")).sub_process("sub", loop=many("[1, 2]", element="n"))
    process.start("s", inside="sub").user_task("b", inside="sub").chain("s", "b")
    process.script("broken", "1").chain("start", "split", "a").chain("split", "m").chain("split", "sub")
    running = Play(process.chain("split", "broken").build()).start(amount=Decimal("1.50"))
    found = running.state.parts[0]
    assert Part.from_plain(found.to_plain()) == found
    # plain: nothing but lists, dicts, text, whole numbers and FEEL values
    text = json.dumps(found.to_plain(), default=lambda value: {"feel": str(value)})
    assert "1.50" in text


def test_a_small_state_is_a_plain_dict_and_a_big_one_is_overlaid() -> None:
    small = {1: part(1)}
    assert overlay(small, {2: part(2), 1: None}) == {2: part(2)}
    big = {number: part(number) for number in range(100)}
    laid = overlay(big, {100: part(100), 5: None})
    assert isinstance(laid, OverlaidParts)
    assert len(laid) == 100
    assert 5 not in laid and 100 in laid and 7 in laid
    assert laid.get(5) is None and laid[100] == part(100)
    assert set(laid) == set(range(101)) - {5}
    assert laid.base is big and laid.written == {100: part(100), 5: None}


def test_an_overlay_does_not_grow_with_the_steps() -> None:
    parts: Any = {number: part(number) for number in range(1_000)}
    first = parts
    for step in range(1_000):
        parts = overlay(parts, {step: None, 1_000 + step: part(1_000 + step)})
        if isinstance(parts, OverlaidParts):
            assert len(parts.written) <= 64
    assert set(parts) == set(range(1_000, 2_000))
    assert set(first) == set(range(1_000))


def test_a_foreign_mapping_is_kept_below_and_never_gone_through() -> None:
    class Stored(dict):
        def __iter__(self):
            raise AssertionError("gone through")

    class Foreign(OverlaidParts):
        pass

    stored = Foreign(Stored({1: part(1)}), {})
    laid = overlay(stored, {2: part(2)})
    assert laid[1] == part(1) and laid[2] == part(2)


def shape(plain: Any) -> Any:
    """Plain data without the numbers that only ever grow."""
    if isinstance(plain, list):
        return [shape(each) for each in plain]
    if isinstance(plain, dict):
        return {key: shape(value) for key, value in plain.items()}
    return 0 if isinstance(plain, int) else plain


def looping() -> ProcessBuilder:
    process = ProcessBuilder("p").start().exclusive("again").parallel("split").user_task("a").user_task("b")
    process.boundary("late", "b", timer("P1D")).end("late_end").parallel("join").exclusive("done?").end()
    process.chain("start", "again", "split", "a", "join", "done?", "end", when="done").chain("late", "late_end")
    return process.chain("split", "b", "join").chain("done?", "again", default=True)


def test_ten_thousand_rounds_leave_a_state_of_equal_size_and_cost_the_same() -> None:
    """Cost is counted in calls, which no other load on the machine can change."""
    graph = looping().build()
    graphs, env = Deployed([graph]), environment()
    state = apply(
        graphs, None, changes.Start(graph_ref=graph.ref, business_key="K", variables={"done": False}), env
    ).state
    calls = 0

    def count(frame: Any, event: str, arg: Any) -> None:
        nonlocal calls
        calls += event == "call"

    costs: dict[int, int] = {}
    sizes: dict[int, Any] = {}
    for number in range(10_000):
        is_measured = number in (10, 9_999)
        calls = 0
        sys.setprofile(count if is_measured else None)
        for _ in range(2):
            token = min(state.parts[0].tokens)
            change = changes.Complete(part=0, token=token, variables={"round": Decimal(number % 10)})
            state = apply(graphs, state, change, env).state
        sys.setprofile(None)
        costs[number] = calls
        if is_measured:
            sizes[number] = shape(state.parts[0].to_plain())
    assert costs[10] == costs[9_999]
    assert len(json.dumps(sizes[10], default=str)) == len(json.dumps(sizes[9_999], default=str))


def test_states_before_stay_as_they_were() -> None:
    """Any state can be gone on from again: what-if, replay and soundness rest on it."""
    graph = looping().build()
    graphs, env = Deployed([graph]), environment()
    before = apply(
        graphs, None, changes.Start(graph_ref=graph.ref, business_key="K", variables={"done": False}), env
    ).state
    plain = before.parts[0].to_plain()
    tokens = list(before.parts[0].tokens)
    first = apply(graphs, before, changes.Complete(part=0, token=tokens[0], variables={"done": True}), env)
    second = apply(graphs, before, changes.Complete(part=0, token=tokens[1]), env)
    again = apply(graphs, before, changes.Complete(part=0, token=tokens[0], variables={"done": True}), env)
    assert before.parts[0].to_plain() == plain
    assert first == again and first != second
