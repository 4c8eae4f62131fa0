"""Files examined where no database is open: as a new installation would, with its packages and settings in place."""

from __future__ import annotations

from collections.abc import Mapping

from api.bootstrap.calendar import published_calendar
from api.bootstrap.equipment import equipment
from api.bootstrap.functions import feel_functions
from engine.bpmn import thrown_messages
from engine.commands.examination import Deployed, Examination, examine
from engine.commands.handed_in import read_files
from engine.commands.means import Means
from engine.kernel.graph import Graph
from engine.model.errors import EngineError

#: Settings that user tasks are due by.
_DEADLINES = "due."
#: Settings that remind of user tasks.
_LADDERS = "ladder."


class Workbench:
    """Examines files one after the other; they know one another, and what the packages bring."""

    def __init__(self, files: Mapping[str, bytes], *, second_opinion: bool) -> None:
        functions = feel_functions(published_calendar)
        brought = equipment(functions)
        self._means = Means(
            functions=functions,
            names=brought.names,
            services=frozenset(brought.services),
            opinion_stage=brought.opinion_stage(second_opinion),
        )
        keys: dict[tuple[str, str], str] = {}
        graphs: list[Graph] = []
        everything = {name: xml for package in brought.packages for name, xml in package.files.items()} | dict(files)
        for name, content in everything.items():
            self._add(name, content, keys, graphs)
        configured = {row.key for package in brought.packages for row in package.settings}
        self._deployed = Deployed(
            sha256=keys,
            thrown_messages=thrown_messages(graphs),
            deadlines=frozenset(key for key in configured if key.startswith(_DEADLINES)),
            ladders=frozenset(key.removeprefix(_LADDERS) for key in configured if key.startswith(_LADDERS)),
        )

    def examine(self, files: Mapping[str, bytes]) -> Examination:
        """What a deployment of these files would say. Raises RefusedDeployment, with every fault."""
        return examine(files, self._deployed, self._means)

    def _add(self, name: str, content: bytes, keys: dict[tuple[str, str], str], graphs: list[Graph]) -> None:
        """Remember what a file would bring; one that cannot be read brings nothing."""
        try:
            handed = read_files({name: content}, self._means)
        except EngineError:
            return
        for each in handed.found:
            keys[each.kind, each.key] = ""  # whatever is examined counts as changed
            if each.graph is not None:
                graphs.append(each.graph)
