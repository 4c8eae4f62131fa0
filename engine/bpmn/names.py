"""What a diagram is called in other languages than the one it is drawn in.

The property `name.<language>` of anything that is drawn with a name, as the panel of a drawing tool writes it:

    <camunda:property name="name.en" value="Fill in the goal" />
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from engine.bpmn.account import Account
from engine.bpmn.vocabulary import FLOW_NODES, bpmn, camunda, without_prefix
from engine.xml import Element

#: Names of what people see in the picture; those of messages, signals and errors are keys that programs use.
CALLED = frozenset(
    bpmn(tag)
    for tag in (
        "process", "participant", "lane", "sequenceFlow", "messageFlow", "dataObjectReference", "dataStoreReference",
        *FLOW_NODES,
    )
)  # fmt: skip
_PROPERTY = re.compile(r"name\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)")
_HOLDERS = [camunda("properties"), bpmn("extensionElements")]
#: Id of an element -> language as in BCP 47 -> what it is called.
Names = Mapping[str, Mapping[str, str]]


def is_name(property_name: str) -> bool:
    """Whether a camunda:property says what its element is called."""
    return _PROPERTY.fullmatch(property_name.strip()) is not None


def read_names(account: Account) -> Names:
    """The names of everything that is drawn, each taken. One without a value, or a second one, stays unread."""
    for each in _properties(account.root):
        holder = each.element.getparent()
        if holder is not None:
            account.take(holder)
        account.take(each.element)
        account.attribute(each.element, "name")
        account.attribute(each.element, "value")
    return names_in(account.root)


def names_in(root: Element) -> Names:
    """The names of everything that is drawn in a document."""
    found: dict[str, dict[str, str]] = {}
    for each in _properties(root):
        found.setdefault(each.owner_id, {})[each.language] = each.name
    processes = {process.get("id", ""): process for process in root.iter(bpmn("process"))}
    for pool in root.iter(bpmn("participant")):
        process = processes.get(without_prefix(pool.get("processRef", "")))
        # a pool is nearly always called as its process: what is written once holds for both
        if process is not None and process.get("name") == pool.get("name"):
            called = {**found.get(process.get("id", ""), {}), **found.get(pool.get("id", ""), {})}
            found |= {pool.get("id", ""): called} if called else {}
    return found


class _Property(NamedTuple):
    """A property that names something drawn."""

    element: Element
    owner_id: str
    language: str
    name: str


def _properties(root: Element) -> Iterator[_Property]:
    seen: set[tuple[str, str]] = set()
    for element in root.iter(camunda("property")):
        match = _PROPERTY.fullmatch(element.get("name", "").strip())
        name = element.get("value", "").strip()
        around = list(islice(element.iterancestors(), 3))
        is_drawn = [each.tag for each in around[:2]] == _HOLDERS and len(around) == 3 and around[2].tag in CALLED
        if match is None or not name or not is_drawn or not around[2].get("id"):
            continue
        owner_id, language = around[2].get("id", ""), match[1]
        if (owner_id, language) not in seen:
            seen.add((owner_id, language))
            yield _Property(element, owner_id, language, name)
