"""From the text of a cell to the value it means; whatever the text is, the answer is a value and never an error.

text ─► half-width ─► blank? day? range? one number with comparator and unit? else words
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from processes.budget_performance.evaluation.level_words import achievement_of
from processes.budget_performance.evaluation.printed_days import printed_day
from processes.budget_performance.evaluation.printed_numbers import (
    CHINESE,
    CHINESE_DIGIT,
    LONGEST_NUMBER,
    NUMBER,
    SCALES,
    chinese_number,
    decimal_of,
    numbers_in,
    plain,
)
from processes.budget_performance.evaluation.printed_values import (
    Blank,
    Comparator,
    Doubt,
    Level,
    PrintedValue,
    Quantity,
    Range,
)

#: More characters than a value has.
LONGEST = 200
#: Words around a number that still leave it the value of the text.
_MOST_WORDS = 30
_LONGEST_UNIT = 12

_COMPARATORS: dict[Comparator, tuple[str, ...]] = {
    Comparator.AT_LEAST: (
        *(">=", "=>", "≥=", "≥", "大于或等于", "大于等于", "高于或等于", "高于等于", "多于或等于", "多于等于"),
        *("不得低于", "不应低于", "不低于", "不得少于", "不应少于", "不少于", "不小于", "不下于", "不短于"),
        *("至少", "最少", "最低", "不早于"),
    ),
    Comparator.ABOVE: (">", "大于", "高于", "多于", "超过"),
    Comparator.AT_MOST: (
        *("<=", "=<", "≤=", "≤", "小于或等于", "小于等于", "低于或等于", "低于等于", "少于或等于", "少于等于"),
        *("不得高于", "不应高于", "不高于", "不得超过", "不应超过", "不能超过", "不超过", "未超过", "不超出", "不超"),
        *("不大于", "不多于", "不长于", "不突破", "不晚于", "不迟于", "至多", "最多"),
    ),
    Comparator.BELOW: ("<", "小于", "低于", "少于", "不足", "不到", "短于"),
    Comparator.EQUAL: ("==", "=", "等于"),
}
_BY_WORD = {word: comparator for comparator, words in _COMPARATORS.items() for word in words}
_COMPARATOR = re.compile("|".join(re.escape(word) for word in sorted(_BY_WORD, key=len, reverse=True)))
#: Words that say something only right before the number, and only where no other does.
_WEAK = {"控制在": Comparator.AT_MOST, "达到": Comparator.AT_LEAST, "达": Comparator.AT_LEAST, "为": Comparator.EQUAL}
_BEHIND = {
    **dict.fromkeys(("及以上", "或以上", "(含)以上", "以上"), Comparator.AT_LEAST),
    **dict.fromkeys(("及以下", "或以下", "(含)以下", "以下", "以内", "之内", "封顶"), Comparator.AT_MOST),
}
_WITHIN = re.compile(r"(.*(?:日|天|月|年|周|时|钟|%))内")
_ABOUT = re.compile(r"约|大约|大概|近|将近|左右|上下|≈")
_BLANKS = frozenset({"", "/", "//", "\\", "-", "--", "---", ".", "...", "…", "……", "*", "~"})
_PERCENT_OF = re.compile(rf"([百千])分之(?:({NUMBER})|({CHINESE}))")
_EVERY = re.compile(r"每个?([^0-9<>=≥≤,;、。每]{1,4}?)(?=[0-9<>=≥≤]|不|至|大|小|超)")
_SCALED = f"({NUMBER})({'|'.join(SCALES)})?"
_RANGE = re.compile(
    rf"([^0-9]*?)([+-]?){_SCALED}([^0-9~至到,;、。]{{0,8}}?)[-~至到]{{1,2}}{_SCALED}([^0-9]{{0,{_LONGEST_UNIT}}})"
)
_AROUND_ZERO = re.compile(rf"[^0-9]*?(?:±|\+/-|正负){_SCALED}([^0-9]{{0,{_LONGEST_UNIT}}})")
_YEAR_BEFORE = re.compile(r"(?:19|20)[0-9]{2}年度?(?=.*[0-9])")
_MEASURES = "个项次人名家户件套台辆期批场条份座处间所月年天日周倍米亩吨元类部门种篇本册站点"
_IN_CHINESE = re.compile(
    rf"([^{_MEASURES}]*?)({CHINESE})((?:万亿|万|亿)?个?[{_MEASURES}](?:(?!{CHINESE_DIGIT})[^0-9]){{0,4}})"
)
#: 零投诉: nothing of the kind.
_NONE_OF = re.compile(r"零(?:投诉|事故|发生|差错|违规|违纪|死亡|伤亡|上访|缺陷|失误|延误|举报)?")
_BRACKETS = re.compile(r"\([^()]*\)")
#: A day of the month, not a number of days: 5号前.
_DAY_OF_MONTH = re.compile(r"[日号]之?前")
#: A unit that words may follow: "100%完成", "90万元整".
_KNOWN_UNIT = re.compile(r"%|‰|百分比|百分点|个百分点|公里|元(?!/)")
_FIGURE_IN_UNIT = re.compile(r"(?:k?m|M)[23]")
_AND = re.compile(r"[;、]|(?<![0-9]),|,(?![0-9])|且|并且|同时")
_PAUSE = re.compile(r"[,;、。:!?]")


def read_value(text: str, unit: str = "", comparator: str = "") -> PrintedValue:
    """What a printed target or result means.

    Args:
        text: the cell; any text.
        unit: what the form's own column of units holds, for a text that has none.
        comparator: what the form's own column holds (≥, ≤, =, 定性 …), for a text that has none.

    "≥50个" → at least 50 个; "2.5万人次" → 2.5 × 10,000 人次; "12月底前" → 31 December; "5-10个" → a range;
    "每季度1次" → 1 次/季度; "效果明显" → words.
    """
    if len(text) > LONGEST:
        return Level(text=text, doubts=(Doubt.TOO_LONG,))
    compact = re.sub(r"(?<![0-9]) | (?![0-9])", "", plain(text))
    if compact in _BLANKS:
        return Blank(text=text)
    own = _comparator_of_column(comparator)
    found = _value(text, compact, plain(unit).replace(" ", ""))
    if own is None or not isinstance(found, Quantity) or found.comparator is own:
        return found
    if found.comparator is None:
        return replace(found, comparator=own)
    return replace(found, doubts=(*found.doubts, Doubt.COMPARATOR_DIFFERS))


def _value(text: str, compact: str, unit: str) -> PrintedValue:
    if (day := printed_day(text, compact)) is not None:
        return day
    if _NONE_OF.fullmatch(compact):
        return Quantity(text=text, comparator=None, value=Decimal(0), unit=unit)
    ready = _in_digits(compact)
    if (span := _range(text, ready, unit)) is not None:
        return span
    ready, every = _without_period(_YEAR_BEFORE.sub("", ready))
    numbers = numbers_in(ready)
    if len(numbers) == 2 and (span := _between(text, ready, unit)) is not None:
        return span
    if not numbers:
        return Level(text=text, achievement=achievement_of(compact))
    # a second figure that belongs to the unit, as in m2
    if len(numbers) == 2 and _FIGURE_IN_UNIT.search(ready, numbers[0].end()):
        numbers = numbers[:1]
    bare = _BRACKETS.sub("", ready)
    if len(numbers) > 1 and len(numbers_in(bare)) == 1:
        # what stands in brackets explains the value: 24间（100%）
        found = _value(text, bare, unit)
        return replace(found, doubts=(*found.doubts, Doubt.WORDS_AROUND))
    if len(numbers) > 1:
        return Level(text=text, achievement=achievement_of(compact), doubts=(Doubt.SEVERAL_NUMBERS,))
    found = _quantity(text, ready, numbers[0], every)
    if found is None:
        return Level(text=text, achievement=achievement_of(compact), doubts=(Doubt.WORDS_AROUND,))
    return replace(found, **_unit_of_column(unit)) if not found.unit and found.scale == 1 and unit else found


def _in_digits(compact: str) -> str:
    """百分之九十五 → 95%, 两次 → 2次."""

    def percent(match: re.Match[str]) -> str:
        value = match[2] or chinese_number(match[3])
        return f"{value}{'%' if match[1] == '百' else '‰'}"

    ready = _PERCENT_OF.sub(percent, compact)
    if not numbers_in(ready) and (match := _IN_CHINESE.fullmatch(ready)):
        words = _COMPARATOR.sub("", match[1])
        if not words or words == "每" or words in _WEAK:
            return f"{match[1]}{chinese_number(match[2])}{match[3]}"
    return ready


def _without_period(ready: str) -> tuple[str, str]:
    """每季度1次 → (1次, 季度)."""
    match = _EVERY.search(ready)
    if match is None:
        return ready, ""
    return ready[: match.start()] + ready[match.end() :], match[1]


def _quantity(text: str, ready: str, number: re.Match[str], every: str) -> Quantity | None:
    head, tail = ready[: number.start()], ready[number.end() :]
    digits = number.group()
    if len(digits) > LONGEST_NUMBER:
        return None
    before, comparator, doubts = _comparator_before(head)
    if digits[0] in "+-" and before:
        before, digits = before + digits[0], digits[1:]
    scale = next((word for word in SCALES if tail.startswith(word)), "")
    unit, behind, words = _unit_and_rest(tail[len(scale) :])
    if behind is not None:
        if comparator is None or before.endswith(tuple(_WEAK)):
            comparator = behind
        elif comparator is not behind:
            doubts.append(Doubt.TWO_COMPARATORS)
    if comparator is None:
        weak = next((word for word in _WEAK if before.endswith(word)), None)
        if weak:
            comparator, before = _WEAK[weak], before.removesuffix(weak)
    if _ABOUT.search(before[-3:]) or _ABOUT.match(words):
        doubts.append(Doubt.APPROXIMATE)
    around = _ABOUT.sub("", before) + _ABOUT.sub("", words)
    if around and not around.endswith(tuple(_WEAK)):
        doubts.append(Doubt.WORDS_AROUND)
    if len(around) > _MOST_WORDS or len(unit) > _LONGEST_UNIT or _DAY_OF_MONTH.match(unit):
        return None
    if unit[:1] in ("余", "多"):
        unit, doubts = unit[1:], [*doubts, Doubt.APPROXIMATE]
    return Quantity(
        text=text,
        comparator=comparator,
        value=decimal_of(digits),
        scale=SCALES[scale] if scale else Decimal(1),
        unit=f"{unit}/{every}" if every else unit,
        doubts=tuple(doubts),
    )


def _comparator_before(head: str) -> tuple[str, Comparator | None, list[Doubt]]:
    """The words before a number without its comparator, the comparator, and what is doubtful."""
    found = list(_COMPARATOR.finditer(head))
    if not found:
        return head, None, []
    senses = {_BY_WORD[match.group()] for match in found}
    before = head[: found[0].start()] + "".join(
        head[each.end() : following.start() if following else None]
        for each, following in zip(found, [*found[1:], None], strict=True)
    )
    return before, _BY_WORD[found[0].group()], [Doubt.TWO_COMPARATORS] if len(senses) > 1 else []


def _unit_and_rest(tail: str) -> tuple[str, Comparator | None, str]:
    """Unit, comparator behind it (以上, 以内), and the words that follow."""
    pause = _PAUSE.search(tail)
    unit, words = (tail[: pause.start()], tail[pause.start() :]) if pause else (tail, "")
    for word, comparator in _BEHIND.items():
        if word in unit:
            unit, _, rest = unit.partition(word)
            return unit, comparator, rest + words
    if (match := _WITHIN.fullmatch(unit)) is not None:
        return match[1], Comparator.AT_MOST, words
    if (about := _ABOUT.search(unit)) is not None:
        return unit[: about.start()], None, unit[about.start() :] + words
    known = _KNOWN_UNIT.match(unit)
    if known is not None and known.end() < len(unit) and unit[known.end()] not in "/·":
        return known.group(), None, unit[known.end() :] + words
    bracket = unit.find("(")
    if bracket > 0:
        return unit[:bracket], None, unit[bracket:] + words
    return unit, None, words


def _range(text: str, ready: str, unit: str) -> Range | None:
    around = _AROUND_ZERO.fullmatch(ready)
    if around is not None:
        most = decimal_of(around[1])
        return _span(text, -most, most, around[2], around[3] or unit)
    match = _RANGE.fullmatch(ready)
    if match is None or _COMPARATOR.search(match[1]):
        return None
    words, sign, low, low_scale, low_unit, high, high_scale, high_unit = match.groups()
    scale = high_scale or low_scale
    if (low_scale and low_scale != scale) or (low_unit and low_unit != high_unit):
        return None
    smallest, largest = decimal_of(low), decimal_of(high)
    if sign == "-":
        smallest = -smallest
    return _span(text, smallest, largest, scale, high_unit or unit, (Doubt.WORDS_AROUND,) if words else ())


def _between(text: str, ready: str, unit: str) -> Range | None:
    """≥90%且≤100% → from 90 to 100 %."""
    parts = [part for part in _AND.split(ready) if part]
    if len(parts) == 1 and len(signs := list(_COMPARATOR.finditer(ready))) == 2:
        parts = [ready[: signs[1].start()], ready[signs[1].start() :]]
    if len(parts) != 2:
        return None
    found = [each for part in parts if isinstance(each := _value(part, part, unit), Quantity)]
    if len(found) != 2:
        return None
    low, high = sorted(found, key=lambda each: each.value)
    is_span = low.comparator in (Comparator.AT_LEAST, Comparator.ABOVE) and high.comparator in (
        Comparator.AT_MOST,
        Comparator.BELOW,
    )
    if not is_span or (low.unit and low.unit != high.unit) or low.scale != high.scale:
        return None
    return Range(text=text, low=low.value, high=high.value, scale=high.scale, unit=high.unit or unit)


def _span(
    text: str, low: Decimal, high: Decimal, scale: str | None, unit: str, doubts: tuple[Doubt, ...] = ()
) -> Range | None:
    if low > high or len(f"{low}{high}") > 2 * LONGEST_NUMBER:
        return None
    return Range(text=text, low=low, high=high, scale=SCALES[scale] if scale else Decimal(1), unit=unit, doubts=doubts)


def _unit_of_column(unit: str) -> dict[str, Decimal | str]:
    """万元 in a column of units is 元, ten thousand of them."""
    scale = next((word for word in SCALES if unit.startswith(word) and unit != word), "")
    return {"unit": unit.removeprefix(scale), "scale": SCALES[scale] if scale else Decimal(1)}


def _comparator_of_column(comparator: str) -> Comparator | None:
    return _BY_WORD.get(plain(comparator).replace(" ", ""))
