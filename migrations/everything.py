"""Every table of the house on the one MetaData."""

from api.identity import tables as identity_tables
from engine.store.tables import metadata
from processes.budget_performance.ledger import tables as ledger_tables

__all__ = ["identity_tables", "ledger_tables", "metadata"]
