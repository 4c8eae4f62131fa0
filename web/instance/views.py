"""Pages of process instances."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request, url_for

from api.house import actor, house
from api.identity.gate import SIGNED_IN, open_to
from api.problems import Problem
from engine.bpmn import drawn_in
from engine.model.process_instance import ProcessInstance
from engine.queries import (
    InstanceDetail,
    InstanceFilter,
    OpenUserTask,
    Sight,
    definition_detail,
    instance_history,
    open_user_tasks,
    process_instance_detail,
    process_instances,
    process_instances_total,
    where_filed,
)
from web.instance.told import Names
from web.parts import ask, calendar, graph, keys_called, language, titles
from web.place import remember_list
from web.shown import DueShown, show_due
from web.totals import list_foot
from web.urges import urged_in

instance_pages = Blueprint("instance", __name__)

PAGE = 40
#: Digits of the number of a version; longer ones are no number a database has.
_LONGEST_VERSION = 9
STATUSES = ("active", "suspended", "completed", "cancelled")
#: Entries of the chronicle that tell a reader what happened; the others tell how the engine went there.
TOLD = (
    "InstanceStarted",
    "InstanceEnded",
    "UserTaskCreated",
    "UserTaskClaimed",
    "UserTaskReleased",
    "UserTaskCompleted",
    "UserTaskReturned",
    "UserTaskTransferred",
    "UserTaskCancelled",
    "UserTaskWithdrawn",
    "WithdrawalAsked",
    "WithdrawalAnswered",
    "ExtensionAsked",
    "ExtensionAnswered",
    "OpinionAsked",
    "OpinionGiven",
    "DueMoved",
    "MessageThrown",
    "MessageDelivered",
    "DecisionMade",
    "IncidentOpened",
    "IncidentResolved",
    "RungFired",
    "ProcessSuspended",
    "ProcessResumed",
)


@dataclass(frozen=True)
class Drawn:
    """One process of the family with what its diagram shows."""

    instance: ProcessInstance
    here: tuple[str, ...]
    visited: tuple[str, ...]


@instance_pages.get("/instances")
@open_to(SIGNED_IN)
def listed() -> str:
    """Instances in the visitor's sight, latest first."""
    remember_list()
    status = request.args.get("status", "active")
    words = request.args.get("text", "").strip()
    filters = InstanceFilter(
        involves=request.args.get("process") or None,
        status=status if status in STATUSES else None,
        text=words,
        called=keys_called(words),
    )
    cursor = request.args.get("cursor") or None
    page = ask(process_instances, filters=filters, cursor=cursor, limit=PAGE)
    return render_template(
        "instances.html",
        instances=page.items,
        cursor=page.cursor,
        foot=list_foot(page, cursor, lambda: ask(process_instances_total, filters=filters), language()),
        at_work=_at_work(page.items),
        titles=titles([each.business_key for each in page.items if _is_named(each)]),
        urged=urged_in((each.definition_key, each.business_key) for each in page.items if _is_named(each)),
        statuses=STATUSES,
        oversees=actor().oversees,
        chosen={"status": status, "process": request.args.get("process", ""), "text": filters.text},
    )


def _at_work(instances: Sequence[ProcessInstance]) -> dict[str, list[tuple[OpenUserTask, DueShown | None]]]:
    """Instance -> what people have to do in it now, and when it is due."""
    now = house().clock.now()
    found: dict[str, list[OpenUserTask]] = ask(open_user_tasks, [each.id for each in instances])
    return {
        instance_id: [(each, show_due(each.due_at, now, calendar(), language())) for each in listed]
        for instance_id, listed in found.items()
    }


def _is_named(instance: ProcessInstance) -> bool:
    """Who only sees that an instance runs is not told what it is about."""
    return actor().sees_unit(instance.unit_code) or instance.started_by == actor().user_id


@instance_pages.get("/instances/<instance_id>")
@open_to(SIGNED_IN)
def show(instance_id: str) -> str:
    """One instance with everything it has called: where it stands, who is at work, what happened, what is said."""
    return instance_page(instance_id, None)


def instance_page(instance_id: str, problem: Problem | None) -> str:
    """The page, with what was written about it and why it was refused."""
    detail: InstanceDetail = ask(process_instance_detail, instance_id)
    key = detail.instance.business_key
    history = ask(
        instance_history,
        instance_id,
        kinds=TOLD,
        latest_first=True,
        cursor=request.args.get("cursor") or None,
        limit=60,
    )
    family = {each.part: each for each in detail.family}
    passed = _passed_through(detail.family)
    names = Names(family, {part: graph(each.definition_ref) for part, each in family.items()})
    now = house().clock.now()
    filed = _filed(detail)
    return render_template(
        "instance.html",
        instance=detail.instance,
        problem=problem,
        drawn=[
            Drawn(
                each,
                tuple(position.element_id for position in detail.positions if position.part == each.part),
                tuple(element for (part, element) in detail.visited if part == each.part),
            )
            for each in detail.family
            if each.part not in passed
        ],
        title=titles([key]).get(key, "") if detail.sight is not Sight.TECHNICAL else "",
        may_open=detail.sight is not Sight.TECHNICAL,
        open_user_tasks=[
            (each, show_due(each.due_at, now, calendar(), language())) for each in detail.open_user_tasks
        ],
        history=history,
        happened=[
            entry for entry in history.items if entry.part not in passed or entry.kind not in _COMING_AND_GOING
        ],
        filed_at=lambda entry: filed.get(entry.token, "") if entry.kind == "UserTaskCompleted" else "",
        waits_for=[
            name
            for position in detail.positions
            if (name := names.of_wait(position.part, position.element_id)) is not None
        ],
        names=names,
    )


#: Entries that say of a called process only that it came and went.
_COMING_AND_GOING = frozenset({"InstanceStarted", "InstanceEnded"})


def _passed_through(instances: Iterable[ProcessInstance]) -> frozenset[int]:
    """Called processes that ended in the step they began in: nobody had anything to do there, so what they decided is
    all that there is to tell."""
    return frozenset(each.part for each in instances if not each.is_root and each.ended_at == each.started_at)


def _filed(detail: InstanceDetail) -> dict[int, str]:
    """Token of what was filed in the case, as its history tells it -> the page it is read on."""
    if detail.sight is Sight.TECHNICAL:
        return {}
    found: Mapping[int, str] = ask(where_filed, detail.instance.root_id)
    return {token: url_for("user_task.show", user_task_id=each) for token, each in found.items()}


@instance_pages.get("/diagrams/<ref>")
@open_to(SIGNED_IN)
def diagram(ref: str) -> Response:
    """The BPMN file of a version, "key:version", for the viewer: with its names in the language asked for."""
    key, _, version = ref.rpartition(":")
    if len(version) > _LONGEST_VERSION:
        abort(404)
    found = ask(definition_detail, key, int(version) if version.isdecimal() else None)
    shown = drawn_in(found.xml, request.args.get("language") or language())
    return Response(shown, mimetype="application/xml", headers={"Cache-Control": "private, max-age=86400"})
