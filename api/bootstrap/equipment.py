"""What the house brings along before any database is open: packages, roles, forms, and the names diagrams may use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.identity.roles import RoleCatalogue, merged, read_role_file
from api.settings import LANGUAGES
from engine.bpmn import KnownNames, in_child_process
from engine.bpmn.second_opinion import Stage
from engine.feel import FeelFunction
from engine.model.extension import ASKS as ASKS_FOR_EXTENSION
from engine.model.opinion import ASKS as ASKS_FOR_OPINION
from engine.model.ports import ServiceHandler
from engine.model.withdrawal import ASKS as ASKS_FOR_WITHDRAWAL
from forms.form import Form
from forms.schema import read_forms
from processes.catalog import ProcessPackage, packages

#: Messages that the engine itself sends: somebody asks for an extension, to take work back, or for an opinion.
OF_THE_ENGINE = frozenset({ASKS_FOR_EXTENSION, ASKS_FOR_OPINION, ASKS_FOR_WITHDRAWAL})


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """The same for every installation of this release."""

    packages: tuple[ProcessPackage, ...]
    catalogue: RoleCatalogue
    forms: tuple[Form, ...]

    @property
    def services(self) -> Mapping[str, ServiceHandler]:
        """Local handlers by the name that service nodes give."""
        return {name: handler for package in self.packages for name, handler in package.handlers.items()}

    @property
    def names(self) -> KnownNames:
        """Forms, roles, clauses, and messages that programs, ladders and the engine itself send; what is deployed and
        configured comes besides.
        """
        sent = _all((*package.senders, *_of_ladders(package)) for package in self.packages)
        return KnownNames(
            forms=frozenset(form.key for form in self.forms),
            roles=frozenset(self.catalogue.roles),
            clauses=_all(package.clauses for package in self.packages),
            thrown_messages=sent | OF_THE_ENGINE,
            languages=frozenset(LANGUAGES),
            gates={key: gates for package in self.packages for key, gates in package.gates.items()},
        )

    def opinion_stage(self, wanted: bool) -> Stage | None:
        """Where SpiffWorkflow plays what is deployed; None where nobody wants its opinion."""
        return in_child_process if wanted else None


def equipment(functions: Mapping[str, FeelFunction]) -> Equipment:
    """Read it from its files.

    Args:
        functions: what expressions of forms may call beside the built-in ones.
    """
    found = packages()
    return Equipment(
        packages=found,
        catalogue=merged(read_role_file(package.roles) for package in found),
        forms=tuple(read_forms(functions=functions)),
    )


def senders_of(brought: Iterable[ProcessPackage]) -> Mapping[str, frozenset[str]]:
    """Message -> roles whose holders may send it; none for what only processes send to one another."""
    senders: dict[str, frozenset[str]] = {}
    for package in brought:
        senders |= dict.fromkeys(package.among_processes, frozenset[str]())
        senders |= package.senders
    return senders


def _of_ladders(package: ProcessPackage) -> frozenset[str]:
    """Messages that rungs of the package's ladders send."""
    ladders = [row.value for row in package.settings if row.key.startswith("ladder.")]
    return frozenset(rung["message"] for rungs in ladders for rung in rungs if "message" in rung)


def _all(names: Iterable[Iterable[str]]) -> frozenset[str]:
    return frozenset(name for some in names for name in some)
