"""Tables of running and ended process instances and of the work of people in them.

A root instance is one or more parts (engine/kernel/state.py). `instance_state` is what a change locks and rewrites;
everything else is written beside it, from the kernel's events, in the same transaction.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from engine.store.metadata import metadata
from engine.store.types import Coded, Id, Instant

process_instance = Table(
    "process_instance",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("root_id", Id, nullable=False),
    # number within the root; 0 = the root itself
    Column("part", BigInteger, nullable=False),
    Column("id", Id, nullable=False),
    Column("parent_part", BigInteger),
    Column("definition_key", Text, nullable=False),
    Column("definition_ref", Text, nullable=False),
    Column("business_key", Text, nullable=False),
    Column("unit_code", Text),
    # active | suspended | completed | cancelled
    Column("status", Text, nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("started_by", Text, nullable=False),
    Column("ended_at", Instant),
    Column("end_element_id", Text),
    # why it was cancelled; "" otherwise
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "root_id", "part"),
    UniqueConstraint("tenant_id", "id"),
    # one active root instance per process and business key: a double start fails here
    Index(
        "uq_process_instance_active_root",
        "tenant_id",
        "definition_key",
        "business_key",
        unique=True,
        sqlite_where=text("part = 0 AND ended_at IS NULL AND business_key <> ''"),
        postgresql_where=text("part = 0 AND ended_at IS NULL AND business_key <> ''"),
    ),
    Index(None, "tenant_id", "business_key"),
    Index(None, "tenant_id", "definition_key", "id"),
)

#: One row a part; part 0 carries the counters of the root and is the row that a change locks.
instance_state = Table(
    "instance_state",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("part", BigInteger, nullable=False),
    # counts the changes of the root; 0 in other parts
    Column("version", BigInteger, nullable=False),
    # the kernel's next number for tokens, scopes, waits and parts; 0 in other parts
    Column("next_number", BigInteger, nullable=False),
    # of the last history row; 0 in other parts
    Column("history_seq", BigInteger, nullable=False),
    Column("suspended", Boolean, nullable=False),
    # of the root: what counts where a called process was given no unit
    Column("unit_code", Text),
    # a child of a big multi-instance body: read only when a change touches it
    Column("is_branch", Boolean, nullable=False),
    # packed by engine/store/codec.py; null when the part has ended
    Column("state", LargeBinary),
    PrimaryKeyConstraint("tenant_id", "root_id", "part"),
)

user_task = Table(
    "user_task",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Id, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("part", BigInteger, nullable=False),
    Column("token", BigInteger, nullable=False),
    Column("element_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("definition_key", Text, nullable=False),
    Column("definition_ref", Text, nullable=False),
    Column("business_key", Text, nullable=False),
    # whose object it is
    Column("unit_code", Text),
    Column("form_key", Text),
    # open | completed | cancelled
    Column("state", Text, nullable=False),
    Column("assignee", Text),
    # list of "role@unit" and list of user ids that may claim it
    Column("candidate_groups", Coded, nullable=False),
    Column("candidate_users", Coded, nullable=False),
    # how the people port came to them: list of steps
    Column("routing", Coded, nullable=False),
    Column("lane", Text),
    Column("priority", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("due_at", Instant),
    # due_at, or NEVER: what lists are sorted by
    Column("due_order", Instant, nullable=False),
    Column("due_rule", Text, nullable=False),
    Column("follow_up_at", Instant),
    # list of element ids of the earlier user tasks whose filer may not do this one
    Column("four_eyes_with", Coded, nullable=False),
    Column("properties", Coded, nullable=False),
    # highest rung of its ladder that has fired, e.g. "yellow"; "" before the first
    Column("rung", Text, nullable=False),
    Column("has_draft", Boolean, nullable=False),
    # counts claims, releases, drafts and the end: for ETag
    Column("version", Integer, nullable=False),
    Column("closed_at", Instant),
    # who completed or returned it; null when it was cancelled
    Column("closed_by", Text),
    # why it was cancelled; "" otherwise
    Column("closed_cause", Text, nullable=False),
    # whom the one who completed or returned it stood in for; null = nobody
    Column("closed_for", Text),
    PrimaryKeyConstraint("tenant_id", "id"),
    Index(None, "tenant_id", "root_id", "token"),
    Index(None, "tenant_id", "business_key", "id"),
    # what nobody has taken is in nobody's own list
    Index(
        "ix_user_task_mine",
        "tenant_id",
        "assignee",
        "due_order",
        "id",
        sqlite_where=text("state = 'open' AND assignee IS NOT NULL"),
        postgresql_where=text("state = 'open' AND assignee IS NOT NULL"),
    ),
    Index(
        "ix_user_task_overdue",
        "tenant_id",
        "due_order",
        "id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
    Index(
        "ix_user_task_done",
        "tenant_id",
        "closed_by",
        "closed_at",
        "id",
        sqlite_where=text("state = 'completed'"),
        postgresql_where=text("state = 'completed'"),
    ),
)

#: Whose inbox an unclaimed user task lies in. Claiming deletes the rows, releasing puts them back.
candidate = Table(
    "candidate",
    metadata,
    Column("tenant_id", Text, nullable=False),
    # "group:<role@unit>" or "user:<user id>"
    Column("holder", Text, nullable=False),
    Column("due_order", Instant, nullable=False),
    Column("user_task_id", Id, nullable=False),
    PrimaryKeyConstraint("tenant_id", "holder", "due_order", "user_task_id"),
    ForeignKeyConstraint(["tenant_id", "user_task_id"], ["user_task.tenant_id", "user_task.id"]),
    Index(None, "tenant_id", "user_task_id"),
)

#: A form as somebody filed it; never changed, the next filing is the next version.
document = Table(
    "document",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("business_key", Text, nullable=False),
    Column("form_key", Text, nullable=False),
    Column("element_id", Text, nullable=False),
    # 1, 2, 3 … per business key, form and element
    Column("version", Integer, nullable=False),
    Column("id", Id, nullable=False),
    # "key:version" of the form that checked it
    Column("form_ref", Text, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("part", BigInteger, nullable=False),
    Column("user_task_id", Id, nullable=False),
    Column("filed_by", Text, nullable=False),
    Column("filed_at", Instant, nullable=False),
    Column("content", Coded, nullable=False),
    PrimaryKeyConstraint("tenant_id", "business_key", "form_key", "element_id", "version"),
    UniqueConstraint("tenant_id", "id"),
)

#: What a person has typed so far; one a user task and person, gone when the person submits it.
draft = Table(
    "draft",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("user_task_id", Id, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("saved_at", Instant, nullable=False),
    Column("content", Coded, nullable=False),
    # counts what has stood here
    Column("revision", Integer, nullable=False, server_default="1"),
    # id of the window that saved it last; "" where none is known
    Column("written_in", Text, nullable=False, server_default=""),
    # list of [window or "", saved at, content, revision that had been read or null]: what was typed without having
    # seen the draft that was there
    Column("apart", Coded, nullable=False, server_default="[]"),
    PrimaryKeyConstraint("tenant_id", "user_task_id", "user_id"),
    ForeignKeyConstraint(["tenant_id", "user_task_id"], ["user_task.tenant_id", "user_task.id"]),
)

#: An extension that was asked for at a user task, once; its siblings, which began with it, share it.
extension = Table(
    "extension",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("user_task_id", Id, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    # days as ISO 8601 texts: the last day asked for, the one granted
    Column("until", Text, nullable=False),
    Column("reason", Text, nullable=False),
    # asked | granted | refused
    Column("state", Text, nullable=False),
    Column("answered_at", Instant),
    # null = nobody answered in time
    Column("answered_by", Text),
    Column("granted_until", Text),
    Column("opinion", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "user_task_id"),
    ForeignKeyConstraint(["tenant_id", "user_task_id"], ["user_task.tenant_id", "user_task.id"]),
    Index(None, "tenant_id", "root_id"),
)

#: Who may do a user task and has looked at it, for the first time.
opening = Table(
    "opening",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("user_task_id", Id, nullable=False),
    Column("user_id", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    PrimaryKeyConstraint("tenant_id", "user_task_id", "user_id"),
    ForeignKeyConstraint(["tenant_id", "user_task_id"], ["user_task.tenant_id", "user_task.id"]),
)

#: That the reviewer was asked to give back what was handed over at a user task, once.
withdrawal = Table(
    "withdrawal",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("user_task_id", Id, nullable=False),
    # the user task whose reviewer was asked
    Column("review_id", Id, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("reason", Text, nullable=False),
    # asked | granted | refused | overtaken
    Column("state", Text, nullable=False),
    Column("answered_at", Instant),
    # null = nobody answered in time
    Column("answered_by", Text),
    Column("opinion", Text, nullable=False),
    PrimaryKeyConstraint("tenant_id", "user_task_id"),
    ForeignKeyConstraint(["tenant_id", "user_task_id"], ["user_task.tenant_id", "user_task.id"]),
    Index(None, "tenant_id", "review_id"),
)

incident = Table(
    "incident",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("id", Id, nullable=False),
    Column("root_id", Id, nullable=False),
    Column("part", BigInteger, nullable=False),
    # the token that rests at the element; of a timer its number, which is that of its wait or of the user task
    Column("token", BigInteger),
    Column("element_id", Text, nullable=False),
    Column("definition_key", Text, nullable=False),
    # version of the diagram that names the element; "" where none is known
    Column("definition_ref", Text, nullable=False, server_default=""),
    Column("business_key", Text, nullable=False),
    Column("unit_code", Text),
    # expression | script | service | decision | call | mapping | step-limit | no-flow | timer | job
    Column("kind", Text, nullable=False),
    # key of the timer that was given up: the rung of a ladder, "" for a timer event; null for what is no timer
    Column("timer_key", Text),
    Column("message", Text, nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("resolved_by", Text),
    PrimaryKeyConstraint("tenant_id", "id"),
    Index(None, "tenant_id", "root_id", "token"),
    Index(
        "ix_incident_open",
        "tenant_id",
        "id",
        sqlite_where=text("resolved_at IS NULL"),
        postgresql_where=text("resolved_at IS NULL"),
    ),
)

#: What happened, one row a change, in order; rows are only ever added.
history = Table(
    "history",
    metadata,
    Column("tenant_id", Text, nullable=False),
    Column("root_id", Id, nullable=False),
    # number of its first entry: entries are counted through all rows of a root
    Column("seq", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    # whom the actor stood in for; null = nobody
    Column("acted_for", Text),
    Column("at", Instant, nullable=False),
    # of the user task that was completed, if one was
    Column("completed_token", BigInteger),
    # list of [part, token, kind, element id, payload]; the kind is the name of the event, e.g. UserTaskCompleted
    Column("entries", Coded, nullable=False),
    PrimaryKeyConstraint("tenant_id", "root_id", "seq"),
    # the last net under the lock: a token is completed once
    Index(
        "uq_history_completion",
        "tenant_id",
        "root_id",
        "completed_token",
        unique=True,
        sqlite_where=text("completed_token IS NOT NULL"),
        postgresql_where=text("completed_token IS NOT NULL"),
    ),
)
