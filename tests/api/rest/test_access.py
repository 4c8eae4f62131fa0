"""Who gets in where: every route × every role × an object of the own and of another unit, made from the URL map."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from api.identity.gate import SIGNED_IN, Who, rule_of
from tests.api.every_role import OTHER, OWN, PEOPLE, bring_in, who_may, who_sees
from tests.api.rest.building import make_doors
from tests.api.rest.diagrams import GRADE, RECTIFICATION, WAITING
from tests.api.rest.visiting import Doors, Visitor

LOGINS = list(PEOPLE)
#: Who makes and breaks the objects of the matrix.
OFFICER, LEAD = "fin.perf", "fin.lead"
#: Who sees the objects of 示范一中 (own) and of the hospital (other) by the data scope of the posts.
SEES = {unit_code: who_sees(unit_code) for unit_code in (OWN, OTHER)}
#: How an instance runs is seen by who oversees, whatever its unit; user tasks are not.
TECHNICAL = ("process_instances.", "comments.", "incidents.", "history.")


@dataclass(frozen=True)
class Thing:
    """An object of one unit, made anew for every question."""

    user_task_id: str
    process_instance_id: str
    incident_id: str


@dataclass(frozen=True)
class Route:
    """How a route is asked."""

    method: str
    #: With places for the ids of a Thing.
    path: str
    body: Any = None
    upload: bool = False

    @property
    def is_about_an_object(self) -> bool:
        return "{" in self.path


#: Endpoint → how it is asked. A route of the URL map that is missing here fails.
ROUTES = {
    "openapi.spec": Route("GET", "/api/v1/openapi.json"),
    "health.livez": Route("GET", "/livez"),
    "health.readyz": Route("GET", "/readyz"),
    "tokens.issue_token": Route("POST", "/api/v1/tokens", {"username": "nobody", "password": "x"}),
    "tokens.list_tokens": Route("GET", "/api/v1/tokens"),
    "tokens.revoke_token": Route("DELETE", "/api/v1/tokens/none"),
    "session.sign_in": Route("POST", "/api/v1/session", {"username": "nobody", "password": "x"}),
    "session.show_session": Route("GET", "/api/v1/session"),
    "session.choose_language": Route("PATCH", "/api/v1/session", {"language": "zh"}),
    "session.sign_out": Route("DELETE", "/api/v1/session"),
    "deployments.list_deployments": Route("GET", "/api/v1/deployments"),
    "deployments.deploy": Route("POST", "/api/v1/deployments", upload=True),
    "process_definitions.list_process_definitions": Route("GET", "/api/v1/process-definitions"),
    "process_definitions.show_process_definition": Route("GET", "/api/v1/process-definitions/rectification"),
    "process_definitions.show_diagram": Route("GET", "/api/v1/process-definitions/rectification/xml"),
    "decisions.list_decisions": Route("GET", "/api/v1/decisions"),
    "decisions.evaluate_decision": Route("POST", "/api/v1/decisions/grade/evaluate", {"variables": {"score": 91}}),
    "process_instances.list_process_instances": Route("GET", "/api/v1/process-instances"),
    "process_instances.start_process_instance": Route(
        "POST", "/api/v1/process-instances", {"process_definition_key": "rectification"}
    ),
    "process_instances.show_process_instance": Route("GET", "/api/v1/process-instances/{process_instance_id}"),
    "process_instances.cancel_process_instance": Route(
        "POST", "/api/v1/process-instances/{process_instance_id}/cancel", {"reason": "x"}
    ),
    "process_instances.suspend_process_instance": Route(
        "POST", "/api/v1/process-instances/{process_instance_id}/suspend", {}
    ),
    "process_instances.resume_process_instance": Route(
        "POST", "/api/v1/process-instances/{process_instance_id}/resume"
    ),
    "user_tasks.list_user_tasks": Route("GET", "/api/v1/user-tasks"),
    "user_tasks.show_user_task": Route("GET", "/api/v1/user-tasks/{user_task_id}"),
    "drafts.show_draft": Route("GET", "/api/v1/user-tasks/{user_task_id}/draft"),
    "drafts.save_draft": Route("PUT", "/api/v1/user-tasks/{user_task_id}/draft", {"content": {}}),
    # what is asked for is not there: who may see the user task is told so by the code of the answer
    "uploads.attach_file": Route("POST", "/api/v1/user-tasks/{user_task_id}/uploads", upload=True),
    "uploads.fetch_file": Route("GET", "/api/v1/user-tasks/{user_task_id}/uploads/none"),
    "user_tasks.claim_user_task": Route("POST", "/api/v1/user-tasks/{user_task_id}/claim"),
    "user_tasks.release_user_task": Route("POST", "/api/v1/user-tasks/{user_task_id}/release"),
    "user_tasks.complete_user_task": Route(
        "POST", "/api/v1/user-tasks/{user_task_id}/complete", {"submission": {"measure": "x"}}
    ),
    "user_tasks.return_user_task": Route(
        "POST", "/api/v1/user-tasks/{user_task_id}/return", {"element_id": "plan", "comment": "请补充材料"}
    ),
    "user_tasks.request_extension": Route(
        "POST",
        "/api/v1/user-tasks/{user_task_id}/extension",
        {"until": "2026-09-30", "reason": "材料尚未齐备，需要延期"},
    ),
    "user_tasks.withdraw_user_task": Route("POST", "/api/v1/user-tasks/{user_task_id}/withdraw", {"reason": ""}),
    "user_tasks.request_withdrawal": Route(
        "POST", "/api/v1/user-tasks/{user_task_id}/withdrawal-request", {"reason": "附件传错，需要更换"}
    ),
    "transfers.list_colleagues": Route("GET", "/api/v1/user-tasks/{user_task_id}/colleagues"),
    "transfers.transfer_user_task": Route(
        "POST", "/api/v1/user-tasks/{user_task_id}/transfer", {"to": "edu1.head", "reason": "出差"}
    ),
    "opinions.list_opinions": Route("GET", "/api/v1/user-tasks/{user_task_id}/opinions"),
    "opinions.request_opinion": Route(
        "POST", "/api/v1/user-tasks/{user_task_id}/opinions", {"of": ["fin.dir"], "question": "口径是否合适？"}
    ),
    "comments.list_comments": Route("GET", "/api/v1/process-instances/{process_instance_id}/comments"),
    "comments.add_comment": Route("POST", "/api/v1/process-instances/{process_instance_id}/comments", {"text": "好"}),
    "messages.correlate_message": Route("POST", "/api/v1/messages", {"name": "none"}),
    "jobs.take_jobs": Route("POST", "/api/v1/jobs/take", {"topic": "none", "worker": "w"}),
    "jobs.answer_job": Route("POST", "/api/v1/jobs/none/answer", {"worker": "w"}),
    "jobs.fail_job": Route("POST", "/api/v1/jobs/none/fail", {"worker": "w", "message": "x"}),
    "imports.import_objects": Route("POST", "/api/v1/imports/objects", {"rows": []}),
    "imports.import_payments": Route("POST", "/api/v1/imports/payments", {"rows": []}),
    "imports.import_opening_results": Route("POST", "/api/v1/imports/opening-results", {"rows": []}),
    "imports.import_findings": Route("POST", "/api/v1/imports/findings", {"rows": []}),
    "campaigns.open_campaign": Route("POST", "/api/v1/campaigns", {"kind": "none"}),
    "campaigns.list_campaigns": Route("GET", "/api/v1/campaigns"),
    # for everybody, about himself; the bodies are refused whoever asks
    "absences.list_absences": Route("GET", "/api/v1/absences"),
    "absences.set_absence": Route("POST", "/api/v1/absences", {}),
    "absences.end_absence": Route("POST", "/api/v1/absences/none/end"),
    "incidents.list_incidents": Route("GET", "/api/v1/incidents"),
    "incidents.retry_incident": Route("POST", "/api/v1/incidents/{incident_id}/retry"),
    "history.list_history": Route("GET", "/api/v1/history?process_instance_id={process_instance_id}"),
}
ABOUT_OBJECTS = [endpoint for endpoint, route in ROUTES.items() if route.is_about_an_object]


@pytest.fixture(scope="module")
def shared_doors(tmp_path_factory) -> Iterator[Doors]:
    """One application for the whole matrix."""
    folder = tmp_path_factory.mktemp("access")
    doors = make_doors(f"sqlite:///{folder / 'bihuan.sqlite'}", folder)
    bring_in(doors.district.database)
    deployed = doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION, waiting_bpmn=WAITING, grade_dmn=GRADE)
    assert deployed.status_code == 201
    yield doors
    doors.district.database.dispose()


@pytest.fixture(scope="module")
def visitors(shared_doors) -> dict[str, Visitor]:
    return {login: shared_doors.visitor(login) for login in (*LOGINS, OFFICER, LEAD)}


def ask(visitor: Visitor, route: Route, thing: Thing | None = None) -> int:
    path = route.path.format(**vars(thing)) if thing else route.path
    if route.upload:
        files = {"files": (io.BytesIO(RECTIFICATION), "rectification.bpmn")}
        return visitor.client.open(
            path, method=route.method, data=files, headers=visitor.headers, content_type="multipart/form-data"
        ).status_code
    body = {} if route.body is None else {"json": route.body}
    return visitor.client.open(path, method=route.method, headers=visitor.headers, **body).status_code


_NUMBERS = count()


def make_thing(visitors: dict[str, Visitor], unit_code: str) -> Thing:
    """Objects of a unit that nobody has touched: an open user task, its instance, an incident of another instance."""
    officer, lead = visitors[OFFICER], visitors[LEAD]
    key = f"{unit_code}:{next(_NUMBERS)}"
    started = officer.post(
        "/api/v1/process-instances",
        {"process_definition_key": "rectification", "business_key": key, "unit_code": unit_code},
    ).json
    failing = officer.post(
        "/api/v1/process-instances",
        {
            "process_definition_key": "waiting",
            "business_key": key,
            "unit_code": unit_code,
            "variables": {"amount": 0},
        },
    ).json
    officer.post("/api/v1/messages", {"name": "go", "correlation_key": key})
    incidents = lead.get(f"/api/v1/incidents?process_instance_id={failing['process_instance_id']}").json["items"]
    return Thing(started["opened_user_tasks"][0], started["process_instance_id"], incidents[0]["id"])


def test_every_route_says_whom_it_lets_in(shared_doors):
    app = shared_doors.app
    without = [rule.endpoint for rule in app.url_map.iter_rules() if rule_of(app, rule.endpoint) is None]
    assert without == []


def test_the_matrix_knows_every_route(shared_doors):
    known = {(endpoint, route.method) for endpoint, route in ROUTES.items()}
    there = {
        (rule.endpoint, method)
        for rule in shared_doors.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert known == there


def test_a_route_that_nobody_has_thought_about_is_closed(some_doors):
    some_doors.app.add_url_rule("/api/v1/forgotten", "forgotten", lambda: "secret")

    answer = some_doors.visitor("gov.lead").get("/api/v1/forgotten")

    assert (answer.status_code, answer.json["code"]) == (403, "route-closed")


@pytest.mark.parametrize("endpoint", ROUTES)
def test_nobody_gets_in_unknown(shared_doors, endpoint):
    rule = rule_of(shared_doors.app, endpoint)
    nobody = Visitor(shared_doors.app.test_client(use_cookies=False), {})
    route = ROUTES[endpoint]
    ids = Thing("none", "none", "none") if route.is_about_an_object else None

    status = ask(nobody, route, ids)

    if rule.who is Who.ANYONE:
        # a wrong password is answered with 401, too
        assert status in ((401,) if route.body else (200,))
    else:
        assert status == 401


@pytest.mark.parametrize("endpoint", [each for each in ROUTES if each not in ABOUT_OBJECTS])
def test_a_permission_opens_its_routes_and_no_other(shared_doors, visitors, endpoint):
    rule = rule_of(shared_doors.app, endpoint) or SIGNED_IN
    statuses = {login: ask(visitors[login], ROUTES[endpoint]) for login in LOGINS}

    refused = {login for login, status in statuses.items() if status == 403}
    if endpoint == "incidents.list_incidents":
        assert refused == set(LOGINS) - who_may("operate") - who_may("audit")
    else:
        assert refused == set(LOGINS) - who_may(rule.permission)
    assert not {status for status in statuses.values() if status >= 500}


@pytest.mark.parametrize("unit_code", [OWN, OTHER])
@pytest.mark.parametrize("endpoint", ABOUT_OBJECTS)
def test_an_object_out_of_sight_is_answered_like_one_that_does_not_exist(visitors, endpoint, unit_code):
    route = ROUTES[endpoint]
    thing = make_thing(visitors, unit_code)
    statuses: dict[str, int] = {}
    for login in LOGINS:
        statuses[login] = ask(visitors[login], route, thing)
        if route.method != "GET":
            thing = make_thing(visitors, unit_code)

    unseen = {login for login, status in statuses.items() if status == 404}
    expected = set(LOGINS) - SEES[unit_code] - (who_may("oversee") if endpoint.startswith(TECHNICAL) else set())
    if endpoint in ("drafts.show_draft", "uploads.fetch_file"):
        # nobody has written or attached one: who may see the user task is told so by the code, not by the status
        assert unseen == set(LOGINS)
    else:
        assert unseen == expected
    assert not {status for status in statuses.values() if status == 401 or status >= 500}


@pytest.mark.parametrize("path", ["/api/v1/user-tasks", "/api/v1/process-instances"])
def test_lists_show_nothing_of_a_unit_out_of_sight(visitors, path):
    make_thing(visitors, OWN)
    make_thing(visitors, OTHER)

    seen = {
        login: {item["unit_code"] for item in visitors[login].get(f"{path}?limit=200").json["items"]} - {None}
        for login in LOGINS
    }

    if path.endswith("process-instances"):
        for login in who_may("oversee"):
            assert {OWN, OTHER} <= seen.pop(login)
    for login, units in seen.items():
        assert units <= {unit for unit, logins in SEES.items() if login in logins}, login


def test_answers_about_unseen_and_unknown_objects_are_the_same(visitors):
    thing = make_thing(visitors, OTHER)
    outsider = visitors["any.dept.perf"]

    unseen = outsider.get(f"/api/v1/user-tasks/{thing.user_task_id}").json
    unknown = outsider.get("/api/v1/user-tasks/01a0a2ca-e100-7043-a9ec-142ea109cded").json

    for answer in (unseen, unknown):
        answer.pop("facts")
    assert unseen == unknown
