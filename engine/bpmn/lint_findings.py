"""What is said of files that are understood: names they use, ways through them, decision tables beside them.

Texts as in `findings`.
"""

from __future__ import annotations

from engine.bpmn.finding import Finding, error

LINT_FINDINGS: dict[str, Finding] = {
    # lint: what the diagram names, and whether it comes to an end
    "lint-nobody": error(
        "User task {element} names nobody who could do it.",
        "Fill in candidate groups, candidate users or an assignee.",
    ),
    "lint-unknown-role": Finding(
        "warning",
        "User task {element} is for role {role!r}, which nobody knows.",
        "Choose one of the roles, or bring it before the first instance gets there.",
    ),
    "lint-no-due-date": Finding(
        "warning",
        "User task {element} is never due.",
        "Fill in a due date, e.g. 5WD or due.<process>.<step>.",
    ),
    "lint-timer-start-reads": error(
        "Timer start event {element} reads {names}, but there is no instance yet that could have variables.",
        "Write the date, duration or cycle itself, or an expression without variables.",
    ),
    "lint-expression-fails": error(
        "An expression of {element} fails whatever the variables are: {reason} In: {text}",
        "Correct the expression.",
    ),
    "lint-unknown-deadline": error(
        "{element} is due by {key!r}, which is not configured.",
        "Choose a configured deadline, or write the time itself.",
    ),
    "lint-unknown-ladder": error(
        "User task {element} climbs ladder {ladder!r}, which is not configured.",
        "Choose one of: {known}.",
    ),
    "lint-unknown-starter-role": Finding(
        "warning",
        "Process {element} is started by role {role!r}, which nobody knows.",
        "Choose one of the roles in candidateStarterGroups.",
    ),
    "lint-no-form": Finding(
        "warning",
        "User task {element} has no form.",
        "Choose a form.",
    ),
    "lint-unknown-form": Finding(
        "warning",
        "User task {element} shows form {form!r}, which does not exist.",
        "Choose one of the forms, or bring it before the first instance gets there.",
    ),
    "lint-unknown-decision": Finding(
        "warning",
        "Business rule task {element} asks decision {decision!r}, which is not deployed.",
        "Choose a deployed decision, or deploy it before the first instance gets there.",
    ),
    "lint-unknown-service": error(
        "Service task {element} calls handler {service!r}, which is not registered.",
        "Choose a registered handler, or let a worker do it by an external topic.",
    ),
    "lint-unknown-process": Finding(
        "warning",
        "Call activity {element} calls process {process!r}, which is not deployed.",
        "Deploy it before the first instance gets there.",
    ),
    "lint-unknown-clause": Finding(
        "warning",
        "{element} stands for clause {clause!r}, which is not known.",
        "Correct the property clause.",
    ),
    "lint-gate-missing": error(
        "Process {element} keeps gate {gate!r} at {steps} steps, but has it at {found}.",
        "Draw the step again, with its property gate, where the work comes past it.",
    ),
    "lint-message-not-thrown": Finding(
        "warning",
        "{element} awaits message {message!r}, which no known process or program sends.",
        "Correct the name, or make sure that somebody sends it.",
    ),
    "lint-no-default": Finding(
        "warning",
        "Gateway {element} has conditions on all its flows: where none holds, the instance stops with an incident.",
        "Mark one flow as default.",
    ),
    "lint-unreachable": Finding(
        "warning",
        "Nothing leads to {element}.",
        "Draw a flow to it, or delete it.",
    ),
    "lint-no-way-out": Finding(
        "warning",
        "From {element} there is no way to an end.",
        "Draw a way out of the loop.",
    ),
    "lint-four-eyes-order": Finding(
        "warning",
        "{element} must not be done by whoever did {other!r}, but does not come after it.",
        "Correct the property fourEyesWith.",
    ),
    "lint-unknown-language": Finding(
        "warning",
        "{element} has a name in language {language!r}, in which nothing is shown to anybody.",
        "Correct the property: name.en, name.zh.",
    ),
    "lint-name-missing": Finding(
        "warning",
        "Process {element} has names in language {language!r}, but {count} of what it draws have none: {missing}.",
        "Add the property name.{language} to each.",
    ),
    # decision tables that are deployed beside diagrams
    "dmn-reads-undeclared": Finding(
        "info",
        "{element} reads {name}, which is not declared as an input; it takes the variable of that name.",
    ),
    "dmn-undeclared-name": Finding(
        "warning",
        "{element} reads {name!r}, which the decision does not declare; declared are: {declared}.",
        "Correct the name, or draw input data of that name with a requirement to it.",
    ),
    "dmn-foreign-type": Finding("info", "Type {found!r} at {element} is read as {read_as}."),
}
