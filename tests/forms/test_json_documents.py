"""JSON documents from outside are held against their schema, with every fault at once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from forms.json_documents import LARGEST, UnsoundDocument, read_document

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "maxLength": 4},
        "amount": {"type": ["number", "string"], "minimum": 0},
        "rows": {"type": "array", "maxItems": 2, "items": {"enum": ["a", "b"]}},
    },
}


def faults(content: str | bytes) -> list[tuple[str, str, str]]:
    with pytest.raises(UnsoundDocument) as refused:
        read_document(content.encode() if isinstance(content, str) else content, SCHEMA)
    return [(fault["code"], fault["path"], fault["message_zh"]) for fault in refused.value.faults]


def test_numbers_keep_their_digits():
    assert read_document('{"name": "甲", "amount": 9.20}'.encode(), SCHEMA)["amount"] == Decimal("9.20")


def test_a_byte_order_mark_is_no_fault():
    assert read_document(b"\xef\xbb\xbf" + '{"name": "甲"}'.encode(), SCHEMA) == {"name": "甲"}


def test_all_faults_come_at_once_with_their_places():
    assert faults('{"amount": -1, "rows": ["a", "c"], "other": {}}') == [
        ("required", "", "缺少 name。"),
        ("unknown-field", "", "没有 other 这一项。"),
        ("too-small", "amount", "不得小于 0。"),
        ("not-a-choice", "rows/1", "应为 a, b 之一。"),
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "文件不是 UTF-8 编码。"),
        ("{", "不是 JSON：第 1 行第 2 列。"),
        ('{"name": "a", "name": "b"}', "“name”出现两次。"),
        ('{"amount": NaN}', "不是数字：NaN。"),
        ('{"amount": 1e999999}', "数字无法识别：1e999999。"),
        ('{"amount": ' + "9" * 50 + "}", f"数字无法识别：{'9' * 40}。"),
        ("[" * 100_000, "嵌套过深。"),
        (b" " * (LARGEST + 1), "文件过大。"),
    ],
    ids=["other bytes", "no JSON", "twice", "NaN", "exponent", "digits", "deep", "large"],
)
def test_what_is_no_document_is_refused(content, message):
    assert faults(content) == [("unsound-document", "", message)]


def test_braces_in_a_document_are_text():
    assert faults('{"name": "{oops}"}') == [("too-long", "name", "最多 4 个字。")]
