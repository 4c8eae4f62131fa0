"""Every table of the engine: whoever creates or migrates a database imports this, so that none is forgotten."""

from engine.store import (
    conversation_tables,
    definition_tables,
    instance_tables,
    register_tables,
    upload_tables,
    wait_tables,
)
from engine.store.metadata import metadata

__all__ = [
    "conversation_tables",
    "definition_tables",
    "instance_tables",
    "metadata",
    "register_tables",
    "upload_tables",
    "wait_tables",
]
