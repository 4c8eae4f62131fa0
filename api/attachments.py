"""Attached files on the wire, the same for pages and doors."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast
from urllib.parse import quote

from flask import Response, request, send_file

from engine.model.upload import Upload


def sent_file() -> tuple[str, BinaryIO]:
    """Name and content of the part `file`; both empty where there is none."""
    part = request.files.get("file")
    return ("", cast(BinaryIO, request.stream)) if part is None else (part.filename or "", cast(BinaryIO, part.stream))


def attachment(found: Upload, path: Path) -> Response:
    """A file to be saved, never shown: a browser runs nothing of it and guesses no type."""
    answer = send_file(path, mimetype=found.media_type, conditional=False, etag=False)
    plain = "".join(sign if (sign.isascii() and sign.isalnum()) or sign in "-._" else "_" for sign in found.name)
    answer.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
