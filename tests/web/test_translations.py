"""English is complete: every Chinese text of the pages has its translation, and every translation a text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.pofile import read_po

from web.words import TRANSLATIONS

WEB = TRANSLATIONS.parent
_CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_IN_TEMPLATE = re.compile(r"""_\(\s*'((?:[^'\\]|\\.)*)'""")


def _in_code(path: Path) -> Iterator[str]:
    """Chinese texts of a module; what explains the code is none of them."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CHINESE.search(node.value):
            yield node.value
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = ""  # a docstring; walked after its statement


def _texts() -> set[str]:
    templates = (each.read_text(encoding="utf-8") for each in sorted(WEB.rglob("*.html")))
    said = {text for template in templates for text in _IN_TEMPLATE.findall(template)}
    return said | {text for path in sorted(WEB.rglob("*.py")) for text in _in_code(path)}


def _translated() -> dict[str, tuple[str, ...]]:
    with (TRANSLATIONS / "en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    found: dict[str, tuple[str, ...]] = {}
    for message in catalogue:
        if message.id:
            many = not isinstance(message.id, str)
            found[message.id[0] if many else message.id] = message.string if many else (message.string,)
    return found


def test_every_text_has_its_translation_and_every_translation_a_text():
    assert _texts() == set(_translated())


def test_no_translation_is_empty_or_still_chinese():
    left = [text for text, said in _translated().items() if not all(said) or _CHINESE.search("".join(said))]

    assert left == []


def test_facts_are_the_same_in_both_languages():
    places = re.compile(r"%\(\w+\)s")

    for text, said in _translated().items():
        assert all(set(places.findall(each)) == set(places.findall(text)) for each in said), text
