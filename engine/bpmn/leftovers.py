"""The end of the reading: whatever nobody took is named in the report."""

from __future__ import annotations

from engine.bpmn.account import Account, Unread
from engine.bpmn.report import Findings
from engine.bpmn.vocabulary import (
    BPMN,
    EVENT_DEFINITIONS,
    FLOW_NODES,
    camunda,
    local,
    namespace,
    nearest_id,
    qualified,
)

#: Extensions that would make another engine act: leaving them out would change what the diagram does.
ACTING = frozenset(
    camunda(name)
    for name in (
        "class", "delegateExpression", "expression", "executionListener", "taskListener", "connector", "field",
        "errorEventDefinition", "variableMappingClass", "variableMappingDelegateExpression", "resource", "caseRef",
        "type",
    )
)  # fmt: skip
#: Extensions that tune another engine's job executor or its tools; here every step is one transaction anyway.
TUNING = frozenset(
    camunda(name)
    for name in (
        "async", "asyncBefore", "asyncAfter", "exclusive", "jobPriority", "taskPriority", "historyTimeToLive",
        "isStartableInTasklist", "modelerTemplate", "modelerTemplateVersion", "modelerTemplateIcon",
        "failedJobRetryTimeCycle", "diagramRelationId",
    )
)  # fmt: skip
#: Standard attributes that say nothing when they have this value (None: any value).
INERT = {
    "isClosed": None, "processType": None, "definitionalCollaborationRef": None, "gatewayDirection": None,
    "startQuantity": "1", "completionQuantity": "1", "isForCompensation": "false", "parallelMultiple": "false",
    "triggeredByEvent": "false", "isCollection": None, "itemSubjectRef": None,
}  # fmt: skip


def report_leftovers(account: Account, findings: Findings) -> None:
    """Name everything unread, by what it would have meant."""
    for unread in account.unread():
        if unread.attribute is None:
            _element(unread, findings)
        else:
            _attribute(unread, unread.attribute, findings)


def _element(unread: Unread, findings: Findings) -> None:
    element = unread.element
    tag = element.tag
    element_id, facts = nearest_id(element), {"name": qualified(tag), "line": element.sourceline or 0}
    if tag in ACTING:
        findings.add("extension-acts", element_id, **facts)
    elif tag in TUNING:
        findings.add("extension-tunes", element_id, value=(element.text or "").strip(), **facts)
    elif namespace(tag) != BPMN:
        findings.add("extension-ignored", element_id, value=(element.text or "").strip()[:200], **facts)
    elif local(tag) in FLOW_NODES or local(tag) in EVENT_DEFINITIONS or local(tag) == "sequenceFlow":
        findings.add("element-not-read", element_id, **facts)
    else:
        findings.add("element-ignored", element_id, **facts)


def _attribute(unread: Unread, name: str, findings: Findings) -> None:
    element = unread.element
    value = element.get(name, "")
    element_id, facts = nearest_id(element), {"name": qualified(name), "value": value[:200]}
    if namespace(name):
        code = "extension-acts" if name in ACTING else "extension-tunes" if name in TUNING else "extension-ignored"
        findings.add(code, element_id, line=element.sourceline or 0, **facts)
    elif name not in INERT or INERT[name] not in (None, value.strip()):
        findings.add("attribute-ignored", element_id, line=element.sourceline or 0, **facts)
