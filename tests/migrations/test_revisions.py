"""The written revisions make the same schema as the code, clause for clause, and can be taken back."""

from __future__ import annotations

import re
import sys
from pathlib import Path

from alembic import command
from sqlalchemy import Engine

import migrations
from engine.store.database import open_database, write_transaction
from migrations.everything import metadata

_POSTGRES_SCHEMA = """
SELECT 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
       || ' ' || coalesce(numeric_precision::text, '') || ' ' || coalesce(character_maximum_length::text, '')
FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'alembic_version'
UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'
UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'
"""
#: Between clauses, not within the brackets of one.
_COMMA = re.compile(r",\s+(?![^(]*\))")
_SQLITE_SCHEMA = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name <> 'alembic_version'"


def schema(database: Engine) -> set[str]:
    """Every column, index and constraint as the database tells it."""
    with database.connect() as connection:
        if database.dialect.name == "postgresql":
            return {row[0] for row in connection.exec_driver_sql(_POSTGRES_SCHEMA)}
        statements = [row[0] for row in connection.exec_driver_sql(_SQLITE_SCHEMA)]
    return {clause for statement in statements for clause in _clauses(statement)}


def _clauses(statement: str) -> set[str]:
    """The lines of a CREATE statement with its first words, however they are laid out."""
    head, _, body = statement.partition("\n")
    # SQLite writes a column that was added into the line of the one before it
    parts = (part for line in body.splitlines() for part in _COMMA.split(line))
    lines = (" ".join(part.replace('"', "").split()).rstrip(",") for part in parts)
    plain_head = " ".join(head.replace('"', "").split())
    return {f"{plain_head} {line}".strip() for line in lines if line not in ("", ")")} or {plain_head}


def test_the_revisions_make_what_the_code_describes(database_url: str) -> None:
    database = open_database(database_url)
    metadata.create_all(database)
    described = schema(database)
    metadata.drop_all(database)

    migrations.upgrade(database)

    assert schema(database) == described
    database.dispose()


def test_the_revisions_can_be_taken_back(database_url: str) -> None:
    database = open_database(database_url)
    migrations.upgrade(database)
    with write_transaction(database) as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")

    assert schema(database) == set()
    database.dispose()


def test_no_revision_asks_the_code_for_its_tables() -> None:
    """A released revision stays as it is, whatever the code becomes."""
    for path in Path(migrations.__file__).parent.glob("versions/*.py"):
        lines = path.read_text(encoding="utf-8").splitlines()
        imports = [line.split()[1].partition(".")[0] for line in lines if line.startswith(("import ", "from "))]
        assert set(imports) <= {"sqlalchemy", "alembic", *sys.stdlib_module_names}
