"""What lies upstream of an inclusive join."""

from __future__ import annotations

from engine.kernel.graph import Graph
from tests.builders import ProcessBuilder, link, timer


def upstream(graph: Graph, flow_id: str) -> set[str]:
    flow = next(flow for flow in graph.flows if flow.id == flow_id)
    return {graph.nodes[index].id for index in graph.upstream[flow.index]}


def test_each_incoming_flow_has_its_own_upstream() -> None:
    process = ProcessBuilder("p").start().inclusive("which").user_task("a").user_task("b").inclusive("join").end()
    process.chain("start", "which", "a", "join", "end").chain("which", "b", "join")
    graph = process.build()
    assert upstream(graph, "a>join") == {"a", "which", "start"}
    assert upstream(graph, "b>join") == {"b", "which", "start"}


def test_a_loop_does_not_lead_through_the_join_itself() -> None:
    process = ProcessBuilder("p").start().exclusive("again").inclusive("which").user_task("a").user_task("b")
    process.inclusive("join").exclusive("done?").end()
    process.chain("start", "again", "which", "a", "join", "done?", "end").chain("which", "b", "join").chain(
        "done?", "again"
    )
    assert upstream(process.build(), "a>join") == {"a", "which", "again", "start", "done?"}


def test_boundary_events_follow_their_activity_and_link_catches_their_throws() -> None:
    process = (
        ProcessBuilder("p").start().inclusive("which").user_task("a").throw("out", link("L")).catch("in", link("L"))
    )
    process.boundary("late", "a", timer("P1D")).inclusive("join").end()
    process.chain("start", "which", "a", "out").chain("in", "join", "end").chain("late", "join").chain("which", "join")
    graph = process.build()
    assert upstream(graph, "in>join") == {"in", "out", "a", "which", "start"}
    assert upstream(graph, "late>join") == {"late", "a", "which", "start"}


def test_other_gateways_have_none() -> None:
    process = ProcessBuilder("p").start().parallel("split").parallel("join").end()
    process.chain("start", "split", "join", "end").chain("split", "join")
    assert process.build().upstream == {}
