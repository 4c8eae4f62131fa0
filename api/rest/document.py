"""The OpenAPI document: what APIFlask makes from the routes, with what it cannot know put in."""

from __future__ import annotations

from typing import Any

from apiflask import APIFlask

from api.identity.gate import Who, rule_of
from api.rest.models import Problem

DESCRIPTION = """\
Doors of Bihuan 闭环 for programs. Get a bearer token by `POST /api/v1/tokens`.

* Every refusal is `application/problem+json` (RFC 9457) with a stable `code`, in the language of `Accept-Language`.
* Names of processes and steps are in that language, too, where the diagram has them (`name.en`); go by keys and ids.
* What you must not see is answered like what does not exist: 404.
* `Idempotency-Key` where an operation lists it - all that change processes and what belongs to them: the same key gets
  the same answer for 24 hours, and no second effect. Imports, campaigns and absences need none, the same request may
  come twice. A token or an attached file that is asked for twice is there twice.
* `If-Match` with the `ETag` that was read: 412 when somebody changed the thing in the meantime.
* Numbers are exact decimals. Lists go on with `cursor`; there are no page numbers.
"""



def _in_parts(required: str, properties: dict[str, Any]) -> dict[str, Any]:
    """A body of files and fields."""
    schema = {"type": "object", "properties": properties, "required": required.split()}
    return {"required": True, "content": {"multipart/form-data": {"schema": schema}}}


#: Paths whose POST takes files.
_UPLOADS = {
    "/api/v1/deployments": _in_parts(
        "files",
        {
            "files": {
                "type": "array",
                "items": {"type": "string", "format": "binary"},
                "minItems": 1,
                "description": "*.bpmn, *.bpmn20.xml, *.dmn; the field may be called anything",
            },
            "comment": {"type": "string", "maxLength": 2000},
        },
    ),
    "/api/v1/user-tasks/{user_task_id}/uploads": _in_parts(
        "field file",
        {
            "field": {"type": "string", "description": "Name of a field for files of the form."},
            "file": {"type": "string", "format": "binary"},
        },
    ),
}
_HEADERS = {"idempotency-key": "Idempotency-Key", "if-match": "If-Match"}
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})


def describe(app: APIFlask, cookie: str) -> None:
    """Set up the OpenAPI document of an application; `cookie` is the name of the session's."""
    app.config.update(
        AUTO_404_RESPONSE=False,
        AUTO_VALIDATION_ERROR_RESPONSE=False,
        AUTO_200_RESPONSE=False,
        AUTO_SERVERS=False,
        AUTO_OPERATION_ID=True,
        DESCRIPTION=DESCRIPTION,
        SECURITY_SCHEMES={
            "bearer": {"type": "http", "scheme": "bearer"},
            "session": {"type": "apiKey", "in": "cookie", "name": cookie},
        },
    )

    @app.spec_processor
    def complete(spec: dict[str, Any] | str) -> dict[str, Any]:
        assert isinstance(spec, dict), "the document is made as JSON"
        spec["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        spec["security"] = [{"bearer": []}, {"session": []}]
        for path, operations in spec["paths"].items():
            for method in _METHODS & operations.keys():
                _complete_operation(app, path, method, operations[method])
        return spec


def _complete_operation(app: APIFlask, path: str, method: str, operation: dict[str, Any]) -> None:
    refusal = {
        "description": "A refusal",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    operation["responses"]["default"] = refusal
    endpoint = _endpoint(app, path, method)
    operation["operationId"] = endpoint.split(".")[-1]
    rule = rule_of(app, endpoint)
    if rule is not None and rule.who is Who.ANYONE:
        operation["security"] = []
    if rule is not None and rule.permission:
        operation["x-permission"] = rule.permission
    for parameter in operation.get("parameters", ()):
        _complete_parameter(parameter)
    if method == "post" and path in _UPLOADS:
        operation["requestBody"] = _UPLOADS[path]
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True


def _complete_parameter(parameter: dict[str, Any]) -> None:
    """A parameter may be left out, but it is never null."""
    schema = parameter["schema"]
    parameter["name"] = _HEADERS.get(parameter["name"], parameter["name"])
    if description := schema.pop("description", None):
        parameter["description"] = description
    kinds = [kind for kind in schema.pop("anyOf", ()) if kind.get("type") != "null"]
    if len(kinds) == 1:
        schema.update(kinds[0])
    if schema.get("default", "") is None:
        del schema["default"]


def _endpoint(app: APIFlask, path: str, method: str) -> str:
    return next(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if _as_openapi(rule.rule) == path and method.upper() in (rule.methods or ())
    )


def _as_openapi(rule: str) -> str:
    return "/".join(f"{{{part[1:-1].split(':')[-1]}}}" if part.startswith("<") else part for part in rule.split("/"))
