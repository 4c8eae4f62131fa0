"""Simple expressions of the Unified Expression Language (JSR 245, "JUEL") as FEEL: what other tools write in `${…}`.

Translated are names, paths, constants, comparisons, `and or not empty`, arithmetic, `a ? b : c` and text with
expressions inside. Method calls, functions and assignments are not: nobody here can know what they do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

_EMBEDDED = re.compile(r"[$#]\{([^{}]*)\}")
_PATH = re.compile(r"[\w.]+")
_TOKENS = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""|(?P<name>[^\W\d]\w*)|(?P<sign>==|!=|<=|>=|&&|\|\||[-+*/%<>!?:().\[\]]))"""
)
_WORDS = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=", "and": "&&", "or": "||", "not": "!",
          "div": "/", "mod": "%"}  # fmt: skip
#: Binary operators: how tightly they bind, and their FEEL spelling.
_BINARY = {
    "||": (1, "or"), "&&": (2, "and"), "==": (3, "="), "!=": (3, "!="), "<": (4, "<"), ">": (4, ">"), "<=": (4, "<="),
    ">=": (4, ">="), "+": (5, "+"), "-": (5, "-"), "*": (6, "*"), "/": (6, "/"), "%": (6, "%"),
}  # fmt: skip
_CONSTANTS = {"true", "false", "null"}
_DEEPEST = 30


class NotSimple(ValueError):
    """The expression uses something that has no plain counterpart in FEEL."""


def contains_juel(text: str) -> bool:
    """Whether `${…}` or `#{…}` stands in the text."""
    return "${" in text or "#{" in text


def to_feel(text: str) -> str:
    """A text with JUEL expressions as one FEEL expression without its leading "=".

    `${a == 'x'}` becomes `a = "x"`; `Dear ${name}` becomes `"Dear " + (if name = null then "" else string(name))`.

    Raises:
        NotSimple: says what could not be translated.
    """
    whole = _EMBEDDED.fullmatch(text.strip())
    if whole:
        return _Translation(whole.group(1)).run()
    # Every second piece is the inside of an expression.
    pieces = _EMBEDDED.split(text)
    if any(contains_juel(piece) for piece in pieces[::2]):
        raise NotSimple("braces inside an expression")
    feel = [
        _as_text(_Translation(piece).run()) if number % 2 else json.dumps(piece, ensure_ascii=False)
        for number, piece in enumerate(pieces)
        if number % 2 or piece
    ]
    return " + ".join(feel)


def _as_text(feel: str) -> str:
    """Within a text a missing value is the empty text (JSR 245, 1.18.2); FEEL's `string(null)` is null, as would be the
    whole.
    """
    compared = feel if _PATH.fullmatch(feel) else f"({feel})"
    return f'(if {compared} = null then "" else string({feel}))'


def _tokens(source: str) -> Iterator[tuple[str, str]]:
    position = 0
    source = source.rstrip()
    while position < len(source):
        match = _TOKENS.match(source, position)
        if match is None:
            raise NotSimple(f"{source[position:].strip()[:20]!r}")
        kind = match.lastgroup or ""
        word = match.group(kind)
        if kind == "name" and word in _WORDS:
            kind, word = "sign", _WORDS[word]
        yield kind, word
        position = match.end()
    yield "end", ""


class _Translation:
    """A Pratt parser that writes FEEL while it reads."""

    def __init__(self, source: str) -> None:
        self._tokens = list(_tokens(source))
        self._position = 0
        self._depth = 0

    def run(self) -> str:
        feel = self._choice()
        if self._kind != "end":
            raise NotSimple(f"{self._word!r}")
        return feel

    @property
    def _kind(self) -> str:
        return self._tokens[self._position][0]

    @property
    def _word(self) -> str:
        return self._tokens[self._position][1]

    def _next(self) -> tuple[str, str]:
        token = self._tokens[self._position]
        self._position += 1
        return token

    def _accept(self, sign: str) -> bool:
        if self._kind == "sign" and self._word == sign:
            self._position += 1
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise NotSimple(f"expected {sign!r} but found {self._word!r}")

    def _choice(self) -> str:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotSimple("too deep")
        condition = self._binary(1)
        if self._accept("?"):
            chosen = self._choice()
            self._expect(":")
            condition = f"if {condition} then {chosen} else {self._choice()}"
        self._depth -= 1
        return condition

    def _binary(self, weakest: int) -> str:
        left = self._unary()
        while self._kind == "sign" and self._word in _BINARY and _BINARY[self._word][0] >= weakest:
            strength, feel = _BINARY[self._next()[1]]
            right = self._binary(strength + 1)
            left = f"modulo({left}, {right})" if feel == "%" else f"{left} {feel} {right}"
        return left

    def _unary(self) -> str:
        """Chains of `!` and `-` are walked in a loop; each is closed in reverse order."""
        closing: list[tuple[str, str]] = []
        while True:
            if self._accept("!"):
                closing.append(("not(", ")"))
            elif self._accept("-"):
                closing.append(("-", ""))
            elif self._kind == "name" and self._word == "empty":
                self._position += 1
                closing.append(('list contains([null, "", []], ', ")"))
            else:
                break
        feel = self._operand()
        for opening, close in reversed(closing):
            feel = f"{opening}{feel}{close}"
        return feel

    def _operand(self) -> str:
        kind, word = self._next()
        if kind == "number":
            return word
        if kind == "text":
            return json.dumps(re.sub(r"\\(.)", r"\1", word[1:-1]), ensure_ascii=False)
        if kind == "sign" and word == "(":
            inner = self._choice()
            self._expect(")")
            return f"({inner})"
        if kind != "name":
            raise NotSimple(f"{word!r}")
        if word in _CONSTANTS:
            return word
        return self._path(word)

    def _path(self, name: str) -> str:
        feel = name
        while True:
            if self._accept("."):
                kind, word = self._next()
                if kind != "name":
                    raise NotSimple(f"{word!r} after a dot")
                feel = f"{feel}.{word}"
            elif self._accept("["):
                kind, word = self._next()
                if kind == "number" and word.isdigit():
                    feel = f"{feel}[{int(word) + 1}]"
                elif kind == "text" and re.fullmatch(r"[^\W\d]\w*", word[1:-1]):
                    feel = f"{feel}.{word[1:-1]}"
                else:
                    raise NotSimple(f"the index {word!r}")
                self._expect("]")
            elif self._kind == "sign" and self._word == "(":
                raise NotSimple(f"the call of {feel!r}")
            else:
                return feel
