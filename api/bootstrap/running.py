"""A process that runs: the ticker, the embedded server, the worker."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import date
from types import FrameType
from typing import Any

from flask import Flask
from waitress.server import create_server

from api.bootstrap.garbage import collect_rarely
from api.bootstrap.installation import Installation
from api.bootstrap.packages import bring_years
from api.settings import Settings
from engine.model.calendar import local_day
from engine.model.clock import SystemClock
from engine.model.errors import WrongState
from engine.scheduler import Ticker, run_due_work, sweep
from engine.store.database import write_transaction


class AddressTaken(WrongState):
    """Nobody could be answered at the address: another program listens there, or we may not."""

    code = "address-taken"


def must_be_free(settings: Settings) -> None:
    """Look before anything is prepared whether the address can be listened at.

    Raises:
        AddressTaken: it cannot.
    """
    host, port = settings.host, settings.port
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as listener:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listener.bind(address)
    except OSError as error:
        raise AddressTaken(
            f"Expected to listen on {host}:{port}, but found: {error.strerror}. Name another port: --port NUMBER.",
            host=host,
            port=port,
            reason=error.strerror,
        ) from error


def new_ticker(installation: Installation) -> Ticker:
    """A ticker that does what is due, and once a day what keeps the house tidy. Not started."""
    return Ticker(_round(installation), every_seconds=installation.settings.tick.total_seconds())


@contextmanager
def ticking(ticker: Ticker) -> Generator[None]:
    """Let the ticker knock while the block runs."""
    ticker.start()
    try:
        yield
    finally:
        ticker.stop()


def serve(app: Flask, installation: Installation, ready: Callable[[str], None]) -> None:
    """Answer requests until Ctrl-C or SIGTERM.

    Args:
        ready: is told the address, once requests are taken.
    """
    settings = installation.settings
    server = create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        ident=None,
        max_request_body_size=settings.largest_body,
    )
    collect_rarely()
    # the interrupt ends the server: first its threads, so that nobody writes to a descriptor that was closed
    with _until_stopped():
        ready(_address(settings.host, server))
        server.run()


def work() -> None:
    """Wait, while the ticker works, until Ctrl-C or SIGTERM."""
    collect_rarely()
    with _until_stopped():
        threading.Event().wait()


def _address(host: str, server: Any) -> str:
    """Where people reach the server; a name that stands for several addresses has one socket for each."""
    sockets = getattr(server, "effective_listen", None) or [(host, server.effective_port)]
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{sockets[0][1]}"


@contextmanager
def _until_stopped() -> Generator[None]:
    """SIGTERM ends the block as Ctrl-C does."""

    def end(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def _round(installation: Installation) -> Callable[[], None]:
    tidied_on: list[date] = []
    wall_clock = SystemClock()

    def do() -> None:
        run_due_work(installation.dispatcher)
        today = wall_clock.now().date()
        if tidied_on[-1:] != [today]:
            installation.identity.front_desk.forget_old()
            sweep(installation.dispatcher)
            installation.uploads.sweep()
            with write_transaction(installation.database) as connection:
                bring_years(connection, installation.settings.tenant_id, local_day(installation.clock.now()))
            tidied_on[:] = [today]

    return do
