"""The floor: the same transactions without an engine.

`STATEMENTS` is what a start or a completion of a user task has to send, whatever decides about it. One run of the
product is watched; of what it sends, the floor takes the values (the same bytes) and sends them by its own
statements, with ids of its own that are made beforehand: once by SQLAlchemy, as somebody without an engine would
write it, and once by the product's own line to the driver, which is the least that a transaction can cost. No
completion takes more than 15 of them. What the product sends beyond (revisions of the directory, versions of
definitions, …) is not in the floor.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

from engine.store import statements as hot
from engine.store.database import write_transaction

#: At most so many statements for one completion.
MOST = 15
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_COLUMNS = re.compile(r"INSERT INTO \w+ \(([^)]*)\)")


@dataclass(frozen=True, slots=True)
class Needed:
    """One statement of the floor."""

    #: What the product's statement looks like, as far as it tells the order of its values.
    like: re.Pattern[str]
    #: `{rows}` stands for one group of placeholders a row, `{keys}` for one placeholder a key after the others.
    text: str


def _needed(like: str, text: str) -> Needed:
    return Needed(re.compile(like), text)


#: In the order they are sent.
STATEMENTS = (
    _needed(
        r"SELECT fingerprint, answer FROM idempotency",
        "SELECT fingerprint, answer FROM idempotency WHERE tenant_id = ? AND actor = ? AND key = ?",
    ),
    _needed(
        r"SELECT root_id FROM process_instance WHERE .* AND part = 0 AND ended_at IS NULL",
        "SELECT root_id FROM process_instance WHERE tenant_id = ? AND definition_key = ? AND business_key = ? "
        "AND part = 0 AND ended_at IS NULL",
    ),
    _needed(
        r"SELECT root_id, version, .* FROM instance_state",
        "SELECT root_id, version, next_number, history_seq, suspended, unit_code FROM instance_state "
        "WHERE tenant_id = ? AND part = 0 AND root_id = (SELECT root_id FROM user_task WHERE tenant_id = ? AND id = ?)"
        "{lock}",
    ),
    # who has filed what is reviewed here comes with the user task itself
    _needed(
        r"SELECT u\.id, .* FROM user_task u LEFT JOIN idempotency i ON i\.tenant_id = u\.tenant_id AND i\.actor = \? "
        r"AND i\.key = \? WHERE u\.tenant_id = \? AND u\.id = \?$",
        "SELECT u.*, i.fingerprint, i.answer, f.element_id, f.closed_by, f.part FROM user_task u "
        "LEFT JOIN idempotency i ON i.tenant_id = u.tenant_id AND i.actor = ? AND i.key = ? "
        "LEFT JOIN user_task f ON f.tenant_id = u.tenant_id AND f.root_id = u.root_id AND f.state = 'completed' "
        "AND u.four_eyes_with <> '[]' AND u.four_eyes_with LIKE '%\"' || f.element_id || '\"%' "
        "WHERE u.tenant_id = ? AND u.id = ?",
    ),
    _needed(
        r"INSERT INTO document \(tenant_id, business_key, form_key, element_id, version, id, form_ref, root_id, part, "
        r"user_task_id, filed_by, filed_at, content\) VALUES \(\?, \?, \?, \?, coalesce\(\(SELECT version "
        r"FROM document WHERE tenant_id = \? AND business_key = \? AND form_key = \? AND element_id = \? ORDER",
        "INSERT INTO document (tenant_id, business_key, form_key, element_id, version, id, form_ref, root_id, part, "
        "user_task_id, filed_by, filed_at, content) VALUES (?, ?, ?, ?, coalesce((SELECT version FROM document "
        "WHERE tenant_id = ? AND business_key = ? AND form_key = ? AND element_id = ? ORDER BY version DESC LIMIT 1), "
        "0) + 1, ?, ?, ?, ?, ?, ?, ?, ?)",
    ),
    _needed(
        r"UPDATE instance_state SET version = \?, next_number = \?, history_seq = \?, suspended = \?, state = \?",
        "UPDATE instance_state SET version = ?, next_number = ?, history_seq = ?, suspended = ?, state = ? "
        "WHERE tenant_id = ? AND root_id = ? AND part = 0",
    ),
    _needed(
        r"UPDATE instance_state SET version = \?, next_number = \?, history_seq = \?, suspended = \? WHERE",
        "UPDATE instance_state SET version = ?, next_number = ?, history_seq = ?, suspended = ? "
        "WHERE tenant_id = ? AND root_id = ? AND part = 0",
    ),
    _needed(
        r"INSERT INTO instance_state ",
        "INSERT INTO instance_state (tenant_id, root_id, part, version, next_number, history_seq, suspended, "
        "unit_code, is_branch, state) VALUES {rows} ON CONFLICT (tenant_id, root_id, part) DO UPDATE SET "
        "version = excluded.version, next_number = excluded.next_number, history_seq = excluded.history_seq, "
        "suspended = excluded.suspended, state = coalesce(excluded.state, instance_state.state)",
    ),
    _needed(
        r"DELETE FROM instance_state ",
        "DELETE FROM instance_state WHERE tenant_id = ? AND root_id = ? AND part IN ({keys})",
    ),
    _needed(
        r"INSERT INTO process_instance ",
        "INSERT INTO process_instance (tenant_id, root_id, part, id, parent_part, definition_key, definition_ref, "
        "business_key, unit_code, status, started_at, started_by, ended_at, end_element_id, reason) VALUES {rows}",
    ),
    _needed(
        r"UPDATE process_instance SET status = \?, end_element_id = \?, reason = \?, ended_at = \? "
        r"WHERE tenant_id = \? AND root_id = \? AND part = \?$",
        "UPDATE process_instance SET status = ?, end_element_id = ?, reason = ?, ended_at = ? "
        "WHERE tenant_id = ? AND root_id = ? AND part = ?",
    ),
    _needed(
        r"UPDATE user_task SET state = \?, closed_at = \?, closed_by = \?, closed_cause = \?, "
        r"assignee = coalesce\(assignee, \?\), has_draft = \?, version = version \+ 1 "
        r"WHERE tenant_id = \? AND root_id = \? AND token = \?",
        "UPDATE user_task SET state = ?, closed_at = ?, closed_by = ?, closed_cause = ?, assignee = ?, has_draft = ?, "
        "version = version + 1 WHERE tenant_id = ? AND root_id = ? AND token = ?",
    ),
    _needed(
        r"DELETE FROM candidate ",
        "DELETE FROM candidate WHERE tenant_id = ? AND user_task_id IN ({keys})",
    ),
    _needed(
        r"INSERT INTO user_task ",
        "INSERT INTO user_task (tenant_id, id, root_id, part, token, element_id, name, definition_key, definition_ref, "
        "business_key, unit_code, form_key, state, assignee, candidate_groups, candidate_users, routing, lane, "
        "priority, created_at, due_at, due_order, due_rule, follow_up_at, four_eyes_with, properties, rung, has_draft, "
        "version, closed_at, closed_by, closed_cause, closed_for) VALUES {rows}",
    ),
    _needed(
        r"INSERT INTO candidate ",
        "INSERT INTO candidate (tenant_id, holder, due_order, user_task_id) VALUES {rows}",
    ),
    _needed(
        r"DELETE FROM timer ",
        "DELETE FROM timer WHERE tenant_id = ? AND root_id = ? AND number IN ({keys})",
    ),
    _needed(
        r"INSERT INTO timer ",
        "INSERT INTO timer (tenant_id, root_id, number, key, kind, part, element_id, user_task_id, due_at, "
        "available_at, attempts, payload) VALUES {rows}",
    ),
    _needed(
        r"INSERT INTO message ",
        "INSERT INTO message (tenant_id, id, kind, name, correlation_key, variables, state, sent_at, sent_by, "
        "sender_root_id, expires_at, available_at, attempts) VALUES {rows}",
    ),
    _needed(
        r"INSERT INTO history ",
        "INSERT INTO history (tenant_id, root_id, seq, actor, acted_for, at, completed_token, entries) VALUES {rows}",
    ),
    _needed(
        r"INSERT INTO idempotency ",
        "INSERT INTO idempotency (tenant_id, actor, key, fingerprint, answer, answered_at) VALUES {rows}",
    ),
)


#: What a floor can do without: reads that are not listed above, and closing incidents where there are none.
_SPARED = ("SELECT ", "UPDATE incident ")
#: What is read of these may not be left out in silence.
_READ = ("user_task", "instance_state")


class FloorOutOfDate(Exception):
    """The product sends values that the floor's list has no place for: `STATEMENTS` has to follow the tables."""


