"""The servers that tests talk to: a PostgreSQL of our own on a free loopback port, and a Chromium.

Finding and starting only; `tests/machine.py` installs what is missing. A server dies with the process that started it,
even by kill -9, and its folder is swept away by the next start.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
from psycopg import sql

#: Oldest PostgreSQL the product supports.
POSTGRES_OLDEST = 15
#: A start or a stop that takes longer has failed (seconds).
PATIENCE_SECONDS = 60.0

_FOLDER_PREFIX = "bihuan-postgres-"
_CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


class Missing(Exception):
    """Something the machine does not have; `remedy` is the command that would bring it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"Not here: {what}. To get it: {remedy}")
        self.what = what
        self.remedy = remedy


POSTGRES_REMEDY = "sudo apt-get install postgresql (or another package of PostgreSQL 15 or newer)"
CHROMIUM_REMEDY = "sudo apt-get install chromium, or .venv/bin/python -m playwright install --with-deps chromium"
CHINESE_FONT_REMEDY = "sudo apt-get install fontconfig fonts-noto-cjk"


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


def find_postgres_folder() -> Path:
    """The folder with `initdb` and `postgres` of the newest usable version on this machine.

    Raises:
        Missing: no PostgreSQL of version 15 or newer.
    """
    candidates = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    candidates += Path("/usr/lib/postgresql").glob("*/bin")
    candidates += [Path("/usr/local/bin"), Path("/usr/local/pgsql/bin")]
    candidates += Path("/opt/homebrew/opt").glob("postgresql@*/bin")
    found: list[tuple[int, Path]] = []
    for folder in dict.fromkeys(candidates):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            found.append((_postgres_version(folder), (folder / "postgres").resolve().parent))
    usable = [entry for entry in found if entry[0] >= POSTGRES_OLDEST]
    if not usable:
        raise Missing(f"PostgreSQL {POSTGRES_OLDEST} or newer (server programs)", POSTGRES_REMEDY)
    return max(usable)[1]


def _postgres_version(folder: Path) -> int:
    """Major version, 0 if the program does not run."""
    try:
        answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=30)
    except OSError:
        return 0
    match = re.search(r"(\d+)", answer.stdout)
    return int(match.group(1)) if answer.returncode == 0 and match else 0


class PostgresServer:
    """One PostgreSQL cluster in a temporary folder, with a password of its own.

    `stop` and `start` may be called again and again (a test that takes the database away); `remove` ends it.
    """

    def __init__(self, *, fsync: bool = True) -> None:
        """Create the cluster, not yet started. `fsync=False` is for tests that do not measure and do not pull plugs.

        Raises:
            Missing: no usable PostgreSQL on this machine.
        """
        self._programs = find_postgres_folder()
        self._account = _unprivileged_account()
        sweep_abandoned_folders()
        self._folder = Path(tempfile.mkdtemp(prefix=_FOLDER_PREFIX, dir=_folder_open_to_all()))
        (self._folder / "owner.pid").write_text(str(os.getpid()))
        self._password = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._fsync = fsync
        self.port = _free_port()
        try:
            self._create_cluster()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def url(self, database: str = "postgres") -> str:
        """SQLAlchemy address of a database."""
        return f"postgresql+psycopg://bihuan:{self._password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start and wait until connections are accepted.

        Raises:
            RuntimeError: it did not come up; holds the end of its log.
        """
        log = self._folder / "log"
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 200,
            "fsync": "on" if self._fsync else "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self._folder / "cluster", *options],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent(),
                **self._account,
            )
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while True:
            with contextlib.suppress(psycopg.OperationalError), _connect(self.url(), connect_timeout=5):
                return
            if self._process.poll() is not None or time.monotonic() > give_up_at:
                self.stop(signal.SIGQUIT)
                raise RuntimeError("PostgreSQL did not start:\n" + log.read_text(errors="replace")[-3000:])
            time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one (as after a crash)."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
            try:
                self._process.wait(PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._process = None

    def remove(self) -> None:
        """Stop at once and delete everything."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _create_cluster(self) -> None:
        password_file = self._folder / "password"
        password_file.write_text(self._password)
        password_file.chmod(0o600)
        if "user" in self._account:
            for path in (self._folder, password_file):
                os.chown(path, int(self._account["user"]), int(self._account["group"]))
        command = [self._programs / "initdb", "-D", self._folder / "cluster", "-U", "bihuan", "-E", "UTF8"]
        command += ["--no-locale", "--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync"]
        answer = subprocess.run(command, capture_output=True, text=True, cwd=self._folder, **self._account)
        if answer.returncode != 0:
            raise RuntimeError(f"initdb failed:\n{answer.stdout}{answer.stderr}")
        password_file.unlink()


