"""T1: kill -9 at random while two processes complete user tasks; then look whether anything is wrong.

    python -m tests.crash.storm                             # 10,000 completions, 200 kills, SQLite and PostgreSQL
    python -m tests.crash.storm --database postgresql+psycopg://… --seed 7

Without an address it brings its own databases: a file of its own and a PostgreSQL that ends with it.
Every choice follows from the seed, which is printed; when each kill strikes is up to the machine. Exit code 1 when the
checker finds something.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import select
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.commands import CompleteUserTask
from engine.model.actor import Actor
from engine.model.errors import EngineError
from engine.queries import InboxList, inbox
from engine.store.database import open_database
from tests.crash.checker import violations
from tests.crash.office import CLERKS, DIAGRAM, USER_TASKS_AN_INSTANCE, ledger_metadata, ports, submission
from tests.crash.planted import BUGS, take_nets_away
from tests.house import House
from tests.servers import create_database, postgres_server

#: How many of the first open user tasks a worker chooses from: few, so that two often want the same one.
CHOICE = 4
#: A worker that is refused so often in a row gives up: what is open cannot be completed any more.
REFUSALS = 200
#: How long after its moment a kill strikes at most: some completions are under way then.
LONGEST_PAUSE_SECONDS = 0.02


def prepare(url: str, instances: int, bug: str) -> None:
    """A new database with the office's process deployed and instances started."""
    house = House.at(url, ports())
    ledger_metadata.create_all(house.database)
    if bug == "no-lock":
        with house.database.begin() as connection:
            take_nets_away(connection)
    house.deploy(crash=DIAGRAM)
    for number in range(instances):
        house.start("crash", f"CASE:{number}")
    house.close()


def work(url: str, actor: Actor, bug: str, seed: int, acknowledgements: int) -> None:
    """One worker: completes what it finds until nothing is open, and notes each acknowledgement at once."""
    database = open_database(url)
    BUGS[bug](database)
    house = House(database, ports(), create=False)
    chance = random.Random(seed)
    refusals = 0
    while refusals < REFUSALS and (items := house.ask(inbox, actor, InboxList.CLAIMABLE, limit=CHOICE).items):
        item = chance.choice(items)
        command = CompleteUserTask(actor=actor, user_task_id=item.id, submission=submission(item.element_id, chance))
        try:
            house.dispatcher.dispatch(command, f"complete:{item.id}")
        except EngineError:
            refusals += 1
        else:
            refusals = 0
            os.write(acknowledgements, f"{item.id} {actor.user_id}\n".encode())


class Storm:
    """Keeps two workers running and kills them."""

    def __init__(self, url: str, bug: str, seed: int, folder: Path) -> None:
        self._url = url
        self._bug = bug
        self._chance = random.Random(seed)
        self._file = folder / "acknowledged"
        self._acknowledgements = os.open(self._file, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        self._workers: dict[int, Actor] = {}

    def rage(self, completions: int, kills: int) -> int:
        """Kill so often, spread over four fifths of the work; then let the workers finish. Returns the kills."""
        struck = 0
        moments = sorted(self._chance.randrange(completions * 4 // 5 + 1) for _ in range(kills))
        for clerk in CLERKS:
            self._spawn(clerk)
        while struck < kills and self._goes_on_until(moments[struck]):
            _pause(self._chance.uniform(0, LONGEST_PAUSE_SECONDS))
            process = self._chance.choice(sorted(self._workers))
            os.kill(process, signal.SIGKILL)
            struck += 1
            _, status = os.waitpid(process, 0)
            clerk = self._workers.pop(process)
            if os.WIFSIGNALED(status):
                self._spawn(clerk)
        while self._workers:
            process, status = os.wait()
            self._has_ended(process, status)
        return struck

    def _goes_on_until(self, completions: int) -> bool:
        """Wait for so many acknowledgements; False once a worker has nothing more to do, or gives up."""
        while len(self._workers) == len(CLERKS) and len(self.acknowledged()) < completions:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process:
                self._has_ended(process, status)
            _pause(0.002)
        return len(self._workers) == len(CLERKS)

    def _has_ended(self, process: int, status: int) -> None:
        del self._workers[process]
        if status and self._bug == "none":
            raise RuntimeError(f"A worker ended by itself with status {status}.")

    def acknowledged(self) -> dict[str, str]:
        """user task -> actor."""
        lines = (line.split() for line in self._file.read_text().splitlines())
        return {words[0]: words[1] for words in lines if len(words) == 2}

    def _spawn(self, clerk: Actor) -> None:
        seed = self._chance.randrange(2**32)
        sys.stdout.flush()
        process = os.fork()
        if process:
            self._workers[process] = clerk
            return
        code = 1
        try:
            work(self._url, clerk, self._bug, seed, self._acknowledgements)
            code = 0
        finally:
            os._exit(code)


def _pause(seconds: float) -> None:
    select.select((), (), (), seconds)


def weather(url: str, chosen: argparse.Namespace) -> int:
    """One storm over an empty database; prints what came of it as JSON. Returns how many violations were found."""
    instances = -(-chosen.completions // USER_TASKS_AN_INSTANCE)
    prepare(url, instances, chosen.bug)
    with TemporaryDirectory() as folder:
        storm = Storm(url, chosen.bug, chosen.seed, Path(folder))
        kills = storm.rage(instances * USER_TASKS_AN_INSTANCE, chosen.kills)
        acknowledged = storm.acknowledged()
    database = open_database(url)
    found = violations(database, acknowledged, all_ended=True)
    told = {
        "database": database.dialect.name,
        "completions": instances * USER_TASKS_AN_INSTANCE,
        "kills": kills,
        "acknowledged": len(acknowledged),
        "violations": len(found),
        "first": found[:5],
    }
    database.dispose()
    print(json.dumps(told, ensure_ascii=False), flush=True)
    return len(found)


@contextlib.contextmanager
def own_databases() -> Iterator[tuple[str, ...]]:
    """Addresses of two empty databases that vanish at the end: SQLite and PostgreSQL, both writing through to disk."""
    with TemporaryDirectory() as folder, postgres_server() as server:
        yield f"sqlite:///{folder}/storm.sqlite", create_database(server.url(), "storm")


def main() -> int:
    """Storms over the database named, or over one of each kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", help="address of an empty database; without it one of each kind is made")
    parser.add_argument("--completions", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**32))
    parser.add_argument("--bug", choices=sorted(BUGS), default="none", help="plant a bug the checker must find")
    chosen = parser.parse_args()
    print(f"seed {chosen.seed}", flush=True)
    named = contextlib.nullcontext((chosen.database,)) if chosen.database else own_databases()
    with named as addresses:
        found = [weather(address, chosen) for address in addresses]
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main())
