"""Commands do not import one another, nor the store: what several need lies in a room of its own beside them."""

from __future__ import annotations

from collections.abc import Iterable

from engine.dispatcher.rules import RULES
from tests.architecture.sources import Source, product

ROOM = "engine.commands."


def command_modules() -> set[str]:
    """Modules that hold a command or its decision, as the table of rules knows them."""
    return {command.__module__ for command in RULES} | {rule.decide.__module__ for rule in RULES.values()}


def crossings(sources: Iterable[Source], commands: set[str]) -> list[str]:
    """Imports of a command by a module of the same room, and imports of the store."""
    found: list[str] = []
    for source in sources:
        if not source.is_in("engine.commands") or source.module == "engine.commands":
            continue  # the room's face names all of them
        for imported, line in source.imports():
            target = next((each for each in commands if imported == each or imported.startswith(f"{each}.")), None)
            if target not in (None, source.module) or imported.startswith("engine.store"):
                found.append(f"{source.path}:{line} imports {imported}")
    return found


def test_commands_import_neither_one_another_nor_the_store() -> None:
    assert crossings(product(), command_modules()) == []


def test_every_command_of_the_room_is_in_the_table_of_rules() -> None:
    """Else the rule above would not look at it."""
    exported = {
        name
        for source in product()
        if source.module == "engine.commands"
        for imported, _ in source.imports()
        if (name := imported.rpartition(".")[2])[:1].islower()
    }
    assert exported - {rule.decide.__name__ for rule in RULES.values()} == {"answer_of"}


def test_a_planted_import_is_found() -> None:
    other = Source("engine/commands/claim_user_task.py", "from engine.commands.save_draft import SaveDraft\n")
    drawer = Source("engine/commands/values.py", "import engine.commands.save_draft\n")
    store = Source("engine/commands/save_draft.py", "from engine.store import reader\n")
    sound = Source("engine/commands/save_draft.py", "from engine.commands.values import as_variables\n")

    assert len(crossings([other], command_modules())) == 1
    assert len(crossings([drawer], command_modules())) == 1
    assert len(crossings([store], command_modules())) == 1
    assert crossings([sound], command_modules()) == []
