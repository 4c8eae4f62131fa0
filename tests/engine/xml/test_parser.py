"""The attack list on XML (RELIABILITY section 3) and what must still be read."""

from __future__ import annotations

import gc
import re
import time
from pathlib import Path

import pytest

from engine.xml import MAXIMUM_BYTES, MAXIMUM_DEPTH, RefusedXml, parse_xml

REPOSITORY = Path(__file__).parents[3]

BILLION_LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(b'<!ENTITY lol%d "%s">' % (n, b"&lol%d;" % (n - 1) * 10) for n in range(1, 10))
    + b"]><lolz>&lol9;</lolz>"
)
QUADRATIC_BLOWUP = b'<!DOCTYPE a [<!ENTITY x "' + b"x" * 100_000 + b'">]><a>' + b"&x;" * 50_000 + b"</a>"
ATTACKS = {
    "file through an entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        "xml-document-type",
    ),
    "address through an entity": (
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "http://169.254.169.254/latest/">]><a>&x;</a>',
        "xml-document-type",
    ),
    "parameter entity": (b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x.dtd"> %x;]><a/>', "xml-document-type"),
    "billion laughs": (BILLION_LAUGHS, "xml-document-type"),
    "quadratic blow-up": (QUADRATIC_BLOWUP, "xml-document-type"),
    "external document type": (b'<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>', "xml-document-type"),
    "public document type": (b'<!DOCTYPE a PUBLIC "-//x" "x.dtd"><a/>', "xml-document-type"),
    "empty document type": (b"<!DOCTYPE a><a/>", "xml-document-type"),
    "document type behind comments": (
        b'<?xml version="1.0"?><!-- <a> --><?x y?>\n<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        "xml-document-type",
    ),
    "document type in UTF-16": ('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16"), "xml-document-type"),
    "document type in UTF-16 without a mark": ("<!DOCTYPE a><a/>".encode("utf-16-le"), "xml-document-type"),
    "document type in UTF-7": (
        b'<?xml version="1.0" encoding="UTF-7"?>+ADw-+ACE-DOCTYPE a+AD4-<a/>',
        "xml-encoding",
    ),
    "undeclared entity": (b"<a>&x;</a>", "xml-malformed"),
    "too deep": (b"<a>" * 500_000, "xml-too-deep"),
    "just too deep": (b"<a>" * (MAXIMUM_DEPTH + 1) + b"</a>" * (MAXIMUM_DEPTH + 1), "xml-too-deep"),
    "too large": (b"<a>" + b" " * MAXIMUM_BYTES + b"</a>", "xml-too-large"),
    "too many elements": (b"<a>" + b"<b/>" * 700_000 + b"</a>", "xml-too-many-elements"),
    "not XML": (b"PK\x03\x04 a zip", "xml-malformed"),
    "nothing": (b"", "xml-malformed"),
    "zero bytes": (b"<a>\x00</a>", "xml-malformed"),
    "cut off": (b"<a><b>", "xml-malformed"),
    "two roots": (b"<a/><a/>", "xml-malformed"),
    "doubled attribute": (b'<a x="1" x="2"/>', "xml-malformed"),
    "unbound prefix": (b"<x:a/>", "xml-malformed"),
    "unknown encoding": (b'<?xml version="1.0" encoding="x-none"?><a/>', "xml-encoding"),
    "not a text encoding": (b'<?xml version="1.0" encoding="zlib"?><a/>', "xml-encoding"),
    "wrong bytes": (b"<a>\xff\xfe</a>", "xml-encoding"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_dangerous_or_broken_document_is_refused_at_once_with_its_reason(name: str) -> None:
    payload, code = ATTACKS[name]
    gc.disable()
    fastest = 1.0
    try:
        for _ in range(3):
            started = time.perf_counter()
            with pytest.raises(RefusedXml) as refusal:
                parse_xml(payload)
            fastest = min(fastest, time.perf_counter() - started)
    finally:
        gc.enable()

    assert refusal.value.faults[0]["code"] == code
    assert fastest < 0.050


def test_an_entity_never_reaches_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("s3cret")

    with pytest.raises(RefusedXml) as refusal:
        parse_xml(f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]><a>&x;</a>'.encode())

    assert "s3cret" not in str(refusal.value)


def test_an_inclusion_is_only_an_element() -> None:
    root = parse_xml(b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></a>')

    assert root[0].text is None and root[0].get("href") == "/etc/passwd"


def test_a_malformed_document_names_the_place() -> None:
    with pytest.raises(RefusedXml) as refusal:
        parse_xml(b"<a>\n<b></a>")

    assert str(refusal.value).startswith("Expected well-formed XML, but line 2, column ")
    assert refusal.value.facts["line"] == 2


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("ISO-8859-1", "Überprüfung"),
        ("windows-1252", "Prüfung €"),
        ("GB2312", "绩效目标"),
        ("GBK", "绩效目標"),
        ("gb18030", "绩效㐂"),
        ("Big5", "績效"),
        ("Shift_JIS", "評価"),
        ("UTF-8", "绩效"),
        ("UTF-16", "绩效"),
        ("US-ASCII", "score"),
    ],
)
def test_a_declared_encoding_is_read(encoding: str, text: str) -> None:
    root = parse_xml(f'<?xml version="1.0" encoding="{encoding}"?>\n<a name="{text}">{text}</a>'.encode(encoding))

    assert (root.text, root.get("name"), root.sourceline) == (text, text, 2)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_is_no_text(mark: bytes) -> None:
    assert parse_xml(mark + "<a>绩效</a>".encode()).text == "绩效"


def test_predefined_entities_and_character_references_are_text() -> None:
    assert parse_xml(b"<a>a &lt; b &amp;&#38; c &#x7EE9;<![CDATA[<d>]]></a>").text == "a < b && c 绩<d>"


def test_a_comment_inside_a_text_does_not_cut_it() -> None:
    assert parse_xml(b"<a>amount <!-- yuan -->&gt; 5</a>").text == "amount > 5"


def test_nesting_up_to_the_limit_is_read() -> None:
    assert parse_xml(b"<a>" * MAXIMUM_DEPTH + b"</a>" * MAXIMUM_DEPTH).tag == "a"


def test_no_other_room_parses_xml_by_itself() -> None:
    parsing = re.compile(r"etree\.(parse|fromstring|fromstringlist|iterparse|XML|XMLParser|XMLPullParser|HTML)\(")
    other = re.compile(r"^\s*(?:from|import)\s+(?:xml\.|defusedxml|bs4|xmltodict|pyexpat)", re.MULTILINE)
    offenders = [
        str(path.relative_to(REPOSITORY))
        for room in ("engine", "forms", "processes", "web", "api", "migrations")
        for path in (REPOSITORY / room).rglob("*.py")
        if path.parent != REPOSITORY / "engine" / "xml"
        and (parsing.search(text := path.read_text(encoding="utf-8")) or other.search(text))
    ]

    assert offenders == []
