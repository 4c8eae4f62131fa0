r"""Patterns of XPath 2.0 rewritten for RE2.

The differences: flags `x` and `q`, character class subtraction `[A-Z-[OI]]`, blocks `\p{IsBasicLatin}`, `\i` and `\c`
(name characters of XML), `$` that without `m` stands only at the very end. Classes with a subtraction are computed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LAST = 0x10FFFF
#: Blocks of Unicode that patterns name, as (first, last).
_BLOCKS = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
}
_NAME_START = (
    "_:A-Za-z\\x{C0}-\\x{D6}\\x{D8}-\\x{F6}\\x{F8}-\\x{2FF}\\x{370}-\\x{37D}\\x{37F}-\\x{1FFF}\\x{3001}-\\x{D7FF}"
)
_NAME_PART = _NAME_START + "\\-.0-9\\x{B7}"
#: Escapes of classes as RE2 has them over all of Unicode.
_CLASSES = {"d": "\\p{Nd}", "D": "\\P{Nd}", "s": " \\t\\n\\r", "w": "\\p{L}\\p{M}\\p{N}\\p{S}"}
_SIMPLE = {"n": 0x0A, "r": 0x0D, "t": 0x09}
_LITERAL_ESCAPES = frozenset("\\|.?*+(){}-[]^$")


class UnsupportedPattern(ValueError):
    """A pattern that cannot be said in RE2, or that XPath does not allow."""


def translated(pattern: str, flags: str) -> str:
    """The pattern for RE2, with its flags in front. Raises UnsupportedPattern."""
    if "q" in flags:
        return f"(?{'i' if 'i' in flags else ''}:{re.escape(pattern)})" if "i" in flags else re.escape(pattern)
    if "x" in flags:
        pattern = without_space(pattern)
    kept = "".join(flag for flag in "ims" if flag in flags)
    body = Translator(pattern, ignore_case="i" in flags, multi_line="m" in flags, dot_all="s" in flags).translate()
    return f"(?{kept}){body}" if kept else body


def without_space(pattern: str) -> str:
    """Drop white space outside of classes."""
    kept: list[str] = []
    depth = 0
    for index, character in enumerate(pattern):
        if index and pattern[index - 1] == "\\":
            kept.append(character if not character.isspace() else "")
            continue
        depth += (character == "[") - (character == "]")
        if depth > 0 or character not in " \t\n\r":
            kept.append(character)
    return "".join(kept)


@dataclass
class Translator:
    """Reads a pattern piece by piece."""

    pattern: str
    ignore_case: bool
    multi_line: bool
    dot_all: bool
    index: int = 0

    def translate(self) -> str:
        pieces: list[str] = []
        while self.index < len(self.pattern):
            pieces.append(self.piece())
        return "".join(pieces)

    def piece(self) -> str:
        """The next piece in RE2's syntax. Raises UnsupportedPattern."""
        character = self.next()
        if character == "\\":
            return self._escape_outside()
        if character == "[":
            return self._class().text(self.ignore_case)
        if character == "(" and self.peek() == "?":
            if not self.pattern.startswith("?:", self.index):
                raise UnsupportedPattern("groups beginning with '(?' other than '(?:' are not allowed")
            return "("
        if character == "." and not self.dot_all:
            return "[^\\n\\r]"
        if character == "$" and not self.multi_line:
            return "\\z"
        if character == "]":
            raise UnsupportedPattern("']' without '['")
        return character

    def _escape_outside(self) -> str:
        character = self.next()
        if character.isdigit():
            raise UnsupportedPattern("references to groups are not supported")
        if character in "pP":
            block = self._property(character)
            return block if block[:2] in ("\\p", "\\P") else f"[{block}]"
        if character in _CLASSES or character in "SWiIcC":
            return self._class_escape(character, inside=False)
        return _code(self._single(character))

    def _class_escape(self, character: str, *, inside: bool) -> str:
        known = {"i": _NAME_START, "c": _NAME_PART, **_CLASSES}
        positive = known[character if character == "D" else character.lower()]
        if character not in "SWIC":
            return positive if inside else f"[{positive}]"
        if inside:
            if character == "W":
                return "\\p{P}\\p{Z}\\p{C}"
            raise UnsupportedPattern(f"'\\{character}' inside of a class is not supported")
        return f"[^{positive}]"

    def _property(self, kind: str) -> str:
        if self.next() != "{" or "}" not in self.pattern[self.index :]:
            raise UnsupportedPattern("'{' and '}' must follow '\\p'")
        end = self.pattern.index("}", self.index)
        name, self.index = self.pattern[self.index : end], end + 1
        if not name.startswith("Is"):
            if not re.fullmatch(r"[CLMNPSZ][a-z]?", name):
                raise UnsupportedPattern(f"there is no category {name!r}")
            return f"\\{kind}{{{name}}}"
        block = _BLOCKS.get(name[2:])
        if block is None:
            raise UnsupportedPattern(f"there is no block {name!r} known here")
        first, last = block
        if kind == "p":
            return f"{_code(first)}-{_code(last)}"
        before = f"{_code(0)}-{_code(first - 1)}" if first else ""
        return f"{before}{_code(last + 1)}-{_code(_LAST)}"

    def _single(self, character: str) -> int:
        if character in _SIMPLE:
            return _SIMPLE[character]
        if character not in _LITERAL_ESCAPES:
            raise UnsupportedPattern(f"'\\{character}' is no escape")
        return ord(character)

    def _class(self) -> _Class:
        """A class from behind its '['; with its subtraction, if any."""
        found = _Class(negated=self.peek() == "^", ranges=[], others=[])
        self.index += found.negated
        first = True
        while True:
            character = self.next()
            if character == "]" and not first:
                return found
            if character == "-" and self.peek() == "[":
                self.index += 1
                found.minus = self._class()
                if self.next() != "]":
                    raise UnsupportedPattern("']' must follow a subtraction")
                return found
            if character == "[" or (character == "]" and first):
                raise UnsupportedPattern(f"'{character}' inside of a class must be escaped")
            first = False
            self._class_member(found, character)

    def _class_member(self, found: _Class, character: str) -> None:
        if character == "\\":
            character = self.next()
            if character in "pP":
                found.others.append(self._property(character))
                return
            if character in _CLASSES or character in "SWiIcC":
                found.others.append(self._class_escape(character, inside=True))
                return
            low = self._single(character)
        else:
            low = ord(character)
        high = low
        if self.peek() == "-" and self.pattern[self.index + 1 : self.index + 2] not in ("]", "[", ""):
            self.index += 1
            character = self.next()
            high = self._single(self.next()) if character == "\\" else ord(character)
            if high < low:
                raise UnsupportedPattern("the ends of a range in a class are in the wrong order")
        found.ranges.append((low, high))

    def next(self) -> str:
        """Step over a character. Raises UnsupportedPattern at the end."""
        if self.index >= len(self.pattern):
            raise UnsupportedPattern("it ends too early")
        self.index += 1
        return self.pattern[self.index - 1]

    def peek(self, ahead: int = 0) -> str:
        """The character so far ahead; "" beyond the end."""
        return self.pattern[self.index + ahead : self.index + ahead + 1]


