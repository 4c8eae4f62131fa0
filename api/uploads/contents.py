"""What a file really is: the allow-list of types, told by name and content alike.

A file is one thing only. What begins as one type and ends as another (a polyglot), what unpacks to a multiple of the
limit (a bomb), and what a browser would run (SVG, HTML) is not among them.
"""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

#: What may be unpacked from a container, as a multiple of the largest file.
UNPACKED = 10
#: Parts of a container.
MOST_PARTS = 5_000
#: Bytes read at once.
BLOCK = 256 * 1024
#: Bytes at the end of a PDF in which its last mark must stand, with nothing but white space behind it.
_PDF_TAIL = 1_024
_EOCD = b"PK\x05\x06"


class Unfit(Exception):
    """The content is not what the name says, or is not allowed. Carries the code of the fault."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class UploadLimits:
    """How much may be attached."""

    #: Bytes of one file.
    largest: int
    #: Files of one user task, and their bytes together.
    files: int
    together: int


@dataclass(frozen=True)
class FileType:
    """A type that is taken in."""

    media_type: str
    #: Raises Unfit.
    check: Callable[[Path, int], None]


def file_type_of(name: str) -> FileType:
    """The type that a name claims. Raises Unfit: it is not among those taken in."""
    found = TYPES.get(name.rpartition(".")[2].lower()) if "." in name else None
    if found is None:
        raise Unfit("upload-type")
    return found


def _pdf(path: Path, largest: int) -> None:
    with path.open("rb") as file:
        _begins(file, b"%PDF-")
        file.seek(max(0, path.stat().st_size - _PDF_TAIL))
        tail = file.read()
    _, mark, behind = tail.rpartition(b"%%EOF")
    if not mark or behind.strip(b"\r\n\t \0"):
        raise Unfit("upload-content")
    _must_not_hold_an_archive(path)


def _png(path: Path, largest: int) -> None:
    with path.open("rb") as file:
        _begins(file, b"\x89PNG\r\n\x1a\n")
        while True:
            head = file.read(8)
            if len(head) < 8:
                raise Unfit("upload-content")
            length = int.from_bytes(head[:4])
            if file.seek(length + 4, 1) > path.stat().st_size:
                raise Unfit("upload-content")
            if head[4:] == b"IEND":
                break
        if length or file.read(1):
            raise Unfit("upload-content")  # something stands behind the end


def _jpeg(path: Path, largest: int) -> None:
    with path.open("rb") as file:
        _begins(file, b"\xff\xd8\xff")
        file.seek(-2, 2)
        if file.read() != b"\xff\xd9":
            raise Unfit("upload-content")
    _must_not_hold_an_archive(path)


def _text(path: Path, largest: int) -> None:
    content = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text or text.lstrip()[:1] == "<":
            raise Unfit("upload-content")
        return
    raise Unfit("upload-content")


def _container(main: str, *others: str) -> Callable[[Path, int], None]:
    """A zip with a certain main part, and neither macros nor a way out of its folder."""

    def check(path: Path, largest: int) -> None:
        with path.open("rb") as file:
            _begins(file, b"PK\x03\x04")
        try:
            with zipfile.ZipFile(path) as archive:
                if archive.comment or archive.start_dir <= 0:
                    raise Unfit("upload-content")
                names = {each.filename for each in archive.infolist()}
                if not {main, *others} <= names or any(_is_harmful(name) for name in names):
                    raise Unfit("upload-content")
                _must_unpack_within(archive, largest * UNPACKED)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
            raise Unfit("upload-content") from error

    return check


def _is_harmful(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return name.startswith(("/", "\\")) or ".." in parts or ":" in name or parts[-1].lower() == "vbaproject.bin"


def _must_unpack_within(archive: zipfile.ZipFile, budget: int) -> None:
    """Unpacks into nothing, because what a container says of its sizes may be a lie."""
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > budget:
        raise Unfit("upload-unpacks-too-large")
    for each in parts:
        if each.flag_bits & 1:
            raise Unfit("upload-content")  # encrypted: nobody can look into it
        with archive.open(each) as part:
            while block := part.read(BLOCK):
                budget -= len(block)
                if budget < 0:
                    raise Unfit("upload-unpacks-too-large")


def _begins(file: BinaryIO, magic: bytes) -> None:
    if file.read(len(magic)) != magic:
        raise Unfit("upload-content")


def _must_not_hold_an_archive(path: Path) -> None:
    """An archive is read from its end: one behind or inside of a picture or document opens as both."""
    if zipfile.is_zipfile(path):
        raise Unfit("upload-content")
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 66_000))
        if _EOCD in file.read():
            raise Unfit("upload-content")


_OFFICE = "application/vnd.openxmlformats-officedocument."
#: Ending → what it must be.
TYPES: Mapping[str, FileType] = {
    "pdf": FileType("application/pdf", _pdf),
    "ofd": FileType("application/ofd", _container("OFD.xml")),
    "docx": FileType(
        f"{_OFFICE}wordprocessingml.document", _container("[Content_Types].xml", "word/document.xml")
    ),
    "xlsx": FileType(f"{_OFFICE}spreadsheetml.sheet", _container("[Content_Types].xml", "xl/workbook.xml")),
    "pptx": FileType(
        f"{_OFFICE}presentationml.presentation", _container("[Content_Types].xml", "ppt/presentation.xml")
    ),
    "png": FileType("image/png", _png),
    "jpg": FileType("image/jpeg", _jpeg),
    "jpeg": FileType("image/jpeg", _jpeg),
    "txt": FileType("text/plain; charset=utf-8", _text),
    "csv": FileType("text/csv; charset=utf-8", _text),
}
