r"""References to groups, `(a)\1`: found as backtracking engines find them, and refused where those go on for ever."""

from __future__ import annotations

import random
import re

import pytest

from engine.feel import Budget, FeelBudgetExceeded, compile_expression
from tests.engine.feel.saying import REGEX, said

PATIENT = Budget(max_steps=50_000_000)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (r'matches("aA", "(a)\1", "i")', "true"),
        (r'matches("aA", "(a)\1")', "false"),
        (r'matches("abba", "^(.)(.)\2\1$")', "true"),
        (r'replace("aa bb cd", "(\w)\1", "<$1>")', "<a> <b> cd"),
        (r'split("a--b==c", "([-=])\1")', '["a", "b", "c"]'),
        (r'matches("ab|ab", "^(ab)\|\1$")', "true"),
        (r'matches("aXbaXb", "([a-z-[c]]X\w)\1")', "true"),
        (r'matches("aabb", "^(a){2}(b){1,2}?\2?$")', "true"),
        (r'matches("xyxy", "( x . ) \1", "x")', "true"),
        # a group that took no part has the empty text, unlike in Python
        (r'matches("b", "^(a)?b\1$")', "true"),
        # as many digits as name a group that exists
        (r'matches("aa1", "^(a)\11$")', "true"),
        (r'matches("aaa", "^(a*)*\1$")', "true"),
        (r'matches("1\n1", "^(\d)$\n^\1$", "m")', "true"),
        (r'matches("a.c", "^(.)\.c\1*$")', "true"),
    ],
)
def test_what_a_group_took_stands_again(source: str, value: str):
    assert said(source) == value


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (r"\\1(x)", "there is no group 1 before the reference to it"),
        (r"(x\\1)", "there is no group 1 before the reference to it"),
        (r"(x)\\2", "there is no group 2 before the reference to it"),
        (r"(x)\\1)", "')' without '('"),
        (r"((x)\\2", "'(' without ')'"),
        (r"*(x)\\1", "nothing stands before '*'"),
        (r"(?=x)(x)\\1", "groups beginning with '(?' other than '(?:' are not allowed"),
        (r"(x)\\1{2,1}", "the counts of a repetition are in the wrong order"),
        (r"(x)\\1{x}", "'{' must be followed by counts of up to four digits and '}'"),
        (r"((x)\\2{999}){999}", "with its repetitions it is too long"),
    ],
)
def test_a_reference_that_leads_nowhere_is_null_with_its_reason(pattern: str, reason: str):
    explained = compile_expression(f'matches("x", "{pattern}")', functions=REGEX).evaluate_explained({})

    assert explained.value is None
    assert reason in explained.warnings[0].message


@pytest.mark.parametrize("pattern", [r"^(a+)+\1c$", r"^(a|a)*\1c$", r"^((a*)*)*\2c$", r"^(a?){30}a{30}\1c$"])
def test_a_pattern_that_would_go_on_for_ever_is_refused(pattern: str):
    with pytest.raises(FeelBudgetExceeded):
        compile_expression("matches(text, pattern)", functions=REGEX).evaluate({"text": "a" * 60, "pattern": pattern})


class Patterns:
    """Random patterns whose groups always take part and take something: elsewhere engines differ among themselves."""

    def __init__(self, seed: int) -> None:
        self._draw = random.Random(seed)
        self._opened = 0
        self._closed: list[int] = []

    def whole(self) -> str:
        """A pattern with at least one reference."""
        before = self.row()
        return rf"{before}(a|b)\{self._opened + 1}"

    def row(self, depth: int = 2) -> str:
        return "".join(self._piece(depth) for _ in range(self._draw.randint(1, 3)))

    def _piece(self, depth: int) -> str:
        choice = self._draw.random()
        if self._closed and choice < 0.35:
            # in brackets, so that a digit behind it does not belong to it
            return rf"(?:\{self._draw.choice(self._closed)})"
        if depth and choice < 0.7:
            self._opened += 1
            number = self._opened
            inside = self._draw.choice("ab.") + self.row(depth - 1)
            self._closed.append(number)
            return f"({inside}){self._draw.choice(['', '', '+', '+?', '{1,2}'])}"
        return self._draw.choice(["a", "b", "[ab]", "."]) + self._draw.choice(["", "", "*", "+", "?", "*?", "{0,2}"])


@pytest.mark.parametrize("seed", range(300))
def test_generated_patterns_find_what_python_finds(seed: int):
    pattern = Patterns(seed).whole()
    draw = random.Random(seed)
    for text in ("".join(draw.choices("abb", k=n)) for n in (2, 5, 8)):
        expression = compile_expression('replace(text, pattern, "<$0>")', functions=REGEX, budget=PATIENT)
        found = expression.evaluate({"text": text, "pattern": pattern})
        assert found == re.sub(pattern, lambda each: f"<{each[0]}>", text), (pattern, text)
