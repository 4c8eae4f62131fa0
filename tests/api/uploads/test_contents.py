"""A file is what its name says and nothing else beside: tricks with types are refused."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from api.uploads.contents import TYPES, Unfit, file_type_of
from tests.api.uploading import JPEG, PDF, PNG, archive, docx

LARGEST = 64 * 1024


def check(tmp_path: Path, name: str, content: bytes) -> str:
    """The code of the refusal; "" if the file fits."""
    path = tmp_path / "file"
    path.write_bytes(content)
    try:
        file_type_of(name).check(path, LARGEST)
    except Unfit as error:
        return error.code
    return ""


def office(main: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(main, "<x/>")
    return made.getvalue()


SOUND = {
    "方案.pdf": PDF,
    "现场.PNG": PNG,
    "现场.jpg": JPEG,
    "现场.jpeg": JPEG,
    "报告.docx": docx(),
    "表.xlsx": office("xl/workbook.xml"),
    "汇报.pptx": office("ppt/presentation.xml"),
    "批复.ofd": archive(OFD_xml=b"<OFD/>"),
    "名单.csv": "单位,金额\n示范一中,800\n".encode(),
    "说明.txt": "说明".encode("gb18030"),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_offices_send_is_taken_in(tmp_path: Path, name: str) -> None:
    assert check(tmp_path, name, SOUND[name]) == ""


def test_every_type_that_is_taken_in_is_shown_above() -> None:
    assert {name.rpartition(".")[2].lower() for name in SOUND} == set(TYPES)


@pytest.mark.parametrize(
    "name",
    [
        *("图.svg", "页.html", "a.htm", "a.js", "a.exe", "a.zip", "a.docm", "a.xlsm", "a.doc"),
        *("a.pdf.", "a.pdf ", "pdf", ""),
    ],
)
def test_other_types_are_refused_by_their_name(tmp_path: Path, name: str) -> None:
    assert check(tmp_path, name, PDF) == "upload-type"


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
TRICKS = {
    "svg called png": ("a.png", SVG),
    "svg called text": ("a.txt", SVG),
    "html called csv": ("a.csv", b"  <html><script>alert(1)</script>"),
    "program called pdf": ("a.pdf", b"MZ\x90\0" + b"\0" * 100),
    "program called text": ("a.txt", b"MZ\x90\0\x03\0\0\0"),
    "pdf that begins later": ("a.pdf", b"GIF89a" + PDF),
    "pdf with a page behind it": ("a.pdf", PDF + b"<html><script>alert(1)</script></html>"),
    "pdf that is an archive, too": ("a.pdf", PDF.replace(b"%%EOF", b"") + archive(a_bin=b"x") + b"%%EOF\n"),
    "pdf without an end": ("a.pdf", b"%PDF-1.7\n" + b"x" * 5_000),
    "png with an archive behind it": ("a.png", PNG + archive(a_bin=b"x")),
    "png cut off": ("a.png", PNG[:-6]),
    "jpeg that is an archive, too": ("a.jpg", JPEG[:-2] + archive(a_bin=b"x") + b"\xff\xd9"),
    "jpeg with a script behind it": ("a.jpg", JPEG + b"<script>"),
    "any archive called docx": ("a.docx", archive(a_bin=b"x")),
    "docx called xlsx": ("a.xlsx", docx()),
    "docx with macros": ("a.docx", docx(word__vbaProject_bin=b"x")),
    "docx with a way out": ("a.docx", docx(**{"..__..__etc__passwd": b"x"})),
    "docx behind a program": ("a.docx", b"MZ" + docx()),
    "docx with a comment": ("a.docx", docx()[:-2] + struct.pack("<H", 4) + b"<a/>"),
    "docx cut off": ("a.docx", docx()[:-30]),
    "nothing called docx": ("a.docx", b"PK\x03\x04"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_not_what_its_name_says_is_refused(tmp_path: Path, trick: str) -> None:
    assert check(tmp_path, *TRICKS[trick]) == "upload-content"


def test_a_bomb_is_refused_whatever_it_says_of_itself(tmp_path: Path) -> None:
    bomb = docx(word__media__a_bin=b"\0" * (LARGEST * 11))
    assert len(bomb) < LARGEST
    assert check(tmp_path, "a.docx", bomb) == "upload-unpacks-too-large"

    size = struct.pack("<I", LARGEST * 11)
    assert check(tmp_path, "a.docx", bomb.replace(size, struct.pack("<I", 10))) in (
        "upload-unpacks-too-large",
        "upload-content",
    )


def test_too_many_parts_are_a_bomb_too(tmp_path: Path) -> None:
    assert check(tmp_path, "a.docx", docx(**{f"p{n}": b"" for n in range(5_001)})) == "upload-unpacks-too-large"


def test_an_encrypted_container_is_refused(tmp_path: Path) -> None:
    sound = docx()
    central = sound.index(b"PK\x01\x02") + 8
    assert check(tmp_path, "a.docx", sound[:central] + b"\x01" + sound[central + 1 :]) == "upload-content"
