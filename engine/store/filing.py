"""What is filed beside the instance: documents before a local service may read them, answers after everything."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import blake2b
from typing import Any

import orjson
from sqlalchemy import Connection

from engine.model.actor import Actor
from engine.model.deeds import Deed, DocumentFiled
from engine.model.value import value
from engine.store import codec
from engine.store.row_changes import RowChanges
from engine.store.statements import send


@value()
class Frame:
    """Whose change it is, and when."""

    tenant_id: str
    actor: Actor
    #: Aware, UTC.
    now: datetime
    #: Whom the actor stands in for in this; None = nobody.
    on_behalf_of: str | None = None

    def row_changes(self, root_id: str) -> RowChanges:
        """An empty collection for one root instance; "" for what stands outside of instances."""
        return RowChanges(self.tenant_id, root_id, self.now, self.actor.user_id, self.on_behalf_of)


#: What JSON would write in a form of its own is told by its `repr`, so that a text never passes for it.
_AS_THEY_ARE = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS

_FILE_DOCUMENT = (
    "INSERT INTO document (tenant_id, business_key, form_key, element_id, version, id, form_ref, root_id, part, "
    "user_task_id, filed_by, filed_at, content) VALUES (?, ?, ?, ?, coalesce((SELECT version FROM document "
    # not max(): SQLite would read all versions
    "WHERE tenant_id = ? AND business_key = ? AND form_key = ? AND element_id = ? ORDER BY version DESC LIMIT 1), 0) "
    "+ 1, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def file_documents(
    connection: Connection, frame: Frame, deeds: Iterable[Deed], make_id: Callable[[datetime], str]
) -> None:
    """Add the next version of each filed form."""
    for deed in deeds:
        if type(deed) is not DocumentFiled:
            continue
        user_task = deed.user_task
        place = (frame.tenant_id, user_task.document_key, deed.form_key, user_task.element_id)
        row = (make_id(frame.now), deed.form_ref, user_task.root_id, user_task.part, user_task.id)
        filed = (frame.actor.user_id, frame.now, codec.encode_text(dict(deed.content)))
        send(connection, _FILE_DOCUMENT, (*place, *place, *row, *filed))
        if frame.on_behalf_of is not None:
            # for whom it was filed is told with its user task; local services read it before that is closed
            text = "UPDATE user_task SET closed_for = ? WHERE tenant_id = ? AND id = ?"
            send(connection, text, (frame.on_behalf_of, frame.tenant_id, user_task.id))


def digest_of(asked: Any) -> str:
    """A short text that is the same for the same request; 32 hexadecimal digits.

    By JSON, because `repr` takes three times as long over the variables of a start.
    """
    try:
        written = orjson.dumps(asked, repr, _AS_THEY_ARE)
    except orjson.JSONEncodeError:
        # whole numbers beyond 64 bits, keys that are no text, halves of characters
        written = repr(asked).encode(errors="surrogatepass")
    return blake2b(written, digest_size=16).hexdigest()


def remember_answer(connection: Connection, frame: Frame, *, key: str, fingerprint: str, answer: str) -> None:
    """Keep an answer for requests with the same idempotency key."""
    text = "INSERT INTO idempotency (tenant_id, actor, key, fingerprint, answer, answered_at) VALUES (?, ?, ?, ?, ?, ?)"
    send(connection, text, (frame.tenant_id, frame.actor.user_id, key, fingerprint, answer, frame.now))
