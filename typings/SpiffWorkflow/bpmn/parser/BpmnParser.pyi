# The part of SpiffWorkflow 3.2.0 that the house uses.
from lxml import etree

class BpmnValidator:
    validator: etree.XMLSchema
    def preprocess(self, bpmn: etree._Element) -> None: ...
