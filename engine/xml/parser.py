"""XML without teeth: no document type, no entities, no network, bounded in size, depth and number of elements.

Source of the threats: OWASP ASVS 5.0, 1.5.1 (XML external entities) and RELIABILITY section 3. The checks run in the
order of their cost, so that a refusal takes milliseconds whatever was sent.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from lxml import etree

from engine.model.errors import Fault, Invalid
from engine.xml.element import Element
from engine.xml.encodings import UnreadableEncoding, to_utf8

#: A 2,000-node diagram with its layout takes 2 MB.
MAXIMUM_BYTES = 5 * 1024 * 1024
#: libxml2 itself stops at 256; a diagram needs some six levels and one more for each nested sub-process.
MAXIMUM_DEPTH = 200
#: Opening angle brackets: bounds the time and memory that 5 MB of `<a/>` would take.
MAXIMUM_ELEMENTS = 300_000

#: White space, comments and processing instructions before whatever comes first.
_PROLOG = re.compile(rb"(?:\s+|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)


class RefusedXml(Invalid):
    """The bytes are not an XML document that the house reads. `faults[0]["code"]` says why."""

    code: ClassVar[str] = "xml-refused"

    def __init__(self, code: str, message: str, **facts: Any) -> None:
        super().__init__(message, [Fault(code, message, **facts)], reason=code, **facts)


def parse_xml(source: bytes) -> Element:
    """The root element of a document; comments and processing instructions are left out, lines are kept.

    Raises:
        RefusedXml: too big, too deep, with a document type, in an unknown encoding, or not well formed.
    """
    if len(source) > MAXIMUM_BYTES:
        raise RefusedXml(
            "xml-too-large",
            f"Expected at most {MAXIMUM_BYTES} bytes of XML, but found {len(source)}.",
            bytes=len(source),
            maximum=MAXIMUM_BYTES,
        )
    try:
        text = to_utf8(source)
    except UnreadableEncoding as error:
        raise RefusedXml(
            "xml-encoding",
            f"Expected a document in an encoding that is read here, but found {error}.",
            encoding=error.encoding,
        ) from None
    _refuse_document_type(text)
    brackets = text.count(b"<")
    if brackets > 2 * MAXIMUM_ELEMENTS:
        raise RefusedXml(
            "xml-too-many-elements",
            f"Expected at most {MAXIMUM_ELEMENTS} elements, but found {brackets} angle brackets.",
            maximum=MAXIMUM_ELEMENTS,
        )
    root = _parse(text)
    _refuse_depth(root)
    return root


def _refuse_document_type(text: bytes) -> None:
    prolog = _PROLOG.match(text)
    first = prolog.end() if prolog else 0
    if text[first : first + 9].upper() == b"<!DOCTYPE":
        raise RefusedXml(
            "xml-document-type",
            "Expected XML without a document type declaration, but found <!DOCTYPE …>. Delete the declaration: "
            "it could name files, addresses and entities.",
        )


def _parse(text: bytes) -> Element:
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        no_network=True,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise RefusedXml(
            "xml-too-deep" if "depth" in error.msg else "xml-malformed",
            f"Expected well-formed XML, but line {line}, column {column}: {error.msg.split(',')[0]}.",
            line=line,
            column=column,
        ) from None
    if root.getroottree().docinfo.doctype:
        raise RefusedXml("xml-document-type", "Expected XML without a document type declaration, but found one.")
    return root


def _refuse_depth(root: Element) -> None:
    depth = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > MAXIMUM_DEPTH:
            raise RefusedXml(
                "xml-too-deep",
                f"Expected at most {MAXIMUM_DEPTH} nested elements, but line {element.sourceline} is deeper.",
                line=element.sourceline,
                maximum=MAXIMUM_DEPTH,
            )
