"""Settings: one frozen object, read once from options and BIHUAN_* variables, and passed on.

An option beats a variable, a variable beats the default. Ciphers, clocks and connections are not settings.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from engine.model.errors import Fault, Invalid, WrongState

#: Languages that texts exist in; the first is the house's own.
LANGUAGES = ("zh", "en")
#: File in `var_dir` that holds the secret of this installation.
SECRET_FILE = "secret.key"
#: Fewer characters than this can be guessed.
SECRET_LENGTH = 32


class UnsoundSettings(Invalid):
    """Options or BIHUAN_* variables do not fit; holds every fault."""

    code = "unsound-settings"


class StorageUnusable(WrongState):
    """Where the installation keeps what it writes, nothing can be kept."""

    code = "storage-unusable"


class VarDirUnusable(StorageUnusable):
    """The folder of the installation cannot be made, read or written."""

    code = "var-dir-unusable"

    def __init__(self, var_dir: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(
            f"Expected a folder at {var_dir} that can be written (--var-dir), but found: {reason}.",
            path=str(var_dir),
            reason=reason,
        )


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How this installation runs."""

    #: Where the installation keeps what it writes: database, secret. Made with mode 0700.
    var_dir: Path = Path("var")
    #: SQLAlchemy address; empty means SQLite in `var_dir`.
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    #: Language of those who have chosen none and whose browser asks for none: "zh" or "en".
    language: str = "zh"
    tenant_id: str = "default"
    #: Whether people reach the house by https; cookies are then `__Host-` and `Secure`.
    https: bool = False
    #: Reverse proxies in front whose X-Forwarded-For is believed; 0 = none.
    trusted_proxies: int = 0
    #: Threads that answer requests in the embedded server.
    threads: int = 8
    #: A session ends when it has not been used for so long.
    session_idle: timedelta = timedelta(minutes=30)
    #: A session ends so long after login, however busy.
    session_lifetime: timedelta = timedelta(hours=12)
    #: Failed logins are counted over this time.
    login_window: timedelta = timedelta(minutes=15)
    #: Failures of one account, and from one address, after which the next try is refused.
    login_failures_per_account: int = 5
    login_failures_per_address: int = 30
    #: Longest life of a bearer token.
    token_lifetime: timedelta = timedelta(days=365)
    #: Largest request body, in bytes.
    body_limit: int = 6 * 1024 * 1024
    #: Largest attached file; most files of one user task, and their bytes together.
    upload_limit: int = 20 * 1024 * 1024
    uploads_per_user_task: int = 50
    upload_quota: int = 200 * 1024 * 1024
    #: Command that is given the path of every attached file and ends with 0 where it is clean; empty = none.
    upload_scanner: str = ""
    #: Whether SpiffWorkflow plays what is deployed as well, and a difference refuses it: "on" or "off".
    second_opinion: bool = True
    #: Time between two ticks of the embedded clock.
    tick: timedelta = timedelta(seconds=1)
    #: Signs login forms and hides account names in the list of login attempts; every node needs the same one.
    secret_key: str = field(repr=False)

    @property
    def largest_body(self) -> int:
        """Bytes of the largest request that any route takes: an attached file with what stands around it."""
        return max(self.body_limit, self.upload_limit + 64 * 1024)

    @property
    def database(self) -> str:
        """The SQLAlchemy address in force."""
        return self.database_url or f"sqlite:///{(self.var_dir / 'bihuan.sqlite3').as_posix()}"


