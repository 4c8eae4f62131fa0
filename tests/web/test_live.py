"""What a page tells the browser of a form, and what it keeps."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from forms.form import Form
from forms.schema import read_form
from web.user_task.live import IN_THE_BROWSER, OWN, left_fields, live_description, sent


def form(*properties: str, checks: str = "") -> Form:
    """A form of properties, each `name: type widget more`."""
    text = f"""{{"x-form": {{"key": "f", "version": 1, "title_zh": "表", "title_en": "Form", "form_no": ""}},
        "type": "object", "properties": {{{", ".join(properties)}}}, "x-checks": [{checks}]}}"""
    return read_form(text.encode(), "f.json")


def number(name: str, **more: str) -> str:
    keys = {"x-" + key.replace("_", "-"): text for key, text in more.items()}
    described = {"type": "number", "title": name, "x-title-en": name, "x-widget": "number", **keys}
    return f'"{name}": {json.dumps(described)}'


def described(a_form: Form, name: str, **variables: Any) -> dict[str, Any]:
    whole = live_description(a_form, {}, variables, "zh")
    return next(field for field in whole["fields"] if field["name"] == name)


def test_an_expression_comes_with_the_names_it_reads():
    a_form = form(number("a"), number("b", calculated="a * rate + 1"))

    assert described(a_form, "b")["calculated"] == {"source": "a * rate + 1", "names": ["a", "rate"]}


def test_only_variables_that_the_browser_reads_are_sent():
    a_form = form(number("a"), number("b", calculated="a * rate"), number("c", calculated="string(secret)"))
    variables = {"rate": Decimal("1.5"), "secret": "x", "other": 1, "a": 7}

    assert live_description(a_form, {}, variables, "zh")["variables"] == {"rate": {"n": "1.5"}}


def test_what_the_form_gives_is_sent_and_what_a_person_typed_is_not():
    a_form = form(number("a", prefill="x", readonly="yes"), number("b"), number("c", calculated="a + b"))
    values = {"a": Decimal(3), "b": "打了一半", "c": Decimal(4)}

    assert live_description(a_form, values, {}, "zh")["given"] == {"a": {"n": "3"}}


def test_what_only_the_server_knows_is_left_to_it():
    a_form = form(
        number("day", calculated="today().day"),
        number("two", calculated='string length(upper case("ab"))'),
        number("whole", calculated="count(context)"),
        number("power", calculated="1e3 + 1"),
        number("live", calculated="floor(2.5)"),
        number("shown", visible_when="now() = null"),
    )

    assert left_fields(a_form) == {"day", "two", "whole", "power", "shown"}
    assert described(a_form, "day")["calculated"]["left"] is True
    assert "left" not in described(a_form, "live")["calculated"]


def test_a_field_with_the_name_of_a_function_is_read_and_the_function_called():
    a_form = form(number("total"), number("rate", calculated="if total > 0 then total([total, 1]) else 0"))

    assert described(a_form, "rate")["calculated"]["names"] == ["total"]
    assert left_fields(a_form) == frozenset()


def test_a_field_with_the_name_of_a_function_of_feelin_leaves_the_call_to_the_server():
    a_form = form(number("count"), number("rate", calculated="count([1, 2])"))

    assert left_fields(a_form) == {"rate"}


def test_checks_speak_the_readers_language():
    check = '{"code": "HIGH", "when": "a > 1", "path": "a", "message_zh": "过高 {a}", "message_en": "Too high: {a}"}'
    a_form = form(number("a"), checks=check)

    texts = [live_description(a_form, {}, {}, language)["checks"][0]["message"] for language in ("zh", "en")]

    assert texts == ["过高 {a}", "Too high: {a}"]


def test_values_are_sent_so_that_nothing_is_rounded_on_the_way():
    value = {
        "amount": Decimal("0.10"),
        "large": Decimal("1E+20"),
        "day": date(2026, 3, 1),
        "list": [None, True, "文"],
        "instant": datetime(2026, 3, 1, tzinfo=UTC),
    }

    assert sent(value) == {
        "c": {
            "amount": {"n": "0.10"},
            "large": {"n": "100000000000000000000"},
            "day": {"d": "2026-03-01"},
            "list": [None, True, "文"],
            "instant": {"u": True},
        }
    }
    assert sent(list(range(3000))) == {"u": True}


@pytest.mark.parametrize("guide", ["designer.en.md", "designer.zh.md"])
def test_the_guide_names_every_function_of_the_browser(guide: str):
    text = (Path("docs/guide") / guide).read_text(encoding="utf-8")
    rounding = {name for name in IN_THE_BROWSER if name.startswith("round ")}

    assert len(rounding) == 4 and "`round …`" in text
    assert [name for name in sorted(IN_THE_BROWSER - rounding) if f"`{name}`" not in text] == []


def test_what_the_browser_has_of_its_own_is_the_list_of_the_script():
    script = Path("web/assets/scripts/live/expressions.js").read_text(encoding="utf-8")
    own = re.search(r"const OWN = \{(.*?)\n\};", script, re.DOTALL)

    assert own is not None
    assert set(re.findall(r'^  "?([a-z][a-z ]*?)"?:', own[1], re.MULTILINE)) | {"sum"} == OWN
