"""Changes that are about one resting token: completing, answering, failing, retrying, returning."""

from __future__ import annotations

from engine.kernel import changes
from engine.kernel.activities import complete, resting
from engine.kernel.draft import Draft
from engine.kernel.events import UserTaskCompleted
from engine.kernel.failure import Failure
from engine.kernel.nodes.service_request import answered
from engine.kernel.retrying import retry
from engine.kernel.returning import return_to, take_back_to
from engine.kernel.run import Run
from engine.kernel.state import Token, TokenState
from engine.kernel.throwing import fail, raise_error
from engine.model.errors import WrongState


def _token(draft: Draft, number: int, *states: TokenState) -> Token:
    token = draft.tokens.get(number)
    if token is None or token.state not in states:
        found = f"it rests as {token.state.value}" if token is not None else "it is not there any more"
        wanted = " or ".join(state.value for state in states)
        raise WrongState(f"Expected token {number} to rest as {wanted}, but {found}.", part=draft.number, token=number)
    return token


def complete_user_task(run: Run, change: changes.Complete) -> None:
    draft = run.draft(change.part)
    visit = resting(draft, _token(draft, change.token, TokenState.USER_TASK))
    run.emit(UserTaskCompleted(draft.number, visit.node.id, visit.number))
    complete(run, visit, change.variables)


def answer_service(run: Run, change: changes.AnswerService) -> None:
    draft = run.draft(change.part)
    answered(run, resting(draft, _token(draft, change.token, TokenState.SERVICE)), change.variables)


def raise_bpmn_error(run: Run, change: changes.RaiseBpmnError) -> None:
    draft = run.draft(change.part)
    visit = resting(draft, _token(draft, change.token, TokenState.SERVICE, TokenState.USER_TASK))
    raise_error(run, visit, change.error_code, change.message, change.variables)


def fail_service(run: Run, change: changes.FailService) -> None:
    draft = run.draft(change.part)
    visit = resting(draft, _token(draft, change.token, TokenState.SERVICE))
    fail(run, visit, Failure("service", change.message))


def retry_incident(run: Run, change: changes.Retry) -> None:
    draft = run.draft(change.part)
    retry(run, draft, _token(draft, change.token, TokenState.INCIDENT))


def return_user_task(run: Run, change: changes.ReturnTo) -> None:
    draft = run.draft(change.part)
    return_to(run, draft, _token(draft, change.token, TokenState.USER_TASK), change.element_id, change.variables)


def take_back(run: Run, change: changes.TakeBack) -> None:
    draft = run.draft(change.part)
    take_back_to(run, draft, _token(draft, change.token, TokenState.USER_TASK), change)
