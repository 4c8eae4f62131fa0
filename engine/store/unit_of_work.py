"""What a unit of work needs of the store: the face the dispatcher sees."""

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from engine.store.apart import write_apart
from engine.store.codec import decode, encode_text
from engine.store.database import is_conflict, is_transient, read_transaction, write_transaction
from engine.store.filing import Frame, digest_of, file_documents, remember_answer
from engine.store.live_cache import LiveCache
from engine.store.reader import GivenAnswer, LockedRoot, read_instance_id
from engine.store.snapshots import at_rest, bound, read_state
from engine.store.step import Step, WriterPorts, Written
from engine.store.writer import new_root, write

__all__ = [
    "Connection",
    "Database",
    "Frame",
    "GivenAnswer",
    "LiveCache",
    "LockedRoot",
    "Step",
    "WriterPorts",
    "Written",
    "at_rest",
    "bound",
    "decode",
    "digest_of",
    "encode_text",
    "file_documents",
    "is_conflict",
    "is_transient",
    "new_root",
    "read_instance_id",
    "read_state",
    "read_transaction",
    "remember_answer",
    "write",
    "write_apart",
    "write_transaction",
]
