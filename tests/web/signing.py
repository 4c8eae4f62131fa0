"""Signatures that wait for the head of a school: a memo is filed with an amount, the head signs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.commands import CompleteUserTask, DeployDefinitions
from engine.model.actor import Actor
from engine.queries import open_user_tasks
from forms.schema import read_form
from tests.api.district import TENANT
from tests.house import bpmn, flows, properties, user_task
from tests.web.office import DESIGNER, Office, open_office

HEAD = "edu1.head"


def _form(head: dict[str, Any], fields: dict[str, Any], **more: Any) -> Any:
    whole = {"x-form": {"version": 1, "form_no": "", **head}, "type": "object", "properties": fields, **more}
    return read_form(json.dumps(whole).encode(), head["key"])


_MONEY = {
    "type": "number", "title": "金额", "x-title-en": "Amount", "x-widget": "money", "x-unit": "万元",
    "x-unit-en": "10,000 yuan",
}  # fmt: skip
MEMO = _form(
    {"key": "memo", "title_zh": "用款申请", "title_en": "Memo", "gist": ["amount"]},
    {"amount": {**_MONEY, "x-variable": "amount"}},
    required=["amount"],
)
#: Above 100 somebody has to say why.
VISA = _form(
    {
        "key": "visa", "title_zh": "签批", "title_en": "Signature",
        "batch": {"roles": ["unit_head"], "answer": {"decision": "sign"}},
    },
    {
        "amount": {**_MONEY, "title": "批准金额", "x-prefill": "amount", "x-readonly": True},
        "decision": {
            "type": "string", "title": "签批意见", "x-title-en": "Decision", "x-widget": "enum",
            "enum": ["sign", "return"], "x-enum-titles": [["sign", "同意", "Sign"], ["return", "退回", "Return"]],
        },
        "comment": {
            "type": "string", "title": "说明", "x-title-en": "Comment", "x-widget": "textarea", "minLength": 5,
            "x-variable": "comment",
        },
    },
    required=["decision"],
    **{"x-checks": [{
        "code": "LARGE", "path": "comment", "when": "amount > 100 and comment = null",
        "message_zh": "金额 {amount} 万元，须说明理由。", "message_en": "{amount} is large: say why.",
    }]},
)  # fmt: skip


def _visas(key: str, name: str, element: str, called: str) -> bytes:
    """start -> memo (project_owner or unit_head) -> visa (unit_head, four eyes) -> file (dept_perf) -> end"""
    steps = (
        user_task("memo", groups="project_owner,unit_head", attributes='camunda:formKey="memo"')
        + user_task(
            element, groups="unit_head", attributes='camunda:formKey="visa" camunda:dueDate="3WD"',
            inside=properties(fourEyesWith="memo"),
        ).replace(f'name="{element}"', f'name="{called}"')
        + user_task("file", groups="dept_perf")
    )  # fmt: skip
    chain = flows("start memo", f"memo {element}", f"{element} file", "file end")
    drawn = bpmn(key, f'<startEvent id="start"/>{steps}<endEvent id="end"/>{chain}')
    return drawn.replace(f'name="{key}"'.encode(), f'name="{name}"'.encode())


FILES = {
    "visas.bpmn": _visas("visas", "用款", "visa", "单位签批"),
    "letters.bpmn": _visas("letters", "发函", "letter", "函件签发"),
}


def actor(login: str, *groups: str) -> Actor:
    return Actor(tenant_id=TENANT, user_id=login, groups=frozenset(groups), visible_units=frozenset({"2101"}))


OWNER = actor("edu1.proj", "project_owner@2101")


@contextmanager
def signing_office(database_url: str, var_dir: Path) -> Iterator[Office]:
    """The small district with these forms and processes."""
    with open_office(database_url, var_dir, [MEMO, VISA]) as office:
        office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files=FILES))
        yield office


def waiting(
    office: Office, *amounts: int, process: str = "visas", filed_by: Actor = OWNER, first: int = 1
) -> list[str]:
    """Begin a case for each amount, numbered from `first`, and file its memo; ids of the signatures that wait."""
    return [
        _file(office, office.start_of(process, f"{process}-{number}", "2101"), amount, filed_by)
        for number, amount in enumerate(amounts, first)
    ]


def _file(office: Office, instance_id: str, amount: int, filed_by: Actor) -> str:
    (memo,) = open_ids(office, instance_id)
    command = CompleteUserTask(actor=filed_by, user_task_id=memo, submission={"amount": str(amount)})
    (signature,) = office.dispatcher.dispatch(command).opened_user_tasks
    return signature


def open_ids(office: Office, instance_id: str) -> list[str]:
    return [each.id for each in office.dispatcher.query(open_user_tasks, DESIGNER, [instance_id]).get(instance_id, ())]
