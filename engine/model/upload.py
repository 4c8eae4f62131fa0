"""A file that somebody has attached while filling in a form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file as its row stands; its bytes lie outside of the database."""

    id: str
    #: Where it was attached.
    user_task_id: str
    #: Under which the documents of the case are filed.
    document_key: str
    #: As the person called it.
    name: str
    media_type: str
    size_bytes: int
    #: Hexadecimal, of the bytes.
    sha256: str
    #: Random; tells nothing.
    stored_as: str
    uploaded_by: str
    #: Aware, UTC.
    uploaded_at: datetime
