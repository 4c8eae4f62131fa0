"""From bytes to text: which encoding a file declares, and whether the house reads it.

XML 1.0 (5th edition), 4.3.3 and appendix F: a byte order mark wins, then the declaration, then UTF-8.
"""

from __future__ import annotations

import codecs
import re

#: Long marks first: the mark of UTF-32 begins with that of UTF-16.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

#: What drawing tools write. Closed: an exotic codec (UTF-7, punycode) is a way around the checks that follow.
READABLE = frozenset(
    {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii", "gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc_jp"}
    | {f"iso8859-{part}" for part in (*range(1, 12), *range(13, 17))}
    | {f"cp125{page}" for page in range(9)}
    | {"koi8-r", "euc_kr"}
)

_DECLARATION = re.compile(
    rb"""^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,39})["'][^>]{0,99}>"""
)
_DECLARATION_TEXT = re.compile(r"^\s*<\?xml\s[^>]{0,400}?\?>")


class UnreadableEncoding(ValueError):
    """The bytes do not spell text in the encoding they declare, or the house does not read that encoding."""

    def __init__(self, encoding: str, reason: str) -> None:
        super().__init__(f"{encoding}: {reason}")
        self.encoding = encoding
        self.reason = reason


def _declared(source: bytes) -> tuple[str, int]:
    """The encoding and the length of its mark."""
    for mark, encoding in _MARKS:
        if source.startswith(mark):
            return encoding, len(mark)
    if source.startswith(b"<\x00"):
        return "utf-16-le", 0
    if source.startswith(b"\x00<"):
        return "utf-16-be", 0
    declaration = _DECLARATION.match(source[:600])
    if declaration is None:
        return "utf-8", 0
    name = declaration.group(1).decode("ascii")
    try:
        return codecs.lookup(name).name, 0
    except LookupError:
        raise UnreadableEncoding(name, "unknown encoding") from None


def to_utf8(source: bytes) -> bytes:
    """The same document in UTF-8 without mark and XML declaration; line numbers stay.

    Raises:
        UnreadableEncoding: see there.
    """
    encoding, mark_length = _declared(source)
    if encoding not in READABLE:
        raise UnreadableEncoding(encoding, "not one of the encodings that are read")
    try:
        text = source[mark_length:].decode(encoding)
    except (UnicodeDecodeError, UnicodeError) as error:
        raise UnreadableEncoding(encoding, str(error)) from None
    declaration = _DECLARATION_TEXT.match(text)
    if declaration is not None:
        text = "\n" * declaration.group().count("\n") + text[declaration.end() :]
    return text.encode("utf-8")
