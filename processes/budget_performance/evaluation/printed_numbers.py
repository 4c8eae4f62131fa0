"""Numbers as tables print them: full-width digits, thousands separators, 万 and 亿, Chinese numerals."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal

#: Digits of a number nobody prints; longer ones are text.
LONGEST_NUMBER = 30
CENT = Decimal("0.01")
#: Room for a quotient of two numbers of that length, whatever is printed.
_WIDE = Context(prec=200)

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN = str.maketrans(
    _FULL_WIDTH
    | {ord(each): " " for each in "\u3000\u00a0\t\r\n\v\f\u2002\u2003\u2009\u200b\ufeff"}
    | {
        ord("≧"): "≥", ord("⩾"): "≥", ord("≦"): "≤", ord("⩽"): "≤", ord("﹥"): ">", ord("﹤"): "<", ord("﹦"): "=",
        ord("》"): ">", ord("《"): "<", ord("﹪"): "%", ord("−"): "-", ord("﹣"): "-", ord("‐"): "-", ord("‑"): "-",
        ord("–"): "-", ord("—"): "-", ord("―"): "-", ord("〜"): "~", ord("∼"): "~", ord("﹢"): "+",
    }
)  # fmt: skip

#: Words for tens of thousands and more, longest first.
SCALES = {
    "万亿": Decimal(10) ** 12,
    "千万": Decimal(10) ** 7,
    "百万": Decimal(10) ** 6,
    "十万": Decimal(10) ** 5,
    "亿": Decimal(10) ** 8,
    "万": Decimal(10) ** 4,
}

NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"
_NUMBER = re.compile(rf"[+-]?{NUMBER}")
_SCALED = re.compile(rf"([+-]?{NUMBER})({'|'.join(SCALES)})?")
_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
CHINESE_DIGIT = "[零〇一二两三四五六七八九十百千]"
CHINESE = f"{CHINESE_DIGIT}{{1,9}}"


def plain(text: str) -> str:
    """The text with half-width letters, digits and signs and one sort of space: "＞＝９０％" → ">=90%".

    Nothing else is changed: ㎡ stays ㎡ and ① is no digit, as they would not under Unicode's own compatibility form.
    """
    return re.sub(r" +", " ", text.translate(_PLAIN)).strip()


def decimal_of(digits: str) -> Decimal:
    """The value of a matched number: "1,234.50" → 1234.50."""
    return Decimal(digits.replace(",", ""))


def printed_number(text: str) -> Decimal | None:
    """The number a cell holds, or None: thousands separators, 万 and 亿 are taken, anything else is not.

    "１，２３４．５０" → 1234.50; "2.5万" → 25000.0; "10分" → None.
    """
    match = _SCALED.fullmatch(plain(text).replace(" ", ""))
    if match is None or len(match[1]) > LONGEST_NUMBER:
        return None
    return decimal_of(match[1]) * SCALES.get(match[2] or "", Decimal(1))


def chinese_number(text: str) -> int | None:
    """The value of a Chinese numeral up to 9,999: "九十五" → 95, "一百零二" → 102, "十" → 10; None where it is none."""
    total, digit = 0, 0
    for character in text:
        if character in _DIGITS:
            digit = digit * 10 + _DIGITS[character] if digit and not total else _DIGITS[character]
        elif character in _POWERS:
            total += (digit or 1) * _POWERS[character]
            digit = 0
        else:
            return None
    return total + digit if text else None


def numbers_in(text: str) -> list[re.Match[str]]:
    """Every number of a plain text, in its order."""
    return list(_NUMBER.finditer(text))


def rounded(value: Decimal, unit: Decimal = CENT, rounding: str = ROUND_HALF_UP) -> Decimal:
    """A number to a unit, however many digits it has."""
    return value.quantize(unit, rounding, _WIDE)
