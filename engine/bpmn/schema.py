"""Validation against the XML schema of BPMN 2.0, as SpiffWorkflow ships and loads it."""

from __future__ import annotations

import re
import threading
from functools import lru_cache

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnValidator

from engine.bpmn.report import Findings
from engine.bpmn.vocabulary import bpmn, nearest_id
from engine.xml import Element

#: lxml keeps the error log on the schema object, so two files must not be validated by one schema at a time.
_LOCK = threading.Lock()
_NAMESPACE = re.compile(r"\{http://www\.omg\.org/spec/[^}]*\}")
_MOST = 50


@lru_cache(maxsize=1)
def _validator() -> BpmnValidator:
    return BpmnValidator()


def check_schema(root: Element, findings: Findings) -> bool:
    """Whether the document is valid BPMN 2.0; each error goes to the findings with its line and element."""
    if root.tag != bpmn("definitions"):
        findings.add("not-bpmn", "", tag=root.tag)
        return False
    with _LOCK:
        validator = _validator()
        validator.preprocess(root)
        schema = validator.validator
        if schema.validate(root):
            return True
        errors = [(entry.path, entry.line, entry.message) for entry in schema.error_log][:_MOST]
    prefixes = {prefix: uri for each in root.iter() for prefix, uri in each.nsmap.items() if prefix}
    for path, line, message in errors:
        (element,) = root.xpath(path, namespaces=prefixes) if path else [root]
        findings.add("schema", nearest_id(element), line=line, reason=_NAMESPACE.sub("", message))
    return False
