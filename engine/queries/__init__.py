"""Everything that can be looked at: one file each, a function of a connection and an actor that gives frozen values.

Every list is scoped: what lies outside of the actor's units and was never the actor's to do looks as if it were not
there.
"""

from engine.queries.cases_about import LateStep, late_steps
from engine.queries.comments import comments
from engine.queries.cursor import InvalidCursor, Page
from engine.queries.definitions import (
    DefinitionDetail,
    DefinitionItem,
    DeploymentItem,
    definition_detail,
    definitions,
    deployments,
)
from engine.queries.documents import Document, Filing, documents, where_filed
from engine.queries.extensions import extendable_until
from engine.queries.inbox import InboxCounts, InboxFilter, InboxItem, InboxList, inbox, inbox_counts, inbox_total
from engine.queries.incidents import IncidentItem, incidents, incidents_total
from engine.queries.instance_history import HistoryEntry, instance_history
from engine.queries.latest_in_cases import LatestUserTask, latest_in_cases
from engine.queries.messages import MessageItem, messages
from engine.queries.opinions import may_ask_opinions, opinions_at
from engine.queries.overdue import OverdueFilter, OverdueUserTask, overdue, overdue_count, overdue_total
from engine.queries.process_instances import (
    InstanceDetail,
    InstanceFilter,
    OpenUserTask,
    Position,
    open_user_tasks,
    process_instance_detail,
    process_instances,
    process_instances_total,
)
from engine.queries.scope import Sight
from engine.queries.totals import Total
from engine.queries.transfers import Receiver, receivers
from engine.queries.user_task_detail import own_draft, user_task_detail, visible_user_task
from engine.queries.user_task_shown import UserTaskDetail
from engine.queries.withdrawals import withdrawable

__all__ = [
    "DefinitionDetail",
    "DefinitionItem",
    "DeploymentItem",
    "Document",
    "Filing",
    "HistoryEntry",
    "InboxCounts",
    "InboxFilter",
    "InboxItem",
    "InboxList",
    "IncidentItem",
    "InstanceDetail",
    "InstanceFilter",
    "InvalidCursor",
    "LateStep",
    "LatestUserTask",
    "MessageItem",
    "OpenUserTask",
    "OverdueFilter",
    "OverdueUserTask",
    "Page",
    "Position",
    "Receiver",
    "Sight",
    "Total",
    "UserTaskDetail",
    "comments",
    "definition_detail",
    "definitions",
    "deployments",
    "documents",
    "extendable_until",
    "inbox",
    "inbox_counts",
    "inbox_total",
    "incidents",
    "incidents_total",
    "instance_history",
    "late_steps",
    "latest_in_cases",
    "may_ask_opinions",
    "messages",
    "open_user_tasks",
    "opinions_at",
    "overdue",
    "overdue_count",
    "overdue_total",
    "own_draft",
    "process_instance_detail",
    "process_instances",
    "process_instances_total",
    "receivers",
    "user_task_detail",
    "visible_user_task",
    "where_filed",
    "withdrawable",
]