#: One statement ready to be sent.
Ready = tuple[str, tuple[Any, ...]]


def transaction_of(sent: Iterable[tuple[str, Any]]) -> list[Ready]:
    """The floor of one transaction of the product's: its values in the floor's statements.

    Raises:
        FloorOutOfDate: the product writes what the floor has no statement for.
    """
    found: dict[Needed, list[tuple[str, tuple[Any, ...]]]] = {}
    for plain, parameters in _states_together([(_plain(text), parameters) for text, parameters in sent]):
        needed = next((each for each in STATEMENTS if each.like.match(plain)), None)
        if needed is not None:
            rows = parameters if isinstance(parameters, list) else [parameters]
            found.setdefault(needed, []).extend((plain, tuple(row)) for row in rows)
        elif not plain.startswith(_SPARED) or any(f" FROM {table} " in plain for table in _READ):
            raise FloorOutOfDate(f"Expected a statement of the floor for {plain[:200]!r}, but found none.")
    ready = [each for needed in STATEMENTS for each in _ready(needed, found.get(needed, ()))]
    if len(ready) > MOST:
        raise FloorOutOfDate(f"Expected at most {MOST} statements of the floor, but a transaction needs {len(ready)}.")
    return ready


def _plain(text: str) -> str:
    return " ".join(text.replace('"', "").replace("%s", "?").split())


