"""Small diagrams for the doors."""

from __future__ import annotations

from tests.house import properties

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  id="definitions" targetNamespace="http://example.org/bpmn">
"""

#: plan (the owner of the project) -> review (the department, four eyes) -> approved? -> end, or back to plan.
RECTIFICATION = (
    _HEAD
    + """
  <process id="rectification" name="整改" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="plan"/>
    <userTask id="plan" name="提交整改方案" camunda:candidateGroups="project_owner" camunda:formKey="plan"
      camunda:dueDate="5WD"/>
    <sequenceFlow id="f2" sourceRef="plan" targetRef="review"/>
    <userTask id="review" name="部门审核" camunda:candidateGroups="dept_perf" camunda:dueDate="3WD">
      <extensionElements>
        <camunda:properties><camunda:property name="fourEyesWith" value="plan"/></camunda:properties>
      </extensionElements>
    </userTask>
    <sequenceFlow id="f3" sourceRef="review" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>
"""
).encode()

#: The same with English names of the process and its first step.
IN_BOTH_LANGUAGES = RECTIFICATION.replace(
    b'isExecutable="true">', f'isExecutable="true">{properties(**{"name.en": "Rectification"})}'.encode()
).replace(b'camunda:dueDate="5WD"/>', f'camunda:dueDate="5WD">{properties(**{"name.en": "Plan"})}</userTask>'.encode())

#: Waits for the message "go" by its business key, then goes on only where the variable `amount` is above zero.
WAITING = (
    _HEAD
    + """
  <message id="m" name="go"/>
  <process id="waiting" name="等待" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="wait"/>
    <intermediateCatchEvent id="wait"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
    <sequenceFlow id="f2" sourceRef="wait" targetRef="enough"/>
    <exclusiveGateway id="enough" name="有资金?"/>
    <sequenceFlow id="f3" sourceRef="enough" targetRef="end">
      <conditionExpression xsi:type="tFormalExpression">amount &gt; 0</conditionExpression>
    </sequenceFlow>
    <endEvent id="end"/>
  </process>
</definitions>
"""
).encode()

#: A service node whose work a program outside does under the topic "billing".
OUTSIDE = (
    _HEAD
    + """
  <process id="outside" name="外部系统" isExecutable="true">
    <startEvent id="start"/>
    <sequenceFlow id="f1" sourceRef="start" targetRef="bill"/>
    <serviceTask id="bill" name="开票" camunda:type="external" camunda:topic="billing"/>
    <sequenceFlow id="f2" sourceRef="bill" targetRef="end"/>
    <endEvent id="end"/>
  </process>
</definitions>
"""
).encode()

GRADE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="grades" namespace="http://example.org/dmn">
  <inputData id="in" name="score"><variable id="inv" name="score" typeRef="number"/></inputData>
  <decision id="grade" name="等级">
    <variable id="v" name="grade"/>
    <informationRequirement id="ir"><requiredInput href="#in"/></informationRequirement>
    <decisionTable id="t" hitPolicy="FIRST">
      <input id="i"><inputExpression id="ie" typeRef="number"><text>score</text></inputExpression></input>
      <output id="o" name="grade" typeRef="string"/>
      <rule id="r1"><inputEntry id="r1i"><text>&gt;= 90</text></inputEntry>
        <outputEntry id="r1o"><text>"优"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="r2i"><text>-</text></inputEntry>
        <outputEntry id="r2o"><text>"良"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
""".encode()
