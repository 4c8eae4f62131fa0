"""A browser that leaves while it is answered."""

from __future__ import annotations

import os
import socket
import struct
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from tests.browser.serving import served
from tests.web.office import Office
from web.chrome import BUILD

#: The connection is torn down (RST) instead of being closed in order.
_AT_ONCE = struct.pack("ii", 1, 0)


def _open_files(folder: Path) -> list[str]:
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(descriptor)
        except OSError:
            continue
        if target.startswith(f"{folder}{os.sep}"):
            found.append(target)
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux lists a process's open files")
def test_no_file_stays_open_when_browsers_hang_up(office: Office) -> None:
    largest = max(BUILD.rglob("*.js"), key=lambda file: file.stat().st_size)
    path = f"/static/build/{largest.relative_to(BUILD).as_posix()}"
    with served(office.app) as address:
        place = urlsplit(address)
        for _ in range(30):
            with socket.create_connection((place.hostname, place.port)) as browser:
                browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
                browser.sendall(f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
                browser.recv(1)
                browser.sendall(b"GET /never HTTP/1.1\r\n")
        with urlopen(f"{address}{path}") as answer:
            assert len(answer.read()) == largest.stat().st_size
    assert _open_files(BUILD) == []
