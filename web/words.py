"""The words of the pages: Chinese is written in the templates, English comes from `translations/en.po`.

The catalogue is read when the house opens, so nothing has to be compiled beforehand. A text without a translation is a
fault that the tests find.
"""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

TRANSLATIONS = Path(__file__).parent / "translations"


@cache
def catalogue(language: str) -> NullTranslations:
    """The translations of one language; the source language translates to itself."""
    path = TRANSLATIONS / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return Translations(compiled)


def say(text: str, language: str, **facts: object) -> str:
    """A text of the pages in a language, with the facts put in (%(name)s)."""
    said = catalogue(language).ugettext(text)
    return said % facts if facts else said


def say_count(text: str, language: str, count: int) -> str:
    """A text about a number, %(count)s, in the form the language has for it: 1 day, 2 days."""
    return catalogue(language).ungettext(text, text, count) % {"count": count}
