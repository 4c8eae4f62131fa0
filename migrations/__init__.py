"""The one history of the database: engine, ledger and identity."""
