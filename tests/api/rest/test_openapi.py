"""The OpenAPI document, and what schemathesis finds when it takes the doors at their word."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from tests.api.rest.building import make_doors
from tests.api.rest.diagrams import GRADE, RECTIFICATION, WAITING
from tests.api.rest.visiting import Doors


def test_the_document_is_openapi_3_1_and_knows_every_door(some_doors):
    document = some_doors.app.test_client().get("/api/v1/openapi.json").json

    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) >= {
        "/api/v1/tokens",
        "/api/v1/deployments",
        "/api/v1/process-definitions",
        "/api/v1/process-instances",
        "/api/v1/user-tasks",
        "/api/v1/user-tasks/{user_task_id}/complete",
        "/api/v1/messages",
        "/api/v1/incidents",
        "/api/v1/history",
        "/livez",
        "/readyz",
    }


def test_every_operation_has_a_name_of_its_own_a_sentence_and_a_refusal(some_doors):
    document = some_doors.app.test_client().get("/api/v1/openapi.json").json
    operations = [operation for path in document["paths"].values() for operation in path.values()]

    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names))
    for operation in operations:
        assert operation["summary"], operation["operationId"]
        assert operation["responses"]["default"]["content"].keys() == {"application/problem+json"}


def test_every_change_lists_an_idempotency_key_but_those_that_the_description_names(some_doors):
    document = some_doors.app.test_client().get("/api/v1/openapi.json").json
    without = {
        path.removeprefix("/api/v1/")
        for path, operations in document["paths"].items()
        for method in ("post", "put")
        if method in operations
        and "Idempotency-Key" not in {each["name"] for each in operations[method].get("parameters", ())}
    }

    assert without == {
        "imports/objects",
        "imports/payments",
        "imports/opening-results",
        "imports/findings",
        "campaigns",
        "absences",
        "absences/{absence_id}/end",
        "tokens",
        "user-tasks/{user_task_id}/uploads",
        # signing in, and a question that changes nothing
        "session",
        "decisions/{key}/evaluate",
    }
    described = " ".join(document["info"]["description"].split())
    assert "Imports, campaigns and absences need none, the same request may come twice." in described
    assert "A token or an attached file that is asked for twice is there twice." in described


def test_a_document_is_described_with_what_has_become_of_it(some_doors):
    document = some_doors.app.test_client().get("/api/v1/openapi.json").json

    described = document["components"]["schemas"]["UserTaskView.DocumentView"]

    assert "x-later" in described["properties"]["later"]["description"]
    assert "later" in described["required"]


def test_only_doors_for_anyone_need_no_proof_of_identity(some_doors):
    document = some_doors.app.test_client().get("/api/v1/openapi.json").json

    open_to_all = {
        operation["operationId"]
        for path in document["paths"].values()
        for operation in path.values()
        if operation.get("security") == []
    }
    assert open_to_all == {"issue_token", "sign_in", "livez", "readyz"}
    assert document["security"] == [{"bearer": []}, {"session": []}]


@pytest.fixture(scope="module")
def described_doors(tmp_path_factory) -> Iterator[Doors]:
    folder = tmp_path_factory.mktemp("openapi")
    doors = make_doors(f"sqlite:///{folder / 'bihuan.sqlite'}", folder)
    doors.visitor("designer").upload(rectification_bpmn=RECTIFICATION, waiting_bpmn=WAITING, grade_dmn=GRADE)
    yield doors
    doors.district.database.dispose()


#: An answer that is right though the request is sound by its description: an ETag that is out of date (412), a cursor
#: that no page has given, a name that the database cannot keep (422), a draft that was not read (428).
BY_DESIGN = {
    "positive_data_acceptance": {"expected-statuses": ["2xx", "401", "403", "404", "409", "412", "422", "428", "429"]},
    "negative_data_rejection": {"expected-statuses": ["401", "403", "404", "405", "409", "412", "413", "415", "422"]},
}
CONFIG = SchemathesisConfig.from_dict({"checks": BY_DESIGN})
#: Requests of each kind (sound, unsound) per operation.
EXAMPLES = 6


@pytest.mark.parametrize("login", ["fin.lead", "designer"])
def test_schemathesis_finds_nothing(described_doors, login):
    """Sound and unsound requests of every door: no 5xx, and every answer looks as described."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", described_doors.app, config=CONFIG)
    headers = described_doors.visitor(login).headers
    failures: list[str] = []
    for found in schema.get_all_operations():
        operation = found.ok()
        for mode in GenerationMode:

            @settings(
                max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=HealthCheck
            )
            @given(case=operation.as_strategy(generation_mode=mode))
            def examine(case):
                case.call_and_validate(headers=headers)

            try:
                examine()
            except BaseExceptionGroup as group:
                failures.extend(f"{operation.label} ({mode}): {each}" for each in group.exceptions)
            except Unsatisfiable:
                continue  # an operation without parameters cannot be asked wrongly
            except Exception as error:
                failures.append(f"{operation.label} ({mode}): {error}")

    assert not failures, "\n\n".join(failures)
