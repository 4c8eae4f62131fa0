"""Generated diagrams without loops, built of blocks, and what must be given to run through them.

Conditions read variables that are given at the start and never written: where branches run side by side,
SpiffWorkflow hands each its own copy of the data, and what one branch writes the other does not see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from tests.engine.bpmn.diagrams import definitions, flow


@dataclass(frozen=True)
class Block:
    """A piece of a diagram with one way in and one way out."""

    #: user | script | sequence | exclusive | parallel | inclusive | sub-process | call
    kind: str
    inner: tuple[Block, ...] = ()
    #: Exclusive: which branch is taken. Inclusive: which conditions hold.
    chosen: tuple[int, ...] = ()


@dataclass
class Drawn:
    """A diagram with the variables that steer it."""

    processes: list[str] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    _count: int = 0

    @property
    def xml(self) -> bytes:
        """The main process, which is drawn last, in a file of its own."""
        return definitions(self.processes[-1])

    @property
    def called(self) -> list[bytes]:
        return [definitions(each) for each in self.processes[:-1]]

    def number(self) -> int:
        self._count += 1
        return self._count


def blocks() -> st.SearchStrategy[Block]:
    """Blocks up to some 25 nodes, nested at most four deep."""
    simple = st.sampled_from(["user", "user", "script"]).map(Block)

    def grow(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
        several = st.lists(inner, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            several.map(lambda parts: Block("sequence", parts)),
            several.map(lambda parts: Block("parallel", parts)),
            several.flatmap(
                lambda parts: st.integers(0, len(parts) - 1).map(lambda index: Block("exclusive", parts, (index,)))
            ),
            several.flatmap(
                lambda parts: st.lists(st.integers(0, len(parts) - 1), unique=True, max_size=len(parts)).map(
                    lambda indices: Block("inclusive", parts, tuple(indices))
                )
            ),
            inner.map(lambda part: Block("sub-process", (part,))),
            inner.map(lambda part: Block("call", (part,))),
        )

    return st.recursive(simple, grow, max_leaves=8)


def draw(block: Block) -> Drawn:
    """The diagram of a block between a start and an end event."""
    drawn = Drawn()
    content = _scope(block, drawn, "main")
    drawn.processes.append(f'<process id="main" isExecutable="true">{content}</process>')
    return drawn


def _scope(block: Block, drawn: Drawn, name: str) -> str:
    first, last, content = _RENDERERS[block.kind](block, drawn)
    start, end = f"{name}_start", f"{name}_end"
    events = f'<startEvent id="{start}"/><endEvent id="{end}"/>'
    return events + content + flow(start, first) + flow(last, end)


def _user(block: Block, drawn: Drawn) -> tuple[str, str, str]:
    name = f"u{drawn.number()}"
    return name, name, f'<userTask id="{name}"/>'


def _script(block: Block, drawn: Drawn) -> tuple[str, str, str]:
    number = drawn.number()
    drawn.variables[f"g{number}"] = Decimal(number)
    script = f'<script>{{w{number}: g{number} * 2, t{number}: if w{number} &gt; 3 then "big" else "small"}}</script>'
    return f"s{number}", f"s{number}", f'<scriptTask id="s{number}" scriptFormat="feel">{script}</scriptTask>'


def _sequence(block: Block, drawn: Drawn) -> tuple[str, str, str]:
    parts = [_RENDERERS[part.kind](part, drawn) for part in block.inner]
    flows = "".join(flow(one[1], other[0]) for one, other in pairwise(parts))
    return parts[0][0], parts[-1][1], "".join(part[2] for part in parts) + flows


def _gateways(
    block: Block, drawn: Drawn, kind: str, condition: Callable[[int, int], str | None]
) -> tuple[str, str, str]:
    """A split and a join around the branches; the branch without condition is the default one."""
    number = drawn.number()
    split, join = f"split{number}", f"join{number}"
    pieces: list[str] = []
    default = ""
    for index, part in enumerate(block.inner):
        first, last, content = _RENDERERS[part.kind](part, drawn)
        text = condition(number, index)
        identifier = f"f{number}_{index}"
        if text is None and kind != "parallelGateway":
            default = f' default="{identifier}"'
        pieces.append(content + flow(split, first, text, name=identifier) + flow(last, join))
    return split, join, f'<{kind} id="{split}"{default}/><{kind} id="{join}"/>' + "".join(pieces)


def _parallel(block: Block, drawn: Drawn) -> tuple[str, str, str]:
    return _gateways(block, drawn, "parallelGateway", lambda number, index: None)


def _exclusive(block: Block, drawn: Drawn) -> tuple[str, str, str]:
    """Branch by number; the last one is the default."""
    before = drawn._count + 1
    drawn.variables[f"x{before}"] = Decimal(block.chosen[0])
    last = len(block.inner) - 1
    return _gateways(
        block, drawn, "exclusiveGateway", lambda number, index: None if index == last else f"x{number} = {index}"
    )


def _inclusive(block: Block, drawn: Drawn) -> tuple[str, str, str]:
    """Each branch has a condition of its own but the last, the default: it is taken when none holds."""
    before = drawn._count + 1
    last = len(block.inner) - 1
    for index in range(last):
        drawn.variables[f"i{before}_{index}"] = index in block.chosen
    return _gateways(
        block, drawn, "inclusiveGateway", lambda number, index: None if index == last else f"i{number}_{index}"
    )


def _sub_process(block: Block, drawn: Drawn) -> tuple[str, str, str]:
    name = f"sub{drawn.number()}"
    return name, name, f'<subProcess id="{name}">{_scope(block.inner[0], drawn, name)}</subProcess>'


def _call(block: Block, drawn: Drawn) -> tuple[str, str, str]:
    """A called process gets everything and gives one variable back."""
    name = f"call{drawn.number()}"
    content = _scope(block.inner[0], drawn, name)
    drawn.processes.append(f'<process id="{name}_process" isExecutable="true">{content}</process>')
    mapping = (
        f'<camunda:in variables="all"/><camunda:out sourceExpression="= &quot;{name} done&quot;" target="r_{name}"/>'
    )
    extensions = f"<extensionElements>{mapping}</extensionElements>"
    return name, name, f'<callActivity id="{name}" calledElement="{name}_process">{extensions}</callActivity>'


_RENDERERS: dict[str, Callable[[Block, Drawn], tuple[str, str, str]]] = {
    "user": _user,
    "script": _script,
    "sequence": _sequence,
    "parallel": _parallel,
    "exclusive": _exclusive,
    "inclusive": _inclusive,
    "sub-process": _sub_process,
    "call": _call,
}
