"""What requests must look like and what answers look like; OpenAPI is made from these."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from apiflask.fields import UploadFile
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict

#: Names of processes, messages, elements.
Key = Annotated[str, Field(min_length=1, max_length=255)]
Text = Annotated[str, Field(max_length=2000)]
Values = Annotated[
    dict[str, Any],
    Field(
        description="Numbers are exact decimals; days and instants are text in ISO 8601.", examples=[{"amount": 800}]
    ),
]


def _json_integer(value: Any) -> Any:
    """Numbers of a body are decimals; a text or a truth value is none, however much it looks like one."""
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


#: A whole number in a body, as JSON Schema means `integer`: 5 and 5.0, not "5" or true.
Whole = Annotated[int, Strict(), BeforeValidator(_json_integer)]
PageSize = Annotated[int, Field(ge=1, le=200)]


class Closed(BaseModel):
    """A request: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


class ChangeHeaders(BaseModel):
    """Headers of every change."""

    idempotency_key: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[!-~]+$")] | None = Field(
        default=None, description="The same key gets the same answer for 24 hours, and no second effect."
    )
    if_match: Annotated[str, Field(max_length=1000)] | None = Field(
        default=None,
        description="The ETag that was read, or several with commas; 412 when none of them is up to date.",
    )


# --- requests


class Credentials(Closed):
    username: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class NewToken(Credentials):
    name: Annotated[str, Field(min_length=1, max_length=100)] = Field(
        default="token", description="To tell it from your other tokens."
    )
    lifetime_days: Annotated[Whole, Field(ge=1, le=3650)] = Field(
        default=90, description="Cut down to what the house allows."
    )


class LanguageChoice(Closed):
    language: Literal["zh", "en"]


class NewDeployment(Closed):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    files: list[UploadFile] = Field(description="*.bpmn, *.bpmn20.xml, *.dmn")
    comment: Text = ""


class NewProcessInstance(Closed):
    process_definition_key: Key
    business_key: Annotated[str, Field(max_length=255)] = Field(
        default="", description="At most one active instance of the process has it; empty = none."
    )
    variables: Values = Field(default_factory=dict)
    unit_code: Annotated[str, Field(min_length=1, max_length=40)] | None = Field(
        default=None, description="Whose object it is; becomes the variable unit_code."
    )


class Reason(Closed):
    reason: Annotated[str, Field(min_length=1, max_length=2000)]


class OptionalReason(Closed):
    reason: Text = ""


class Completion(Closed):
    submission: Values = Field(default_factory=dict)


class Return(Closed):
    element_id: Key = Field(description="The earlier user task that is to be done again.")
    comment: Annotated[str, Field(min_length=5, max_length=4000)]


class ExtensionRequest(Closed):
    until: date = Field(description="The new last day.")
    reason: Annotated[str, Field(max_length=4000)]


class Withdrawing(Closed):
    reason: Annotated[str, Field(max_length=4000)] = Field(default="", description="May be left out.")


class WithdrawalRequest(Closed):
    reason: Annotated[str, Field(max_length=4000)] = Field(description="5 to 500 characters.")


class TransferOrder(Closed):
    to: Annotated[str, Field(max_length=200)] = Field(description="Login key of the colleague who does it from now on.")
    reason: Annotated[str, Field(max_length=4000)] = Field(description="2 to 500 characters; the colleague reads it.")


class OpinionRequest(Closed):
    of: Annotated[list[Annotated[str, Field(min_length=1, max_length=100)]], Field(max_length=100)] = Field(
        description="Login keys of the people to ask: open accounts with a business role, at most 10 at a time."
    )
    question: Annotated[str, Field(max_length=4000)] = Field(description="5 to 1,000 characters.")
    until: date | None = Field(
        default=None, description="The last day to answer, from today to 30 days on; null: as the process says."
    )


class NewComment(Closed):
    text: Annotated[str, Field(max_length=20000)] = Field(description="1 to 2,000 characters; paragraphs are kept.")


class NewMessage(Closed):
    name: Key
    correlation_key: Annotated[str, Field(max_length=255)] = ""
    variables: Values = Field(default_factory=dict)
    message_id: Annotated[str, Field(min_length=1, max_length=100)] | None = Field(
        default=None, description="The sender's own id; the same one is taken in once."
    )


# --- answers


class Problem(BaseModel):
    """A refusal (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="Stable; the texts are in the reader's language.")
    facts: dict[str, Any]
    faults: list[dict[str, Any]] = Field(description="Every fault of the input: code, message, path, and facts.")


class TokenMade(BaseModel):
    id: str
    name: str
    token: str = Field(description="Shown here and never again.")
    created_at: datetime
    expires_at: datetime


class TokenListed(BaseModel):
    id: str
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenList(BaseModel):
    items: list[TokenListed]


class SessionView(BaseModel):
    """Who is signed in, and what forms of this session must carry."""

    username: str
    title: str
    unit_code: str
    roles: list[str]
    permissions: list[str]
    stands_in_for: list[str] = Field(description="Whose work you do meanwhile, while they are away.")
    language: str
    csrf_token: str | None = Field(description="For the X-CSRF-Token header; null for bearer tokens.")


class Moved(BaseModel):
    """What became of a process instance."""

    process_instance_id: str
    version: int = Field(description="Counts the changes of the root instance; also the ETag.")
    ended: bool
    opened_user_tasks: list[str]
    opened_incidents: list[str] = Field(
        description="What the process has run into: the request is carried out, and an operator has to look."
    )
    user_task_id: str | None


class CommentKept(BaseModel):
    comment_id: str
    process_instance_id: str = Field(description="The case: the root instance.")


class MessageAccepted(BaseModel):
    message_id: str


class DeployedDefinition(BaseModel):
    kind: Literal["process", "decision"]
    key: str
    version: int
    name: str
    new: bool


class ReportEntry(BaseModel):
    """What a designer should know about an element before instances run."""

    resource: str = Field(description="Name of the file.")
    severity: Literal["warning", "info"]
    code: str = Field(description="Stable; message and mend are in the reader's language.")
    element_id: str = Field(description="BPMN id; empty for the file itself.")
    message: str
    mend: str = Field(description="What can be done about it; empty where nothing needs doing.")
    facts: dict[str, Any] = Field(description="What the texts are filled with.")


class DefinitionsAccepted(BaseModel):
    deployment_id: str
    definitions: list[DeployedDefinition]
    report: list[ReportEntry]


class Health(BaseModel):
    status: Literal["ok", "failing"]
    checks: dict[str, bool]
