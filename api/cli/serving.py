"""`serve` and `worker`: processes that run until they are stopped."""

from __future__ import annotations

import logging

import click

from api.bootstrap import Installation, application, new_ticker, ticking, work
from api.bootstrap import serve as answer_requests
from api.cli.options import with_installation


@click.command()
@with_installation(serving=True)
@click.option("--no-ticker", is_flag=True, help="Leave timers and messages to workers beside this process.")
def serve(installation: Installation, no_ticker: bool) -> None:
    """Serve the pages and the REST interface.

    Brings the database up to date first. Stops on Ctrl-C or SIGTERM; requests under way are finished.
    """
    _log_to_standard_error()
    ticker = None if no_ticker else new_ticker(installation)
    app = application(installation, ticker=ticker)

    def ready(address: str) -> None:
        click.echo(f"{address}  (OpenAPI: {address}/api/v1/openapi.json)")

    if ticker is None:
        answer_requests(app, installation, ready)
        return
    with ticking(ticker):
        answer_requests(app, installation, ready)


@click.command()
@with_installation()
def worker(installation: Installation) -> None:
    """Run timers and messages beside other servers.

    Any number may run on one PostgreSQL: each due row is taken by one of them.
    """
    _log_to_standard_error()
    click.echo(f"{installation.settings.database.split('://')[0]}: watching what becomes due, Ctrl-C to stop")
    with ticking(new_ticker(installation)):
        work()


def _log_to_standard_error() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
