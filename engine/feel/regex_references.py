r"""Regular expressions with references to groups, `(a)\1`: the one thing that no engine with linear running time has.

Such a pattern becomes a small program that is run with backtracking. Each step is charged to the evaluation, so that a
pattern that would go on for ever is refused by its budget. All other patterns go to the engine behind the port, which
is also asked here what a single character is.

    (a|b)c*\1     save 0   split +1 +3   char a   jump +2   char b   save 1
                  split +1 +5   save 2   char c   progress 2   jump -4   reference 1   match
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeAlias

from engine.feel.budget import Run
from engine.feel.regex_syntax import Translator, UnsupportedPattern, without_space

#: What one step of a program costs in steps of an evaluation: about a microsecond.
STEP = 4
#: Instructions of one program, with repetitions written out.
MOST_INSTRUCTIONS = 5_000
#: Start and end of the whole match and of each group; (-1, -1) for a group that took no part.
Spans: TypeAlias = tuple[tuple[int, int], ...]
#: Whether a character is of a kind in RE2's syntax: ("[a-z]", "b").
IsOfKind: TypeAlias = Callable[[str, str], bool]

_REFERENCE = re.compile(r"(?<!\\)(?:\\\\)*\\[1-9]")
_COUNTS = re.compile(r"\{(\d{1,4})(,?)(\d{0,4})\}")
_UNSET = -1


class _Do(Enum):
    CHARACTER = auto()
    #: Try the first target, then the second; both, as of a jump, are counted from here.
    SPLIT = auto()
    JUMP = auto()
    SAVE = auto()
    #: Go on only if something was taken since the slot was saved: `(a*)*` must come to an end.
    PROGRESS = auto()
    REFERENCE = auto()
    START = auto()
    END = auto()
    MATCH = auto()


@dataclass(frozen=True, slots=True)
class _Step:
    do: _Do
    first: int = 0
    second: int = 0
    kind: str = ""


_Program: TypeAlias = list[_Step]


def has_reference(pattern: str, flags: str) -> bool:
    """Whether a pattern refers to a group."""
    return "q" not in flags and _REFERENCE.search(pattern) is not None


def find_with_references(run: Run, pattern: str, flags: str, text: str, is_of_kind: IsOfKind) -> Iterator[Spans]:
    """All matches from left to right, not overlapping.

    Raises:
        UnsupportedPattern: the pattern is none of XPath.
        FeelBudgetExceeded: it takes too many steps.
    """
    reader = _Reader(pattern, flags)
    machine = _Machine(reader.whole(), reader.groups, reader.slots, flags, is_of_kind)
    start = 0
    while start <= len(text):
        found = machine.match(run, text, start)
        if found is None:
            start += 1
            continue
        yield found
        start = max(found[0][1], start + 1) if found[0][0] == found[0][1] else found[0][1]


class _Reader:
    """Reads a pattern by recursive descent: ways, each a row of pieces, each repeated or not."""

    def __init__(self, pattern: str, flags: str) -> None:
        self._source = Translator(
            without_space(pattern) if "x" in flags else pattern,
            ignore_case="i" in flags,
            multi_line="m" in flags,
            dot_all="s" in flags,
        )
        self._flags = flags
        #: Slots of start and end of each group, in the order of their opening.
        self.groups: list[tuple[int, int]] = []
        #: Slots in all.
        self.slots = 0
        self._closed: set[int] = set()

    def whole(self) -> _Program:
        """The program. Raises UnsupportedPattern."""
        program = self._ways()
        if self._source.peek():
            raise UnsupportedPattern("')' without '('")
        return [*program, _Step(_Do.MATCH)]

    def _ways(self) -> _Program:
        way = self._row()
        if self._source.peek() != "|":
            return way
        self._source.next()
        other = self._ways()
        return self._sized([_Step(_Do.SPLIT, 1, len(way) + 2), *way, _Step(_Do.JUMP, len(other) + 1), *other])

    def _row(self) -> _Program:
        row: _Program = []
        while self._source.peek() not in ("", "|", ")"):
            row += self._repeated(self._piece())
        return self._sized(row)

    def _piece(self) -> _Program:
        source = self._source
        character = source.peek()
        if character == "(":
            return self._group()
        if character in ("^", "$"):
            source.next()
            return [_Step(_Do.START if character == "^" else _Do.END)]
        if character in ("*", "+", "?", "{", "}"):
            raise UnsupportedPattern(f"nothing stands before {character!r}")
        if character == "\\" and source.peek(1).isdigit():
            return [_Step(_Do.REFERENCE, self._number() - 1)]
        kind = source.piece()
        return [_Step(_Do.CHARACTER, kind=f"(?i){kind}" if "i" in self._flags else kind)]

    def _group(self) -> _Program:
        self._source.next()
        if self._source.peek() == "?":
            if self._source.peek(1) != ":":
                raise UnsupportedPattern("groups beginning with '(?' other than '(?:' are not allowed")
            self._source.next()
            self._source.next()
            inside = self._ways()
        else:
            start, end = self._slot(), self._slot()
            self.groups.append((start, end))
            number = len(self.groups)
            inside = [_Step(_Do.SAVE, start), *self._ways(), _Step(_Do.SAVE, end)]
            self._closed.add(number)
        if self._source.peek() != ")":
            raise UnsupportedPattern("'(' without ')'")
        self._source.next()
        return inside

    def _number(self) -> int:
        """The group a reference names: as many digits as name one that is closed (XPath and XQuery functions 7.6.1)."""
        self._source.next()
        number = int(self._source.next())
        while self._source.peek().isdigit() and 10 * number + int(self._source.peek()) <= len(self.groups):
            number = 10 * number + int(self._source.next())
        if number not in self._closed:
            raise UnsupportedPattern(f"there is no group {number} before the reference to it")
        return number

    def _repeated(self, piece: _Program) -> _Program:
        least, most = self._counts()
        is_lazy = (least, most) != (1, 1) and self._source.peek() == "?"
        if is_lazy:
            self._source.next()
        found = piece * least
        if most is None:
            return self._sized(found + self._loop(piece, is_lazy))
        rest: _Program = []
        for _ in range(most - least):
            self._sized(rest)
            rest = [self._choice(len(piece) + len(rest) + 1, is_lazy), *piece, *rest]
        return self._sized(found + rest)

    def _counts(self) -> tuple[int, int | None]:
        """How often at least and at most; None = without end."""
        character = self._source.peek()
        if character in ("*", "+", "?"):
            self._source.next()
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[character]
        if character != "{":
            return 1, 1
        counts = _COUNTS.match(self._source.pattern, self._source.index)
        if counts is None:
            raise UnsupportedPattern("'{' must be followed by counts of up to four digits and '}'")
        self._source.index = counts.end()
        least = int(counts[1])
        most = least if not counts[2] else int(counts[3]) if counts[3] else None
        if most is not None and most < least:
            raise UnsupportedPattern("the counts of a repetition are in the wrong order")
        return least, most

    def _loop(self, piece: _Program, is_lazy: bool) -> _Program:
        slot = self._slot()
        body = [_Step(_Do.SAVE, slot), *piece, _Step(_Do.PROGRESS, slot)]
        return [self._choice(len(body) + 2, is_lazy), *body, _Step(_Do.JUMP, -len(body) - 1)]

    @staticmethod
    def _choice(beyond: int, is_lazy: bool) -> _Step:
        return _Step(_Do.SPLIT, beyond, 1) if is_lazy else _Step(_Do.SPLIT, 1, beyond)

    def _slot(self) -> int:
        self.slots += 1
        return self.slots - 1

    @staticmethod
    def _sized(program: _Program) -> _Program:
        if len(program) > MOST_INSTRUCTIONS:
            raise UnsupportedPattern("with its repetitions it is too long")
        return program


class _Machine:
    """Runs a program over texts."""

    def __init__(
        self, program: _Program, groups: list[tuple[int, int]], slots: int, flags: str, is_of_kind: IsOfKind
    ) -> None:
        self._program = program
        self._groups = groups
        self._slots = slots
        self._ignores_case = "i" in flags
        self._is_multi_line = "m" in flags
        self._is_of_kind = is_of_kind
        self._known: dict[tuple[str, str], bool] = {}

    def match(self, run: Run, text: str, start: int) -> Spans | None:
        """The first way through the program from a place in the text; None if there is none."""
        ways: list[tuple[int, int, tuple[int, ...]]] = [(0, start, (_UNSET,) * self._slots)]
        while ways:
            at, place, slots = ways.pop()
            while True:
                run.charge(STEP)
                step = self._program[at]
                if step.do is _Do.MATCH:
                    return ((start, place), *(self._span(slots, group) for group in self._groups))
                if step.do is _Do.SPLIT:
                    ways.append((at + step.second, place, slots))
                if step.do is _Do.SPLIT or step.do is _Do.JUMP:
                    at += step.first
                    continue
                if step.do is _Do.SAVE:
                    slots = (*slots[: step.first], place, *slots[step.first + 1 :])
                else:
                    taken = self._taken(run, step, text, place, slots)
                    if taken is None:
                        break
                    place += taken
                at += 1
        return None

    def _taken(self, run: Run, step: _Step, text: str, place: int, slots: tuple[int, ...]) -> int | None:
        """How many characters a step takes here; None if it does not hold."""
        match step.do:
            case _Do.CHARACTER:
                return 1 if place < len(text) and self._is(run, step.kind, text[place]) else None
            case _Do.REFERENCE:
                start, end = self._span(slots, self._groups[step.first])
                run.charge((end - start) // 16)
                again, before = text[place : place + end - start], text[start:end]
                if self._ignores_case:
                    again, before = again.lower(), before.lower()
                return end - start if again == before else None
            case _Do.PROGRESS:
                holds = slots[step.first] != place
            case _Do.START:
                holds = place == 0 or (self._is_multi_line and text[place - 1] == "\n")
            case _:
                holds = place == len(text) or (self._is_multi_line and text[place] == "\n")
        return 0 if holds else None

    def _is(self, run: Run, kind: str, character: str) -> bool:
        key = (kind, character)
        known = self._known.get(key)
        if known is None:
            run.charge(60)
            known = self._known[key] = self._is_of_kind(kind, character)
        return known

    @staticmethod
    def _span(slots: tuple[int, ...], group: tuple[int, int]) -> tuple[int, int]:
        """A group that took no part has the empty text."""
        start, end = slots[group[0]], slots[group[1]]
        return (start, end) if _UNSET not in (start, end) else (_UNSET, _UNSET)
