"""What a deployment is decided on: what is deployed so far, and the files as they were examined."""

from __future__ import annotations

from collections.abc import Mapping

from engine.commands.examination import Examination
from engine.kernel.environment import DeadlinePort
from engine.model.value import value


@value(kw_only=True)
class LatestVersion:
    """The newest version of a process or decision."""

    version: int
    #: Hexadecimal, of the file it came in.
    sha256: str


@value(kw_only=True)
class DeploySubject:
    """What is deployed so far: (kind, key) -> newest version."""

    latest: Mapping[tuple[str, str], LatestVersion]
    #: First instants of timer start events are told by it.
    deadlines: DeadlinePort
    #: The files, read and checked before the lock; None where nothing is decided.
    examination: Examination | None
