"""The one history of tables: from nothing to the newest revision, and equal to what the code describes."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import migrations
from engine.store.database import open_database, read_transaction
from migrations.everything import metadata


def test_an_empty_database_gets_every_table_and_is_current_then(database_url):
    database = open_database(database_url)
    assert not migrations.is_current(database)

    migrations.upgrade(database)
    migrations.upgrade(database)

    assert migrations.is_current(database)
    assert set(inspect(database).get_table_names()) == set(metadata.tables) | {"alembic_version"}
    database.dispose()


def test_the_migrated_tables_are_those_that_the_code_describes(database_url):
    database = open_database(database_url)
    migrations.upgrade(database)

    with read_transaction(database) as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)

    assert differences == []
    database.dispose()


def test_processes_that_start_together_migrate_once(database_url):
    databases = [open_database(database_url) for _ in range(3)]

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrations.upgrade, databases))

    assert migrations.is_current(databases[0])
    for database in databases:
        database.dispose()


def test_the_newest_revision_by_number_is_the_head_of_alembic():
    assert migrations._newest() == ScriptDirectory.from_config(migrations._config()).get_current_head()


def test_a_start_that_has_nothing_to_migrate_does_not_wait_for_alembic():
    asked = "import sys, migrations, api.bootstrap.readiness; sys.exit('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked]).returncode == 0