def load_settings(options: Mapping[str, Any] | None = None, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; `options` holds what was typed, None where nothing was.

    Makes `var_dir` and the secret file when they are not there.

    Raises:
        UnsoundSettings: holds a fault for every value that does not fit.
        VarDirUnusable: the folder cannot be made or written.
    """
    environment = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    faults: list[Fault] = []
    for name in (each.name for each in fields(Settings)):
        typed = (options or {}).get(name)
        text = typed if typed is not None else environment.get(f"BIHUAN_{name.upper()}")
        if text is None:
            continue
        try:
            values[name] = _READERS[name](text) if isinstance(text, str) else text
        except _Unfit as unfit:
            message = f"Expected {unfit.expected} for {name}, but found {text!r}."
            faults.append(Fault(unfit.code, message, name, found=text, **unfit.facts))
    secret = values.get("secret_key")
    if secret is not None and len(secret) < SECRET_LENGTH:
        text = f"Expected at least {SECRET_LENGTH} characters for secret_key, but found {len(secret)}."
        faults.append(Fault("setting-too-short", text, "secret_key", shortest=SECRET_LENGTH))
    if faults:
        raise UnsoundSettings(" ".join(fault["message"] for fault in faults), faults)
    var_dir = values.get("var_dir", Path("var"))
    try:
        var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        values.setdefault("secret_key", secret or _secret_of(var_dir / SECRET_FILE))
    except OSError as error:
        raise VarDirUnusable(var_dir, error) from error
    return Settings(**values)


def _secret_of(path: Path) -> str:
    """The installation's secret: made once, readable by its owner only; two processes that start together agree."""
    if not path.exists():
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # the other process was faster; its secret is the one
        finally:
            draft.unlink()
    if path.stat().st_mode & 0o077:
        raise UnsoundSettings(
            f"Expected only the owner to be able to read {path}, but others may; run: chmod 600 {path}", path=str(path)
        )
    secret = path.read_text(encoding="ascii").strip()
    if len(secret) < SECRET_LENGTH:
        raise UnsoundSettings(
            f"Expected at least {SECRET_LENGTH} characters in {path}, but found {len(secret)}.", path=str(path)
        )
    return secret


class _Unfit(Exception):
    """A text that is no value of a setting: what was expected, in English and as a code with facts."""

    def __init__(self, code: str, expected: str, **facts: Any) -> None:
        super().__init__(expected)
        self.code = code
        self.expected = expected
        self.facts = facts


def _number(text: str, lowest: int, highest: int) -> int | None:
    fits = text.isascii() and text.isdigit() and lowest <= int(text) <= highest
    return int(text) if fits else None


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = _number(text, lowest, highest)
        if number is None:
            expected = f"a whole number from {lowest} to {highest}"
            raise _Unfit("setting-no-whole-number", expected, lowest=lowest, highest=highest)
        return number

    return read


def _seconds(lowest: int, highest: int) -> Callable[[str], timedelta]:
    def read(text: str) -> timedelta:
        number = _number(text, lowest, highest)
        if number is None:
            expected = f"seconds from {lowest} to {highest}"
            raise _Unfit("setting-no-seconds", expected, lowest=lowest, highest=highest)
        return timedelta(seconds=number)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise _Unfit("setting-none-of", " or ".join(words), words="、".join(words))
        return text

    return read


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("1", "0", "true", "false", "yes", "no"):
        raise _Unfit("setting-none-of", "yes or no", words="yes、no")
    return text.lower() in ("1", "true", "yes")


def _on_or_off(text: str) -> bool:
    return _one_of("on", "off")(text.lower()) == "on"


_YEAR = 366 * 24 * 3600
_READERS: dict[str, Callable[[str], Any]] = {
    "var_dir": Path,
    "database_url": str,
    "host": str,
    "port": _whole(0, 65535),
    "language": _one_of(*LANGUAGES),
    "tenant_id": str,
    "https": _yes_or_no,
    "trusted_proxies": _whole(0, 8),
    "threads": _whole(1, 256),
    "upload_limit": _whole(1024, 1024**3),
    "uploads_per_user_task": _whole(1, 10_000),
    "upload_quota": _whole(1024, 1024**4),
    "upload_scanner": str,
    "session_idle": _seconds(60, _YEAR),
    "session_lifetime": _seconds(60, _YEAR),
    "login_window": _seconds(60, _YEAR),
    "login_failures_per_account": _whole(1, 1000),
    "login_failures_per_address": _whole(1, 100_000),
    "token_lifetime": _seconds(60, 10 * _YEAR),
    "body_limit": _whole(1024, 1 << 30),
    "second_opinion": _on_or_off,
    "tick": _seconds(1, 60),
    "secret_key": str,
}
