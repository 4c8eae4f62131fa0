"""Attached files for tests: a desk over the small district, and small files of every kind."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

from api.uploads import UploadDesk, UploadLimits
from engine.model.identifiers import Uuid7Source
from tests.api.conftest import District
from tests.api.district import TENANT

#: Small, so that tests reach them.
LIMITS = UploadLimits(largest=64 * 1024, files=5, together=200 * 1024)
PDF = b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


#: One grey point.
PNG = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress(b"\0\x80"))
    + _chunk(b"IEND", b"")
)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"


def make_uploads(district: District, var_dir: Path, *, limits: UploadLimits = LIMITS, scanner: str = "") -> UploadDesk:
    folder = var_dir / "uploads"
    return UploadDesk(district.database, folder, limits, district.clock, Uuid7Source(), TENANT, scanner)


def archive(**parts: bytes) -> bytes:
    """A zip; `word__document_xml` becomes word/document.xml."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return made.getvalue()


def docx(**more: bytes) -> bytes:
    """A container with what makes it a Word document."""
    types = {"[Content_Types]_xml": b"<Types/>"}
    return archive(**types, word__document_xml=b"<document/>", **more)
