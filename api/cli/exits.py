"""Exit codes of the command line, and the language it speaks."""

from __future__ import annotations

import os

from api.settings import LANGUAGES

EXIT_REFUSED = 1
EXIT_USAGE = 2
EXIT_MISSING = 3
EXIT_INTERRUPTED = 130


def language() -> str:
    """Language of what is printed: BIHUAN_LANGUAGE, else Chinese."""
    wanted = os.environ.get("BIHUAN_LANGUAGE", LANGUAGES[0])
    return wanted if wanted in LANGUAGES else LANGUAGES[0]
