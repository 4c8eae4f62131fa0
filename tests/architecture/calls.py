"""Calls that have one home, or none."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.architecture.sources import Source


@dataclass(frozen=True)
class Rule:
    """A call that is forbidden outside its homes."""

    #: Matches the call as written, up to the parenthesis: "datetime.now", "connection.commit".
    pattern: re.Pattern[str]
    #: Modules where it is right.
    homes: tuple[str, ...]
    #: What to do instead.
    instead: str


def _rule(pattern: str, *homes: str, instead: str) -> Rule:
    return Rule(re.compile(pattern), homes, instead)


RULES = (
    _rule(r"(builtins\.)?(eval|exec|compile|__import__)$", instead="nothing that is read may be run: use engine.feel"),
    _rule(r"os\.(system|popen)$|subprocess\.(getoutput|getstatusoutput)$", instead="subprocess.run with a list"),
    _rule(
        r"(\w+\.)*(etree|ElementTree|ET|objectify|minidom|sax|html|iterparse)"
        r"\.(parse|fromstring|fromstringlist|parseString|XML|HTML|XMLParser|XMLPullParser|HTMLParser|iterparse)$",
        "engine.xml",
        instead="engine.xml.parse_xml refuses what is dangerous",
    ),
    _rule(
        r".*\.add_(bpmn|dmn)_(file|files|files_by_glob|io|str)$",
        instead="SpiffWorkflow would parse by itself: give it the tree of engine.xml.parse_xml",
    ),
    _rule(
        r"(.*\.)?commit$",
        "engine.dispatcher",
        instead="the dispatcher commits, once a command, and nobody else",
    ),
    _rule(
        r"(\w+\.)?(datetime|date|_datetime)\.(now|utcnow|today)$|time\.(time|time_ns|localtime|gmtime|strftime)$"
        r"|(\w+\.)?func\.(now|current_timestamp|localtimestamp|statement_timestamp|clock_timestamp)$",
        "engine.model.clock",
        instead="ask the clock that you were given (engine.model.clock)",
    ),
    _rule(r"(\w+\.)*Markup$", instead="let the template escape"),
)

#: Whole modules that nobody here may import, because everything in them is one of the calls above.
FORBIDDEN_IMPORTS = {
    "pickle": "the codec of engine.store",
    "marshal": "the codec of engine.store",
    "shelve": "the codec of engine.store",
    "xml": "engine.xml.parse_xml",
}


def forbidden_calls(source: Source) -> Iterator[str]:
    """Calls and imports outside their homes, as "path:line what; instead"."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            yield from _call_faults(source, node)
    for module, line in source.imports():
        instead = FORBIDDEN_IMPORTS.get(module.split(".")[0])
        if instead:
            yield f"{source.path}:{line} import of {module}; instead: {instead}"


def _call_faults(source: Source, node: ast.Call) -> Iterator[str]:
    if any(keyword.arg == "shell" and not _is_false(keyword.value) for keyword in node.keywords):
        yield f"{source.path}:{node.lineno} shell=True; instead: a list of arguments"
    if not isinstance(node.func, ast.Name | ast.Attribute):
        return
    called = ast.unparse(node.func)
    for rule in RULES:
        if rule.pattern.match(called) and not source.is_in(*rule.homes):
            yield f"{source.path}:{node.lineno} {called}(…); instead: {rule.instead}"


def _is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def sleeps(source: Source) -> Iterator[str]:
    """Tests that wait by the clock: they are slow on a fast machine and fail on a slow one."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "sleep"):
            yield f"{source.path}:{node.lineno} sleeps; wait for the thing itself"
