"""What is measured against is kept true: the floor follows the tables, a completion is one transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from benchmarks import closed_loop, floor
from benchmarks.contenders import Floor, Product
from benchmarks.databases import SQLITE, databases
from engine.store.database import read_transaction
from engine.store.tables import metadata

#: Rows of one run that both write.
WRITTEN = ("document", "history", "idempotency", "instance_state", "message", "process_instance", "timer", "user_task")


def test_the_floor_writes_the_rows_that_the_product_writes() -> None:
    with databases(SQLITE) as made:
        product = Product(made.new("product"), "product")
        alone = Floor(made.new("floor"), product.watched(7), 7)
        alone.prepare([1])
        alone.start(1)
        for _ in range(closed_loop.USER_TASKS):
            alone.complete(1)

        counts: list[dict[str, int]] = []
        for database, runs in ((made.opened("product"), 2), (made.opened("floor"), 1)):
            with read_transaction(database) as connection:
                tables = [metadata.tables[name] for name in WRITTEN]
                found = {each.name: connection.scalar(select(func.count()).select_from(each)) or 0 for each in tables}
            counts.append({name: number // runs for name, number in found.items()})

    assert counts[0] == counts[1]


def test_a_completion_is_one_transaction() -> None:
    with databases(SQLITE) as made:
        product = Product(made.new("product"), "product")
        commits = [sent.commits for sent in product.watched(7)]

    # the last completion sends a message that nobody waits for
    assert commits == [1] * (closed_loop.USER_TASKS + 1)


def test_a_table_that_the_floor_does_not_know_is_noticed() -> None:
    with pytest.raises(floor.FloorOutOfDate, match="INSERT INTO novelty"):
        floor.transaction_of([("INSERT INTO novelty (a) VALUES (?)", (1,))])
