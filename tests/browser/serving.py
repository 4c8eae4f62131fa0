"""The server that the product uses, before a browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from waitress.server import create_server


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Answer requests on a free port of this machine; the address.

    werkzeug's own server leaves the file that it is sending open when a browser hangs up in the middle.
    """
    sockets: dict[int, Any] = {}
    server = create_server(app, map=sockets, host="127.0.0.1", port=0, threads=8)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()

        def hang_up() -> None:
            server.trigger.del_channel()
            for each in list(sockets.values()):
                each.handle_close()

        # the loop ends when it has no socket left; only its own thread may take them away, and what it is called by
        # stays open until nobody calls any more
        server.trigger.pull_trigger(hang_up)
        thread.join()
        server.trigger.close()
