"""Days as tables print them: 12月底前, 2023年6月30日前, 第四季度, 2023-06-30, 年底前."""

from __future__ import annotations

import calendar
import re

from processes.budget_performance.evaluation.printed_values import Day, Doubt

_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_WHICH_YEAR = rf"(?:{_YEAR}年度?|(?P<next>次年|翌年|下年度?|明年)|当年|本年度?|今年)?"
#: Words that may stand before and behind a day without changing it.
_BEFORE = r"(?:[<>]?=?|≤)?[^0-9%<>=≥≤~,;、。]{0,12}?"
_BEHIND = r"[^0-9%<>=≥≤~]{0,16}"
_TENTHS = {"上旬": 10, "中旬": 20, "初": 10}
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_LAST_MONTHS = {"上半年": 6, "年中": 6, "下半年": 12, "年底": 12, "年末": 12, "年终": 12, "年内": 12}

#: 24时, 18:00: the hour of a day changes nothing here.
_HOUR = r"(?:[0-9]{1,2}(?:[时点]|:[0-9]{2}))?"

_FORMS = (
    # 2023年1-12月, 1月至6月: a span lasts to its end
    re.compile(rf"{_BEFORE}{_WHICH_YEAR}[0-9]{{1,2}}月?份?[-~至到]{{1,2}}(?P<month>[0-9]{{1,2}})月份?{_BEHIND}"),
    # 2023-06-30, 2023/6/30, 2023.6.30
    re.compile(rf"{_BEFORE}{_YEAR}(?P<sign>[-/.])(?P<month>[0-9]{{1,2}})(?P=sign)(?P<day>[0-9]{{1,2}}){_BEHIND}"),
    # 2023-06, 2023/6; 2023.6 would be a number
    re.compile(rf"{_BEFORE}{_YEAR}[-/](?P<month>[0-9]{{1,2}}){_BEHIND}"),
    # 2023年6月30日前, 12月底前, 次年3月中旬
    re.compile(
        rf"{_BEFORE}{_WHICH_YEAR}(?P<month>[0-9]{{1,2}})月份?"
        rf"(?:(?P<day>[0-9]{{1,2}})[日号]{_HOUR}|(?P<tenth>上旬|中旬|初))?{_BEHIND}"
    ),
    # 第四季度, 2023年4季度末
    re.compile(rf"{_BEFORE}{_WHICH_YEAR}第?(?P<quarter>[一二三四1-4])季度?{_BEHIND}"),
    # 年底前, 2023年上半年
    re.compile(rf"{_BEFORE}(?:{_YEAR}|(?P<next>次|翌|明))?(?P<part>上半年|下半年|年[底末终内中]){_BEHIND}"),
    # 2023年, 2023年度内完成
    re.compile(rf"{_BEFORE}{_YEAR}年度?[内底末前]?(?:之前)?(?:全部|全面)?(?:完成|完工|竣工|建成|验收)?"),
)


def printed_day(text: str, compact: str) -> Day | None:
    """The day a text means, or None where it means something else.

    Args:
        text: as printed, kept with the value.
        compact: the same in half-width letters and without spaces.
    """
    for form in _FORMS:
        match = form.fullmatch(compact)
        if match is not None and (day := _day(text, match)) is not None:
            return day
    return None


def _day(text: str, match: re.Match[str]) -> Day | None:
    found = match.groupdict()
    year = int(found["year"]) if found.get("year") else None
    doubts: tuple[Doubt, ...] = ()
    day: int | None = None
    if found.get("month"):
        month = int(found["month"])
        day = int(found["day"]) if found.get("day") else _TENTHS.get(found.get("tenth") or "")
    elif found.get("quarter"):
        month = 3 * _QUARTERS[found["quarter"]]
    elif found.get("part"):
        month = _LAST_MONTHS[found["part"]]
    else:
        month, doubts = 12, (Doubt.VAGUE_DAY,)
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    # a leap year where none is printed: whether 29 February is there, the budget year decides
    if day is not None and day > calendar.monthrange(year or 2024, month)[1]:
        day, doubts = None, (*doubts, Doubt.NO_SUCH_DAY)
    return Day(text=text, year=year, month=month, day=day, years_later=1 if found.get("next") else 0, doubts=doubts)
