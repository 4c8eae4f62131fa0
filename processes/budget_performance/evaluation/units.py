"""Units that mean the same thing: what a printed unit is, and how many of it one is."""

from __future__ import annotations

from decimal import Decimal

PERCENT = "%"

#: Printed unit -> (unit it is counted in, how many of those). What is not listed stands for itself.
_SAME: dict[str, tuple[str, Decimal]] = {
    **dict.fromkeys(("%", "百分比", "百分数", "百分率", "个百分比"), (PERCENT, Decimal(1))),
    **dict.fromkeys(("‰", "千分比"), (PERCENT, Decimal("0.1"))),
    **dict.fromkeys(("百分点", "个百分点"), ("百分点", Decimal(1))),
    **dict.fromkeys(("公里", "千米", "km", "KM", "Km"), ("米", Decimal(1000))),
    **dict.fromkeys(("米", "m", "M", "延米", "延长米"), ("米", Decimal(1))),
    **dict.fromkeys(("里", "华里"), ("米", Decimal(500))),
    **dict.fromkeys(("平方公里", "平方千米", "km2", "km²"), ("平方米", Decimal(10) ** 6)),
    **dict.fromkeys(("公顷",), ("平方米", Decimal(10) ** 4)),
    **dict.fromkeys(("平方米", "平米", "㎡", "m2", "m²", "M2"), ("平方米", Decimal(1))),
    **dict.fromkeys(("立方米", "立方", "方", "m3", "m³", "㎥", "M3"), ("立方米", Decimal(1))),
    **dict.fromkeys(("吨", "t"), ("千克", Decimal(1000))),
    **dict.fromkeys(("公斤", "千克", "kg", "KG"), ("千克", Decimal(1))),
    **dict.fromkeys(("小时", "个小时", "h"), ("小时", Decimal(1))),
    **dict.fromkeys(("分钟", "min"), ("小时", Decimal(1) / 60)),
    **dict.fromkeys(("天", "日", "个自然日", "自然日", "日历天"), ("天", Decimal(1))),
    **dict.fromkeys(("工作日", "个工作日"), ("工作日", Decimal(1))),
    **dict.fromkeys(("月", "个月"), ("月", Decimal(1))),
    **dict.fromkeys(("人次", "次人"), ("人次", Decimal(1))),
    **dict.fromkeys(("人", "名", "位", "人员"), ("人", Decimal(1))),
    **dict.fromkeys(("元", "元整", "人民币", "RMB"), ("元", Decimal(1))),
}
_MONEY = "元"


def counted_in(unit: str) -> tuple[str, Decimal]:
    """The unit that a printed one is counted in, and how many: 公里 → (米, 1000), 元/㎡ → (元/平方米, 1)."""
    if unit in _SAME:
        return _SAME[unit]
    above, slash, below = unit.partition("/")
    if not slash:
        return unit, Decimal(1)
    top, many = _SAME.get(above, (above, Decimal(1)))
    bottom, few = _SAME.get(below, (below, Decimal(1)))
    return f"{top}/{bottom}", many / few


def is_money(unit: str) -> bool:
    """Whether a unit, without 万 or 亿, is an amount of money as a whole (元, not 元/㎡)."""
    return counted_in(unit)[0] == _MONEY