_ROOT = re.compile(r"UPDATE instance_state SET version = \?, next_number = \?, history_seq = \?, suspended = \?")


def _states_together(sent: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The root's counters and state go with the rows of other parts, where there are any: one statement for all."""
    parts = [place for place, (text, _) in enumerate(sent) if text.startswith("INSERT INTO instance_state ")]
    roots = [place for place, (text, _) in enumerate(sent) if _ROOT.match(text)]
    if not parts or not roots:
        return sent
    version, next_number, history_seq, suspended, *state, tenant_id, root_id = sent[roots[0]][1]
    counters = (tenant_id, root_id, 0, version, next_number, history_seq, suspended, None, False, *(state or [None]))
    text, values = sent[parts[0]]
    rest = [each for place, each in enumerate(sent) if place not in (roots[0], parts[0])]
    return [(text, (*counters, *values)), *rest]


def _ready(needed: Needed, sent: Sequence[tuple[str, tuple[Any, ...]]]) -> Iterable[Ready]:
    """One floor statement for all rows of an INSERT, else one for each row of values."""
    if not sent:
        return
    columns = _COLUMNS.match(needed.text)
    if columns is None or "{rows}" not in needed.text:
        for _, values in sent:
            fixed = needed.text.count("?")
            if len(values) < fixed or ("{keys}" not in needed.text and len(values) > fixed):
                raise FloorOutOfDate(f"Expected {fixed} values for {needed.text!r}, but found {len(values)}.")
            # the product fills lists of keys up to usual lengths by repeating the last
            keys = tuple(dict.fromkeys(values[fixed:]))
            yield needed.text.replace("{keys}", ", ".join("?" * len(keys))), (*values[:fixed], *keys)
        return
    for plain, _ in sent:
        written = _COLUMNS.match(plain)
        if written is None or written[1] != columns[1]:
            raise FloorOutOfDate(f"Expected the columns ({columns[1]}), but the product sends {plain[:400]!r}.")
    width = columns[1].count(",") + 1
    values = tuple(value for _, row in sent for value in row)
    group = f"({', '.join('?' * width)})"
    yield needed.text.replace("{rows}", ", ".join([group] * (len(values) // width))), values


class FloorInstance:
    """The transactions of one instance, with ids of its own."""

    def __init__(self, transactions: Sequence[Sequence[Ready]], renamed: Callable[[str], str | None]) -> None:
        """Args: renamed: what stands for a text of the watched run; None leaves it."""
        self._transactions = transactions
        self._renamed = renamed

    def transaction(self, number: int) -> list[Ready]:
        """0 = the start, then one a completion."""
        return [(text, tuple(map(self._own, values))) for text, values in self._transactions[number]]

    def _own(self, value: Any) -> Any:
        if type(value) is not str:
            return value
        renamed = self._renamed(value)
        return value if renamed is None else renamed


def is_id(text: str) -> bool:
    """Whether a text is an identifier that the application has made."""
    return _UUID.fullmatch(text) is not None


def in_dialect(database: Engine, transactions: Iterable[Sequence[Ready]]) -> list[list[Ready]]:
    """The statements as this database locks rows; placeholders stay `?`."""
    lock = "" if database.dialect.name == "sqlite" else " FOR UPDATE"
    return [[(text.replace("{lock}", lock), values) for text, values in each] for each in transactions]


def send(database: Engine, statements: Sequence[Ready], *, bare: bool) -> None:
    """One transaction: begin, all statements, what they found, commit.

    Args:
        bare: by the driver alone, as the product sends its hot statements; else by SQLAlchemy.
    """
    with write_transaction(database) as connection:
        if not bare:
            for text, values in statements:
                found = hot.run(connection, text, values)
                if found.returns_rows:
                    found.fetchall()
            return
        questions = [each for each in statements if each[0].startswith("SELECT ")]
        with hot.together(connection):
            asked = [hot.ask(connection, text, values) for text, values in questions]
        for answer in asked:
            answer()
        hot.without_waiting(connection)
        for text, values in statements[len(questions) :]:
            hot.send(connection, text, values)
