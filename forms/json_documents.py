"""JSON documents from outside, held against a JSON Schema: all faults at once, in both languages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

from jsonschema.exceptions import ValidationError

from engine.model.errors import Fault, Invalid
from forms.structure import over_feel

#: Bytes of a document, digits of a number.
LARGEST = 4 * 1024 * 1024
MOST_DIGITS = 34

#: JSON Schema keyword -> (code, Chinese, English).
_TEXTS: Mapping[str, tuple[str, str, str]] = {
    "required": ("required", "缺少 {missing}。", "{missing} is missing."),
    "additionalProperties": ("unknown-field", "没有 {unknown} 这一项。", "There is no {unknown}."),
    "type": ("wrong-type", "应为 {limit}。", "Expected {limit}."),
    "enum": ("not-a-choice", "应为 {limit} 之一。", "Expected one of {limit}."),
    "minimum": ("too-small", "不得小于 {limit}。", "Expected at least {limit}."),
    "maximum": ("too-large", "不得大于 {limit}。", "Expected at most {limit}."),
    "minLength": ("too-short", "至少 {limit} 个字。", "Expected at least {limit} characters."),
    "maxLength": ("too-long", "最多 {limit} 个字。", "Expected at most {limit} characters."),
    "minItems": ("too-few", "至少 {limit} 行。", "Expected at least {limit} entries."),
    "maxItems": ("too-many", "最多 {limit} 行。", "Expected at most {limit} entries."),
    "pattern": ("wrong-form", "格式不符。", "Expected another form of text."),
}


class UnsoundDocument(Invalid):
    """A document is no JSON, or not what its schema describes. Holds every fault."""

    code = "unsound-document"


def read_document(content: bytes, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """A JSON object as its schema describes it; every number is a Decimal.

    Raises:
        UnsoundDocument: too large, not UTF-8, no JSON, a name that occurs twice, a number no amount has, or anything
            the schema refuses.
    """
    if len(content) > LARGEST:
        raise _refusal(f"Expected at most {LARGEST} bytes, but found {len(content)}.", "文件过大。")
    try:
        document = json.loads(
            content.decode("utf-8-sig"),
            parse_float=_number,
            parse_int=_number,
            parse_constant=_constant,
            object_pairs_hook=_object,
        )
    except UnicodeDecodeError:
        raise _refusal("Expected text in UTF-8, but found other bytes.", "文件不是 UTF-8 编码。") from None
    except json.JSONDecodeError as error:
        raise _refusal(
            f"Expected JSON, but found at line {error.lineno}, column {error.colno}: {error.msg}.",
            f"不是 JSON：第 {error.lineno} 行第 {error.colno} 列。",
        ) from None
    except RecursionError:
        raise _refusal("Expected a few levels of lists and objects, but found too many.", "嵌套过深。") from None
    faults = [_fault(error) for error in over_feel(schema).iter_errors(document)]
    if faults:
        raise UnsoundDocument(
            f"Expected a document as its schema describes it, but found {len(faults)} faults. "
            f"The first: {faults[0]['message']}",
            sorted(faults, key=lambda each: str(each["path"])),
            count=len(faults),
        )
    return cast("Mapping[str, Any]", document)


def _fault(error: ValidationError) -> Fault:
    keyword = str(error.validator)
    code, zh, en = _TEXTS.get(keyword, ("not-sound", "不符合要求。", "Expected something else."))
    limit = cast("Any", error.validator_value)
    place = "/".join(str(step) for step in error.absolute_path)
    instance = cast("Any", error.instance)
    known = cast("dict[str, Any]", cast("Any", error.schema).get("properties", {}))
    values = {
        "limit": ", ".join(str(each) for each in cast("list[Any]", limit)) if isinstance(limit, list) else str(limit),
        "missing": error.message.split("'")[1] if keyword == "required" else "",
        "unknown": ", ".join(name for name in instance if name not in known)
        if keyword == "additionalProperties"
        else "",
    }
    # the document's own text may hold braces
    zh, en = zh.format_map(values), en.format_map(values)
    return Fault(code, en, place, message_zh=zh)


def _number(text: str) -> Decimal:
    if len(text) > MOST_DIGITS or "e" in text.lower():
        raise _refusal(f"Expected a number as people write it, but found {text[:40]}.", f"数字无法识别：{text[:40]}。")
    return Decimal(text)


def _constant(text: str) -> Any:
    raise _refusal(f"Expected a number, but found {text}.", f"不是数字：{text}。")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _refusal(f"Expected each name once, but found {twice!r} twice.", f"“{twice}”出现两次。")
    return found


def _refusal(message: str, message_zh: str) -> UnsoundDocument:
    return UnsoundDocument(message, (Fault("unsound-document", message, "", message_zh=message_zh),))
