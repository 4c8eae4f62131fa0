"""Writes the next revision: what the code describes and the newest revision does not.

    python -m migrations "tables of hearings"

Read it before you commit it: Alembic sees columns, keys and indexes, but no renaming and no data. A released revision
is never changed again.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import migrations
from engine.store.database import open_database


def main() -> None:
    """Compare on a scratch database and write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("message", help="what the revision is about, in a few words")
    message = parser.parse_args().message
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'scratch.sqlite'}")
        print(migrations.write_next_revision(database, message))
        database.dispose()


if __name__ == "__main__":
    main()
