"""Options that commands share: each stands for a setting."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import click
from tqdm import tqdm

from api.bootstrap import Installation, bring_up_to_date, must_be_free, open_installation, storage_told
from api.settings import LANGUAGES, Settings, load_settings

F = TypeVar("F", bound=Callable[..., Any])

_WHERE = (
    click.option("--var-dir", metavar="FOLDER", help="Where the installation keeps what it writes.  [var]"),
    click.option("--database-url", metavar="URL", help="sqlite:///… or postgresql+psycopg://…  [SQLite in --var-dir]"),
    click.option("--tenant-id", metavar="ID", help="Whose data.  [default]"),
    click.option(
        "--second-opinion",
        type=click.Choice(["on", "off"]),
        help="Whether SpiffWorkflow plays what is deployed as well, and a difference refuses it.  [on]",
    ),
)
_HOW = (
    click.option("--host", metavar="ADDRESS", help="Address to listen on.  [127.0.0.1]"),
    click.option("--port", metavar="NUMBER", help="Port to listen on; 0 = a free one.  [8000]"),
    click.option("--threads", metavar="NUMBER", help="Threads that answer requests.  [8]"),
    click.option("--language", type=click.Choice(LANGUAGES), help="Language where nobody asks for one.  [zh]"),
    click.option("--https/--no-https", default=None, help="Whether people come by https.  [no]"),
    click.option("--trusted-proxies", metavar="NUMBER", help="Reverse proxies in front.  [0]"),
)


def with_settings(*, serving: bool = False) -> Callable[[F], F]:
    """Give a command the options of settings, and the settings as its first argument."""

    def decorate(command: F) -> F:
        @wraps(command)
        def run(**options: Any) -> Any:
            names = Settings.__dataclass_fields__.keys() & options.keys()
            settings = load_settings({name: options.pop(name) for name in names})
            if serving:
                must_be_free(settings)
            with storage_told(settings):
                return command(settings, **options)

        for option in reversed(_WHERE + (_HOW if serving else ())):
            run = option(run)
        return run  # pyright: ignore[reportReturnType]

    return decorate


def with_installation(*, serving: bool = False) -> Callable[[F], F]:
    """Give a command the options of settings, and the installation they describe as its first argument."""

    def decorate(command: F) -> F:
        @wraps(command)
        def run(settings: Settings, **options: Any) -> Any:
            installation = open_installation(settings)
            try:
                with _steps(installation) as progress:
                    bring_up_to_date(installation, progress)
                return command(installation, **options)
            finally:
                installation.close()

        return with_settings(serving=serving)(run)  # pyright: ignore[reportReturnType]

    return decorate


@contextmanager
def _steps(installation: Installation) -> Generator[Callable[[str], None]]:
    """A progress bar that appears only when the steps take longer than two seconds."""
    with tqdm(total=2 + len(installation.packages), delay=2, leave=False, unit="step", bar_format=_BAR) as bar:

        def step(name: str) -> None:
            bar.set_description(name, refresh=False)
            bar.update()

        yield step


_BAR = "{desc:<24} {bar} {n_fmt}/{total_fmt}"
