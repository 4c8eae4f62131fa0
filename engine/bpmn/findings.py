"""The catalogue of everything the reader can say about a file.

The codes are stable and key the translated texts; the English texts stand here. `{element}` is the id of the element,
the other names are facts of the entry.
"""

from __future__ import annotations

from engine.bpmn.finding import Finding, error
from engine.bpmn.lint_findings import LINT_FINDINGS

FINDINGS: dict[str, Finding] = {
    # the file
    "not-bpmn": error(
        "Expected a BPMN 2.0 file, but its root is {tag}.",
        "Export the diagram as BPMN 2.0 XML.",
    ),
    "schema": error(
        "Line {line} is not valid BPMN 2.0: {reason}",
        "Correct the element, or save the diagram anew.",
    ),
    "no-process": error(
        "Expected an executable process, but found none.",
        "Mark the process as executable.",
    ),
    "process-not-executable": Finding(
        "warning",
        "Process {element} is not marked executable and does not run.",
        "Mark it executable if it should.",
    ),
    "repaired": Finding(
        "info",
        "Repaired ({repair}) at {element}: {before} -> {after}.",
    ),
    # accounting
    "element-not-read": error(
        "Line {line}: {name} at {element} stands where the engine does not read it.",
        "Move it directly into the process or sub-process it belongs to.",
    ),
    "element-ignored": Finding(
        "warning",
        "Line {line}: {name} at {element} has no effect in this engine.",
        "Delete it, or model it otherwise.",
    ),
    "attribute-ignored": Finding(
        "warning",
        "Line {line}: {name}={value!r} at {element} has no effect in this engine.",
        "Delete the attribute.",
    ),
    "extension-ignored": Finding(
        "warning",
        "Line {line}: extension {name} ({value!r}) at {element} has no effect in this engine.",
        "Use the camunda attribute that means the same, or delete it.",
    ),
    "extension-tunes": Finding(
        "info",
        "Line {line}: {name} ({value!r}) at {element} tunes another engine; here each step is one transaction.",
    ),
    "extension-acts": error(
        "Line {line}: {name} at {element} would run code of another engine.",
        'Use a service task with implementation="…" or camunda:type="external" and a topic.',
    ),
    "kept-in-diagram": Finding(
        "info",
        "{what} {element} is kept in the diagram; all variables of a scope are visible to its activities.",
    ),
    "property-kept": Finding(
        "info",
        "Property {name!r} at {element} is kept on the element; the engine gives it no meaning.",
    ),
    "data-association": error(
        "A data association of {element} computes a value.",
        "Use input and output parameters (camunda:inputOutput).",
    ),
    # elements that are not run
    "complex-gateway": error(
        "Complex gateway {element} is not supported.",
        "Use an inclusive gateway, or a multi-instance activity with a completion condition for “n of m”.",
    ),
    "ad-hoc-sub-process": error(
        "Ad-hoc sub-process {element} is not supported.",
        "Use an inclusive gateway, or parallel user tasks in a sub-process.",
    ),
    "choreography": error(
        "Choreography element {element} is not supported.",
        "Draw one process for each participant.",
    ),
    "compensation": error(
        "Compensation at {element} is not supported.",
        "Draw the undoing as ordinary steps behind an error or cancel event.",
    ),
    "instantiate": error(
        "{element} is to create a new instance.",
        "Use a message start event instead.",
    ),
    "parallel-event-gateway": error(
        "Event-based gateway {element} waits for all its events.",
        "Use a parallel gateway followed by catch events.",
    ),
    "several-event-definitions": error(
        "Event {element} has {count} event definitions.",
        "Draw one event for each.",
    ),
    "event-definition-reference": error(
        "Event {element} refers to a shared event definition.",
        "Put the definition into the event itself.",
    ),
    "event-place": error(
        "A {kind} event definition cannot stand on {tag} {element}.",
        "Possible here: {choices}.",
    ),
    "cancel-outside-transaction": error(
        "Cancel event {element} stands outside a transaction.",
        "Put it into, or on the border of, a transaction.",
    ),
    "always-interrupting": Finding(
        "warning",
        "{element} is drawn as non-interrupting, but a {kind} event always interrupts.",
        "Draw it interrupting.",
    ),
    # references and names
    "unknown-reference": error(
        "{element} refers to the {kind} {reference!r}, which the file does not declare.",
        "Choose an existing {kind}, or declare it.",
    ),
    "event-without-name": error(
        "{element} names no {kind}.",
        "Choose or create the {kind} in the properties panel.",
    ),
    "thrown-without-code": Finding(
        "warning",
        "{element} throws no particular {kind}: only an event that catches any will catch it.",
        "Choose or create one with a code.",
    ),
    "expression-in-name": error(
        "{place} of {element} is an expression: {text}.",
        "Write a fixed name.",
    ),
    "send-without-message": error(
        "Send task {element} names neither a message nor a handler.",
        "Choose a message, or fill in implementation or an external topic.",
    ),
    "receive-without-message": error(
        "Receive task {element} names no message and would wait for ever.",
        "Choose a message.",
    ),
    "service-without-handler": error(
        "Service task {element} does not say who does the work.",
        'Fill in implementation="…" (a local handler) or camunda:type="external" with camunda:topic.',
    ),
    "rule-without-decision": error(
        "Business rule task {element} names no decision.",
        "Fill in camunda:decisionRef.",
    ),
    "call-without-process": error(
        "Call activity {element} names no process.",
        "Fill in calledElement.",
    ),
    "binding-without-version": error(
        "{element} binds by {binding}, but gives none.",
        "Fill in {attribute} or {attribute}Tag, or choose binding latest.",
    ),
    "unknown-choice": error(
        "{place} of {element} is {text!r}.",
        "Possible: {choices}.",
    ),
    "mapping-name": error(
        "{element} maps a variable called {name!r}.",
        'Use a name of letters, digits and underscores, or sourceExpression="= …".',
    ),
    "mapping-content": error(
        "Parameter {name!r} of {element} holds {what}.",
        'Write a FEEL expression: "= …".',
    ),
    "four-eyes-partner": error(
        "{element} must not be done by whoever did {other!r}, but that is no other user task of this process.",
        "Correct the property fourEyesWith.",
    ),
    "returns-through": error(
        "A return to {element} goes through {other!r} first, but no step or exclusive gateway so named leads there.",
        "Name a step beside it from which the work comes to it, by the property returnsThrough, or leave it out.",
    ),
    # expressions
    "expression": error(
        "{place} of {element} is not FEEL: {reason}",
        "Correct the expression: {text}",
    ),
    "foreign-expression": error(
        "{place} of {element} is written in another language and not simple enough to translate: {text}",
        "Write it in FEEL.",
    ),
    "script-language": error(
        "{element} is written in {language!r}; only FEEL is run.",
        "Rewrite it in FEEL, or use a service task.",
    ),
    "script-empty": error(
        "Script task {element} has no script.",
        "Write a FEEL context: {{name: value}}.",
    ),
    "not-a-number": error(
        "{place} of {element} is {text!r}.",
        'Write a whole number or "= …".',
    ),
    "due-date-text": error(
        "{place} of {element} is {text!r}, which is no due date.",
        'Write 5WD (working days), 30D, P30D, a date, due.<process>.<step>, or "= …".',
    ),
    "timer-empty": error(
        "Timer {element} does not say when.",
        "Fill in exactly one of date, duration and cycle.",
    ),
    "timer-text": error(
        "Timer {element}: {text!r} is no {kind}.",
        "Write a date as 2026-03-01 or 2026-03-01T09:00:00+08:00, a duration as P5D, PT10M or 5WD, a cycle as "
        "R3/PT10M.",
    ),
    "timer-cycle": error(
        "Timer {element} cannot repeat by {text!r}: {reason}",
        "Write at least one firing and an interval above zero: R3/PT10M, R/P1D, R2/2026-01-31T09:00:00+08:00/P1M.",
    ),
    "cron": error(
        "Timer {element} is a cron expression ({text}), which is not supported yet.",
        "Write a cycle as R/P1D, or R3/2026-01-01T09:00:00+08:00/P1M.",
    ),
    "condition-empty": error(
        "{element} has a condition without text.",
        "Write a FEEL expression.",
    ),
    # loops
    "loop-expression-empty": error(
        "{place} of {element} is empty.",
        "Write a FEEL expression, or delete it.",
    ),
    "loop-without-end": error(
        "Loop {element} has neither a condition nor a maximum.",
        "Fill in one of them.",
    ),
    "multi-instance-empty": error(
        "Multi-instance {element} says neither how many nor over which list.",
        "Fill in the cardinality or the collection.",
    ),
    "multi-instance-twice": error(
        "Multi-instance {element} has a cardinality and a collection.",
        "Keep one of them.",
    ),
    "multi-instance-output": error(
        "Multi-instance {element} collects results, but only one of list and element is given.",
        "Fill in both outputCollection and outputElement.",
    ),
    "multi-instance-behaviour": error(
        "Multi-instance {element} throws events after its children ({behaviour}).",
        "Draw the event behind the activity.",
    ),
    "output-without-loop": Finding(
        "warning",
        "Property {name} of {element} only works on multi-instance activities.",
        "Delete it, or make the activity multi-instance.",
    ),
    # shape
    "flow-ends": error(
        "Flow {element} from {source!r} to {target!r} does not join two nodes of one process or sub-process.",
        "Draw it anew.",
    ),
    "default-flow": error(
        "{element} has the default flow {reference!r}, which does not leave it.",
        "Choose one of its own.",
    ),
    "boundary-host": error(
        "Boundary event {element} is attached to {reference!r}, which is no activity of its level.",
        "Attach it to an activity.",
    ),
    "flow-into": error(
        "A flow leads into {element}, but nothing may lead into a {kind}.",
        "Delete the flow.",
    ),
    "flow-out-of": error(
        "A flow leaves {element}, but nothing may leave a {kind}.",
        "Delete the flow.",
    ),
    "flow-without-condition": error(
        "Flow {element} leaves gateway {gateway} without condition and is not its default.",
        "Write a condition, or mark the flow as default.",
    ),
    "condition-place": error(
        "Flow {element} has a condition, but {source} is a {kind} and never asks.",
        "Put an exclusive gateway between them.",
    ),
    "event-gateway-flows": error(
        "Event-based gateway {element} leads to fewer than two events.",
        "Add an event, or remove the gateway.",
    ),
    "event-gateway-target": error(
        "{element} follows event-based gateway {gateway}, but is no catch event or receive task of its own.",
        "Put a message, timer, signal or conditional catch event there, with this one flow into it.",
    ),
    "no-start": error(
        "{element} has no start event, and every node has a flow into it.",
        "Add a start event.",
    ),
    "several-starts": error(
        "{element} has several start events that could begin it.",
        "Keep one; inside an event sub-process the one with the trigger.",
    ),
    "link-without-catch": error(
        "Link event {element} throws {name!r}, which nothing catches at its level.",
        "Add the link catch event.",
    ),
    "link-without-throw": error(
        "Link event {element} catches {name!r}, which nothing throws at its level.",
        "Add the link throw event.",
    ),
    "link-caught-twice": error(
        "Link {name!r} is caught by more than one event, {element} among them.",
        "Keep one.",
    ),
    # collaborations
    "message-flow-drawn": Finding(
        "info",
        "Message flow {element} ({source} to {target}) touches a pool that does not run here; it is kept in "
        "the diagram.",
    ),
    "message-flow-names": error(
        "Message flow {element} joins {source} (sends {sent!r}) and {target} (awaits {awaited!r}): two running "
        "pools must name one message.",
        "Choose the same message on both ends, or make one pool a black box.",
    ),
    # cases, and the second opinion on them
    "cases-syntax": error(
        "The case file is no TOML: {reason}",
        "Correct the line.",
    ),
    "cases-shape": error(
        "The case file holds {found!r} at {place}, but is to hold {expected}.",
        "Correct it; the designers' guide shows the form of a case.",
    ),
    "cases-element": error(
        "Case {case!r} names {element!r}, which is no {kind} of process {process}.",
        "Correct the case.",
    ),
    "case-does-not-fit": error(
        "In case {case!r}, step {step} completes {element}, but open are: {open}.",
        "Correct the diagram or the case.",
    ),
    "case-does-not-start": error(
        "Case {case!r} cannot start {element}: {reason}",
        "Correct the diagram, or give the case what the process needs.",
    ),
    "case-expectation": error(
        "Case {case!r} of {element} expects another {subject}: {expected} instead of {found}.",
        "Correct the diagram or the case.",
    ),
    "case-goes-on": error(
        "Case {case!r} of {element} has {steps} steps, but the process is over after {taken}.",
        "Correct the diagram or the case.",
    ),
    "case-passes": Finding("info", "Case {case!r} of {element} goes as expected ({steps} steps)."),
    "opinion-agrees": Finding(
        "info", "Case {case!r} of {element} goes as expected, and SpiffWorkflow shows the same after each step."
    ),
    "opinion-walked": Finding(
        "info",
        "{agreed} of {count} random ways through {element} were compared with SpiffWorkflow, and both showed the same.",
    ),
    "opinion-not-comparable": Finding(
        "info",
        "Case {case!r} cannot be compared with SpiffWorkflow at {element} ({cause}): {reason}.",
    ),
    "opinion-differs": error(
        "In case {case!r} the engines part at {element} after step {step}: {subject} {here} here, but {there} in "
        "SpiffWorkflow.",
        "Draw the place so that both read it alike. Where the diagram is right and SpiffWorkflow is not, an "
        "administrator can do without its opinion (BIHUAN_SECOND_OPINION=off).",
    ),
    **LINT_FINDINGS,
}
