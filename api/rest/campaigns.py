"""Opening campaigns 工作布置, and which are open."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from apiflask import APIBlueprint
from flask import Response
from pydantic import BaseModel, Field

from api.house import actor, house
from api.identity.gate import RouteRule, open_to
from api.rest.models import Closed, Whole
from api.rest.wire import answer
from processes.budget_performance.ledger.campaigns import KINDS, LONGEST_NOTICE, Opening

campaigns = APIBlueprint("campaigns", __name__, url_prefix="/api/v1/campaigns", tag="Campaigns")

CAMPAIGN = RouteRule(permission="campaign")
#: Departments of one request.
MOST_DEPARTMENTS = 200

Kind = Annotated[str, Field(max_length=40, json_schema_extra={"enum": list(KINDS)})]


class NewCampaign(Closed):
    kind: Kind
    fiscal_year: Annotated[Whole, Field(ge=2000, le=2100)]
    month: Annotated[str, Field(max_length=2)] = Field(
        default="", description="`round.open` only: month of the round's cut-off day in two digits, e.g. `08`."
    )
    departments: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=MOST_DEPARTMENTS)] = Field(
        default_factory=list[str], description="Codes of departments; none = all."
    )
    notice: Annotated[str, Field(max_length=LONGEST_NOTICE)] = Field(
        description="布置通知: what is to be done, and until when."
    )


class ToldObject(BaseModel):
    project_code: str
    #: Business key of what the message releases.
    correlation_key: str


class CampaignOpened(BaseModel):
    #: How many objects were told now.
    told: int
    objects: list[ToldObject]


class Campaign(BaseModel):
    kind: str
    fiscal_year: int
    month: str
    #: None = all.
    departments: list[str]
    notice: str
    opened_at: datetime
    opened_by: str
    #: Objects that have been told up to now.
    told: int


class Campaigns(BaseModel):
    items: list[Campaign]


@campaigns.post("")
@campaigns.input(NewCampaign)
@campaigns.output(CampaignOpened)
@open_to(CAMPAIGN)
def open_campaign(json_data: NewCampaign) -> Response:
    """Open a campaign: the goals of a budget year, a monitoring round, the self-evaluations of a year

    Each object in scope gets one message, which is kept until it waits for it; goals of objects that are registered
    later do not wait and are not told. What is open already stays as it was opened first, and only objects that were
    not told yet are told, so the same request may come twice. Each kind is for the roles that send its message.
    """
    told = house().campaigns.open(
        actor(),
        Opening(
            kind=json_data.kind,
            fiscal_year=json_data.fiscal_year,
            month=json_data.month,
            departments=tuple(json_data.departments),
            notice=json_data.notice,
        ),
    )
    return answer({"told": len(told), "objects": told})


@campaigns.get("")
@campaigns.output(Campaigns)
@open_to(CAMPAIGN)
def list_campaigns() -> Response:
    """Open campaigns, opened last first"""
    return answer({"items": house().campaigns.opened(actor())})
