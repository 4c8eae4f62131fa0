"""The process that is measured: a budget loop of 23 flow nodes with five called processes, 19 user tasks a run.

    fill ► assess ► ok? ► goal ► ok? ► approve ► (publish | issue) ► monitor, twice ► evaluate ► score?
         ► rectify ► review ► apply ► archive

Every user task has candidates, a form, a due instant in working days and a non-interrupting boundary timer behind which
a script waits. Each called process is a first user task, a script, a gateway and a second user task. The files are
written twice from one description: as our designers write them, and with Python expressions for SpiffWorkflow.
"""

from __future__ import annotations

import itertools
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

MAIN = "closed_loop"
#: User tasks that one run completes.
USER_TASKS = 19
#: Name of the message that one run sends; nobody waits for it.
MESSAGE = "loop.published"
#: How large the variables of the main process are, as JSON; never less.
VARIABLES_KB = 20

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" id="definitions" targetNamespace="http://example.org/loop">'
)


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How expressions are written."""

    #: Of scripts, as the attribute `scriptFormat`.
    script_format: str
    #: One round less, as a script over `rounds`.
    count_down: str
    #: One more round, as a script over `n`.
    count_up: str
    #: The escalation script.
    escalate: str
    #: The script of a called process, by its key: twice what was given.
    score: str
    #: What that script writes.
    result: str
    #: Of a timer, around an ISO duration.
    quote: str
    #: Whether people, forms, due instants and mappings are written down.
    has_extensions: bool


HOUSE = Dialect(
    script_format="feel",
    count_down="{rounds: rounds - 1}",
    count_up="{n: n + 1}",
    escalate='{escalated: "yes"}',
    score="{{score: given * 2}}",
    result="score",
    quote="",
    has_extensions=True,
)
PYTHON = Dialect(
    script_format="python",
    count_down="rounds = rounds - 1",
    count_up="n = n + 1",
    escalate='escalated = "yes"',
    # without mappings a call copies all variables, in and out
    score="{key}_score = {key}_in * 2",
    result="{key}_score",
    quote='"',
    has_extensions=False,
)


@dataclass
class _Diagram:
    """One process under construction."""

    key: str
    name: str
    dialect: Dialect
    _elements: list[str] = field(default_factory=list[str])
    _flows: int = 0

    def event(self, kind: str, element_id: str, inside: str = "") -> None:
        self._elements.append(f'<{kind} id="{element_id}">{inside}</{kind}>')

    def gateway(self, kind: str, element_id: str, default: str = "") -> None:
        chosen = f' default="{default}"' if default else ""
        self._elements.append(f'<{kind}Gateway id="{element_id}"{chosen}/>')

    def script(self, element_id: str, body: str) -> None:
        self._elements.append(
            f'<scriptTask id="{element_id}" scriptFormat="{self.dialect.script_format}">'
            f"<script>{escape(body)}</script></scriptTask>"
        )

    def user_task(self, element_id: str, name: str, role: str, four_eyes_with: str = "") -> None:
        """A user task with its boundary timer, and what the timer starts."""
        attributes = extensions = ""
        if self.dialect.has_extensions:
            attributes = f'camunda:candidateGroups="{role}" camunda:dueDate="5WD" camunda:formKey="opinion"'
            if four_eyes_with:
                extensions = _properties(fourEyesWith=four_eyes_with)
        self._elements.append(
            f'<userTask id="{element_id}" name={quoteattr(name)} {attributes}>{extensions}</userTask>'
            f'<boundaryEvent id="{element_id}_late" attachedToRef="{element_id}" cancelActivity="false">'
            f'<timerEventDefinition id="{element_id}_timer"><timeDuration xsi:type="tFormalExpression">'
            f"{self.dialect.quote}P7D{self.dialect.quote}</timeDuration></timerEventDefinition></boundaryEvent>"
        )
        self.script(f"{element_id}_escalate", self.dialect.escalate)
        self.event("endEvent", f"{element_id}_escalated")
        self.flow(f"{element_id}_late", f"{element_id}_escalate", f"{element_id}_escalated")

    def call(self, element_id: str, called: str, given: str, result: str) -> None:
        extensions = binding = ""
        if self.dialect.has_extensions:
            binding = 'camunda:calledElementBinding="deployment"'
            extensions = (
                f'<extensionElements><camunda:in source="unit_code" target="unit_code"/>'
                f'<camunda:in source="project" target="project"/><camunda:in source="{given}" target="given"/>'
                f'<camunda:in businessKey="= business_key"/>'
                f'<camunda:out source="score" target="{result}"/></extensionElements>'
            )
        self._elements.append(
            f'<callActivity id="{element_id}" calledElement="{called}" {binding}>{extensions}</callActivity>'
        )

    def flow(self, *element_ids: str, when: str = "", flow_id: str = "") -> None:
        """Connect elements one after another; `when` and `flow_id` are for a single flow."""
        for source, target in itertools.pairwise(element_ids):
            self._flows += 1
            condition = ""
            if when:
                text = escape(when)
                condition = f'<conditionExpression xsi:type="tFormalExpression">{text}</conditionExpression>'
            self._elements.append(
                f'<sequenceFlow id="{flow_id or f"{self.key}_flow_{self._flows}"}" sourceRef="{source}" '
                f'targetRef="{target}">{condition}</sequenceFlow>'
            )

    def xml(self, outside: str = "") -> bytes:
        body = "\n".join(self._elements)
        process = f'<process id="{self.key}" name={quoteattr(self.name)} isExecutable="true">{body}</process>'
        return f"{_HEAD}{outside}{process}</definitions>".encode()


def _properties(**values: str) -> str:
    made = "".join(f'<camunda:property name="{name}" value="{value}"/>' for name, value in values.items())
    return f"<extensionElements><camunda:properties>{made}</camunda:properties></extensionElements>"


#: Called processes: key -> name, first and second user task.
_CALLED: Mapping[str, tuple[str, str, str]] = {
    "assess": ("事前绩效评估", "组织评估", "评估复核"),
    "goal": ("绩效目标审核", "单位自审", "财政审核"),
    "monitor": ("绩效运行监控", "填报监控", "监控审核"),
    "evaluate": ("绩效评价", "单位自评", "财政评价"),
    "rectify": ("整改", "整改填报", "整改核查"),
}


def _called(key: str, dialect: Dialect) -> bytes:
    name, first, second = _CALLED[key]
    made = _Diagram(key, name, dialect)
    made.event("startEvent", f"{key}_start")
    made.user_task(f"{key}_do", first, "project_owner")
    made.script(f"{key}_count", dialect.score.format(key=key))
    made.gateway("exclusive", f"{key}_choice", default=f"{key}_skip")
    made.user_task(f"{key}_check", second, "dept_perf", four_eyes_with=f"{key}_do")
    made.event("endEvent", f"{key}_end")
    made.flow(f"{key}_start", f"{key}_do", f"{key}_count", f"{key}_choice")
    made.flow(f"{key}_choice", f"{key}_check", when=dialect.result.format(key=key) + " >= 0")
    made.flow(f"{key}_choice", f"{key}_end", flow_id=f"{key}_skip")
    made.flow(f"{key}_check", f"{key}_end")
    return made.xml()


def _main(dialect: Dialect) -> bytes:
    made = _Diagram(MAIN, "预算绩效闭环", dialect)
    made.event("startEvent", "start")
    made.user_task("fill", "填报绩效目标", "project_owner")
    made.call("assess_call", "assess", "assess_in", "assess_score")
    made.gateway("exclusive", "worth", default="worth_yes")
    made.event("endEvent", "rejected")
    made.call("goal_call", "goal", "goal_in", "goal_score")
    made.gateway("exclusive", "sound", default="sound_yes")
    made.user_task("approve", "预算审批", "dept_perf", four_eyes_with="fill")
    made.gateway("parallel", "split")
    made.user_task("publish", "信息公开", "dept_perf")
    made.user_task("issue", "批复下达", "finance_perf")
    made.gateway("parallel", "join")
    made.call("monitor_call", "monitor", "monitor_in", "monitor_score")
    made.script("count", dialect.count_down)
    made.gateway("exclusive", "again", default="again_no")
    made.call("evaluate_call", "evaluate", "evaluate_in", "evaluate_score")
    made.gateway("exclusive", "weak", default="weak_no")
    made.call("rectify_call", "rectify", "rectify_in", "rectify_score")
    made.user_task("review", "整改复核", "dept_perf")
    made.user_task("apply", "结果应用", "dept_perf")
    made.user_task("archive", "归档", "project_owner")
    made.event("intermediateThrowEvent", "tell", f'<messageEventDefinition id="tell_message" messageRef="{MESSAGE}"/>')
    made.event("endEvent", "done")
    made.flow("start", "fill", "assess_call", "worth")
    made.flow("worth", "rejected", when="assess_score < 0")
    made.flow("worth", "goal_call", flow_id="worth_yes")
    made.flow("goal_call", "sound")
    made.flow("sound", "fill", when="goal_score < 0")
    made.flow("sound", "approve", flow_id="sound_yes")
    made.flow("approve", "split", "publish", "join", "monitor_call", "count", "again")
    made.flow("split", "issue", "join")
    made.flow("again", "monitor_call", when="rounds > 0")
    made.flow("again", "evaluate_call", flow_id="again_no")
    made.flow("evaluate_call", "weak")
    made.flow("weak", "rectify_call", when="evaluate_score < 60")
    made.flow("weak", "apply", flow_id="weak_no")
    made.flow("rectify_call", "review", "apply", "archive", "tell", "done")
    return made.xml(f'<message id="{MESSAGE}" name="{MESSAGE}"/>')


def files(dialect: Dialect = HOUSE) -> dict[str, bytes]:
    """All six files by name."""
    return {f"{MAIN}.bpmn": _main(dialect)} | {f"{key}.bpmn": _called(key, dialect) for key in _CALLED}


def monitoring_loop(dialect: Dialect = HOUSE) -> bytes:
    """A user task, a script that counts, and a gateway that goes round while `n < limit`."""
    made = _Diagram("rounds", "监控循环", dialect)
    made.event("startEvent", "start")
    made.user_task("monitor", "填报监控", "project_owner")
    made.script("count", dialect.count_up)
    made.gateway("exclusive", "again", default="again_no")
    made.event("endEvent", "done")
    made.flow("start", "monitor", "count", "again")
    made.flow("again", "monitor", when="n < limit")
    made.flow("again", "done", flow_id="again_no")
    return made.xml()


def opinions_of_many() -> bytes:
    """A parallel multi-instance user task: one child for each entry of `people`."""
    return (
        f'{_HEAD}<process id="many" name="征求意见" isExecutable="true"><startEvent id="start"/>'
        '<userTask id="opinion" name="征求意见" camunda:candidateGroups="project_owner" camunda:dueDate="5WD" '
        'camunda:formKey="opinion">'
        '<multiInstanceLoopCharacteristics camunda:collection="= people" camunda:elementVariable="somebody"/>'
        '</userTask><endEvent id="done"/><sequenceFlow id="in" sourceRef="start" targetRef="opinion"/>'
        '<sequenceFlow id="out" sourceRef="opinion" targetRef="done"/></process></definitions>'
    ).encode()


def variables(*, kilobytes: int = VARIABLES_KB, seed: int = 1) -> dict[str, Any]:
    """What an instance starts with: a project with its budget lines, indicators and opinions."""
    chance = random.Random(seed)
    made: dict[str, Any] = {
        "project": {"name": "示范区市政道路养护项目", "code": "SFQ-2026-0417", "unit": "区住房和城乡建设局"},
        "business_key": "",
        "rounds": 2,
        "assess_in": 40,
        "goal_in": 40,
        "monitor_in": 30,
        "evaluate_in": 20,
        "rectify_in": 45,
    }
    lines: list[dict[str, Any]] = []
    size = 0
    while size < kilobytes * 1024:
        number = len(lines)
        line = {
            "subject": f"302{number:03d}",
            "name": "商品和服务支出",
            "amount": Decimal(chance.randrange(10**8)) / 100,
            "executed": Decimal(chance.randrange(10**8)) / 100,
            "indicator": {"level": "产出指标", "kind": "数量指标", "name": f"指标{number}", "target": number * 10},
            "opinion": {"by": f"user{number}", "text": "同意,请按程序办理。", "at": "2026-03-01T10:00:00+08:00"},
            "file": f"{chance.getrandbits(256):064x}",
        }
        size += len(json.dumps(_without_decimals(line), ensure_ascii=False).encode())
        lines.append(line)
    return made | {"budget_lines": lines}


def plain_variables(**options: Any) -> dict[str, Any]:
    """The same as JSON holds it, for engines without decimal numbers."""
    return _without_decimals(variables(**options))


def _without_decimals(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {key: _without_decimals(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_without_decimals(each) for each in value]
    return value
