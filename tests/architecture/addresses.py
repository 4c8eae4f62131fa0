"""What a committed file must not name: where packages come from, and the machine it was written on."""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Hosts of package registries and their mirrors. A user's own settings say where packages come from.
REGISTRY = re.compile(
    r"pypi\.(org|python\.org|tuna)|pythonhosted\.org|registry\.(npmjs|yarnpkg|npmmirror)|npmmirror\.com|npm\.taobao"
    r"|mirrors?\.(aliyun|tencent|cloud\.tencent|huaweicloud|163|ustc|tuna)|repo\.huaweicloud|jsr\.io|unpkg\.com"
    r"|jsdelivr\.net|cdnjs\.cloudflare"
)
MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(root|work|home/\w+|Users/\w+)/[\w.-]")
LOCK_FILE = re.compile(r"(^|/)(package-lock\.json|.*\.lock)$")
ADDRESS = re.compile(r"https?://|\"resolved\"|--index-url|--find-links")


def forbidden_words(path: str, text: str) -> Iterator[str]:
    """Lines that name a registry or a path of this machine; in lock files, any address at all."""
    patterns = {"a package registry": REGISTRY, "a path of one machine": MACHINE_PATH}
    if LOCK_FILE.search(path):
        patterns["an address in a lock file (npm run lock, or uv pip compile --no-header)"] = ADDRESS
    for number, line in enumerate(text.splitlines(), start=1):
        for what, pattern in patterns.items():
            match = pattern.search(line)
            if match:
                yield f"{path}:{number} names {what}: {match.group()}"