@contextlib.contextmanager
def postgres_server(*, fsync: bool = True) -> Iterator[PostgresServer]:
    """A running PostgreSQL for the length of a `with` block.

    Raises:
        Missing: no usable PostgreSQL on this machine.
    """
    server = PostgresServer(fsync=fsync)
    try:
        server.start()
        yield server
    finally:
        server.remove()


def create_database(server_url: str, name: str, template: str = "template0") -> str:
    """Create a database beside `server_url`, empty or as a copy of `template`; returns its address."""
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
    with _connect(server_url) as connection:
        connection.execute(statement)
    return server_url.rsplit("/", 1)[0] + "/" + name


def drop_database(server_url: str, name: str) -> None:
    """Drop a database, throwing out whoever is still connected."""
    with _connect(server_url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _connect(url: str, **options: int) -> psycopg.Connection:
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True, **options)


def sweep_abandoned_folders() -> None:
    """Delete the clusters of test runs that were killed before they could tidy up."""
    for folder in _folder_open_to_all().glob(f"{_FOLDER_PREFIX}*"):
        with contextlib.suppress(OSError, ValueError):
            owner = int((folder / "owner.pid").read_text())
            try:
                os.kill(owner, 0)
            except ProcessLookupError:
                shutil.rmtree(folder, ignore_errors=True)


def _folder_open_to_all() -> Path:
    """Where an unprivileged account can reach a folder of its own: the usual place, unless root keeps it closed."""
    usual = Path(tempfile.gettempdir()).resolve()
    everybody_may_enter = all(folder.stat().st_mode & 0o001 for folder in (usual, *usual.parents))
    return usual if os.geteuid() != 0 or everybody_may_enter else Path("/tmp")


def _unprivileged_account() -> dict[str, int | list[int]]:
    """Arguments for subprocess: PostgreSQL refuses to run as root, so root lends it another account."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(name)
            return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    raise Missing("an unprivileged account for PostgreSQL, which refuses to run as root", "sudo useradd postgres")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _die_with_parent() -> Callable[[], None] | None:
    """A step between fork and exec that asks Linux for SIGQUIT when the parent dies; None on other systems."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    set_parent_death_signal = 1
    return lambda: prctl(set_parent_death_signal, int(signal.SIGQUIT))


# --- Chromium -------------------------------------------------------------------------------------------------------


def find_chromium() -> Path:
    """A Chromium that runs: `BIHUAN_CHROMIUM`, one on the PATH, or the one playwright has installed.

    Raises:
        Missing: none of them runs.
    """
    chosen = os.environ.get("BIHUAN_CHROMIUM")
    candidates = [chosen] if chosen else [*map(shutil.which, _CHROMIUM_NAMES), *_MAC_APPLICATIONS]
    for candidate in filter(None, candidates):
        if _answers(candidate):
            return Path(candidate)
    of_playwright = None if chosen else _chromium_of_playwright()
    if of_playwright is None:
        raise Missing("Chromium (a browser for the page tests)", CHROMIUM_REMEDY)
    return of_playwright


def _chromium_of_playwright() -> Path | None:
    caches = (os.environ.get("PLAYWRIGHT_BROWSERS_PATH"), "~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    for cache in filter(None, caches):
        for pattern in patterns:
            for candidate in sorted(Path(cache).expanduser().glob(pattern), reverse=True):
                if _answers(str(candidate)):
                    return candidate
    return None


def _answers(program: str) -> bool:
    try:
        return subprocess.run([program, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def require_chinese_font() -> None:
    """Pages are Chinese first; without a font they are boxes.

    Raises:
        Missing: fontconfig knows no font for Chinese.
    """
    if sys.platform != "linux":
        return  # macOS brings its own
    lister = shutil.which("fc-list")
    answer = lister and subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True, text=True).stdout
    if not answer:
        raise Missing("a Chinese font for the page tests", CHINESE_FONT_REMEDY)