@dataclass
class _Class:
    negated: bool
    #: Code points, both ends included.
    ranges: list[tuple[int, int]]
    #: Parts that RE2 computes, e.g. `\p{L}`.
    others: list[str]
    minus: _Class | None = None

    def text(self, ignore_case: bool) -> str:
        if self.minus is None:
            if self.negated and ignore_case and not self.others:
                return _class_text(_complement(_folded(self.ranges)))
            return f"[{'^' if self.negated else ''}{''.join(self.others)}{_members(self.ranges)}]"
        if self.others or self.minus.others:
            raise UnsupportedPattern("a subtraction with categories is not supported")
        return _class_text(self._points(ignore_case))

    def _points(self, ignore_case: bool) -> list[tuple[int, int]]:
        points = _folded(self.ranges) if ignore_case else _sorted(self.ranges)
        if self.negated:
            points = _complement(points)
        if self.minus is not None:
            points = _intersection(points, _complement(self.minus._points(ignore_case)))
        return points


def _class_text(points: list[tuple[int, int]]) -> str:
    return f"[{_members(points)}]" if points else "[^\\x{0}-\\x{10FFFF}]"


def _members(points: list[tuple[int, int]]) -> str:
    return "".join(_code(low) if low == high else f"{_code(low)}-{_code(high)}" for low, high in points)


def _code(point: int) -> str:
    character = chr(point)
    return character if character.isascii() and character.isalnum() else f"\\x{{{point:X}}}"


def _sorted(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _folded(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """With both cases of each letter of the Basic Latin block; RE2 folds the others itself."""
    both = list(ranges)
    for low, high in ranges:
        for first, last, shift in ((0x41, 0x5A, 32), (0x61, 0x7A, -32)):
            if low <= last and high >= first:
                both.append((max(low, first) + shift, min(high, last) + shift))
    return _sorted(both)


def _complement(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result: list[tuple[int, int]] = []
    start = 0
    for low, high in _sorted(ranges):
        if low > start:
            result.append((start, low - 1))
        start = high + 1
    return [*result, (start, _LAST)] if start <= _LAST else result


def _intersection(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> list[tuple[int, int]]:
    result = [(max(a, c), min(b, d)) for a, b in left for c, d in right]
    return _sorted([(low, high) for low, high in result if low <= high])
