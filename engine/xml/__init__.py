"""The one hardened XML parser: every file that enters the house goes through `parse_xml`."""

from engine.xml.element import Element
from engine.xml.parser import MAXIMUM_BYTES, MAXIMUM_DEPTH, MAXIMUM_ELEMENTS, RefusedXml, parse_xml

__all__ = ["MAXIMUM_BYTES", "MAXIMUM_DEPTH", "MAXIMUM_ELEMENTS", "Element", "RefusedXml", "parse_xml"]
