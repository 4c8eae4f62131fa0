"""`demo`: the model district, played and served."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from tqdm import tqdm

from api.bootstrap import application, new_ticker, ticking
from api.bootstrap import serve as answer_requests
from api.bootstrap.demonstration import fast_forward as go_on
from api.bootstrap.demonstration import is_played, open_played, prepare, settings_of
from api.cli.options import with_settings

#: Some people whom the address is printed for; everybody has the same password.
SHOWN = ("edu1.proj", "health2.proj", "hous.head", "street.perf", "fin.perf", "fin.perf.lead", "gov.sup", "designer")


@click.command()
@with_settings(serving=True)
@click.option(
    "--fast-forward",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Let time pass in the district until the evening of that day: people take up what waits for them, the year "
    "ends, every project comes to its result.",
)
def demo(settings: Any, fast_forward: datetime | None) -> None:
    """Play the year of a fictitious district and serve it.

    The play is kept: a later start goes on where the last one stopped. Stops on Ctrl-C or SIGTERM.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    own = settings_of(settings)
    if not is_played(own):
        with _days() as progress:
            prepare(own, progress)
    if fast_forward is not None:
        with _days() as progress:
            go_on(own, fast_forward.date().isoformat(), progress)
    played = open_played(own)
    ticker = new_ticker(played.installation)
    app = application(played.installation, ticker=ticker, demonstration=played.demonstration)

    def ready(address: str) -> None:
        click.echo(f"\n  {address}\n")
        click.echo(f"  密码 password (everybody): {played.password}")
        for person in played.demonstration.people:
            if person.user_id in SHOWN:
                click.echo(f"  {person.user_id:14} {person.name}")
        click.echo(
            f"\n  {len(played.demonstration.people)} people; one click on {address}/login lets you be any of them."
        )

    try:
        with ticking(ticker):
            answer_requests(app, played.installation, ready)
    finally:
        played.installation.close()


@contextmanager
def _days() -> Generator[Callable[[str], None]]:
    """A progress bar over the days on which somebody acts."""
    with tqdm(unit="day", desc="playing 2026", bar_format="{desc} {n_fmt} {unit}s {elapsed} {postfix}") as bar:

        def step(day: str) -> None:
            bar.set_postfix_str(day, refresh=False)
            bar.update()

        yield step
