"""What a form says about a fault, in Chinese and English, by code."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.model.errors import Fault
from engine.model.value import value
from forms.form import Field


@value()
class Place:
    """Where in a form: the field, and the row if it is a column."""

    field: Field
    #: "calc_rows/0/amount"
    path: str
    #: The table around it; None at the top.
    table: Field | None = None
    #: Counted from 1.
    row: int = 0

    @property
    def zh(self) -> str:
        if self.table is None:
            return f"“{self.field.zh}”"
        return f"“{self.table.zh}”第 {self.row} 行“{self.field.zh}”"

    @property
    def en(self) -> str:
        if self.table is None:
            return f"“{self.field.en}”"
        return f"“{self.field.en}” in row {self.row} of “{self.table.en}”"


#: code -> (Chinese, English); {zh} and {en} are the place, the rest facts.
_TEXTS: Mapping[str, tuple[str, str]] = {
    "required": ("{zh}必须填写。", "{en} is required."),
    "not-a-number": ("{zh}必须是数字（当前“{found}”）。", "{en} must be a number, but is “{found}”."),
    "not-whole": ("{zh}必须是整数（当前 {found}）。", "{en} must be a whole number, but is {found}."),
    "too-many-decimals": (
        "{zh}最多保留 {limit} 位小数（当前 {found}）。",
        "{en} may have {limit} decimal places, but is {found}.",
    ),
    "not-a-date": (
        "{zh}必须是日期，如 2026-03-01（当前“{found}”）。",
        "{en} must be a day like 2026-03-01, but is “{found}”.",
    ),
    "not-yes-or-no": ("{zh}必须填“是”或“否”。", "{en} must be yes or no."),
    "not-a-text": ("{zh}必须是文字。", "{en} must be text."),
    "not-a-list": ("{zh}必须是列表。", "{en} must be a list."),
    "not-a-row": ("{zh}的第 {row} 行不是一行数据。", "Row {row} of {en} is no row."),
    "not-a-choice": (
        "{zh}应为 {choices} 之一（当前“{found}”）。",
        "{en} must be one of {choices_en}, but is “{found}”.",
    ),
    "too-small": ("{zh}不得小于 {limit}（当前 {found}）。", "{en} must be at least {limit}, but is {found}."),
    "too-large": ("{zh}不得大于 {limit}（当前 {found}）。", "{en} must be at most {limit}, but is {found}."),
    "not-above": ("{zh}必须大于 {limit}（当前 {found}）。", "{en} must be above {limit}, but is {found}."),
    "too-short": (
        "{zh}至少 {limit} 个字（当前 {found} 个）。",
        "{en} needs at least {limit} characters, but has {found}.",
    ),
    "too-long": (
        "{zh}最多 {limit} 个字（当前 {found} 个）。",
        "{en} may have {limit} characters, but has {found}.",
    ),
    "too-few": ("{zh}至少 {limit} 项（当前 {found} 项）。", "{en} needs at least {limit} entries, but has {found}."),
    "too-many": ("{zh}最多 {limit} 项（当前 {found} 项）。", "{en} may have {limit} entries, but has {found}."),
    "repeated": ("{zh}有重复项。", "{en} has an entry twice."),
    "unknown-row": ("{zh}没有“{found}”这一行，不能增加。", "{en} has no row “{found}”, and none may be added."),
    "repeated-row": ("{zh}的“{found}”出现多次。", "{en} has the row “{found}” more than once."),
    "unknown-person": (
        "{zh}中的“{found}”不在可选人员之内。",
        "{en} names “{found}”, who is not among the people to choose from.",
    ),
    "unknown-upload": (
        "{zh}：附件“{found}”不存在或已过期，请重新上传。",
        "{en}: the file “{found}” is not there any more; attach it again.",
    ),
    "not-sound": ("{zh}填写有误。", "{en} is not sound."),
}


def fault(code: str, place: Place, **facts: Any) -> Fault:
    """A fault with both texts; `message` is the English one, as everywhere in the engine."""
    zh, en = _TEXTS[code]
    values = {"zh": place.zh, "en": place.en, **facts}
    return Fault(
        code,
        en.format_map(values),
        place.path,
        message_zh=zh.format_map(values),
        title_zh=place.field.zh,
        title_en=place.field.en,
        **facts,
    )


def unknown_field(name: str, path: str) -> Fault:
    """Something was submitted that the form does not have."""
    return Fault(
        "unknown-field",
        f"The form has no field “{name}”.",
        path,
        message_zh=f"表中没有“{name}”这一项。",
        title_zh=name,
        title_en=name,
    )
