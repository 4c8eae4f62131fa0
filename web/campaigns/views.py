"""The list of open campaigns, the form to open one, and the look at whom it will reach before it is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from api.house import actor, house
from api.identity.gate import RouteRule, open_to
from processes.budget_performance.ledger.campaigns import BUDGET, ROUND, SELF_EVALUATION, UnsoundCampaign
from processes.budget_performance.ledger.rounds import PlannedRound
from web.campaigns.asked import Asked, faults_by_field, read_asked
from web.naming import unit_name
from web.parts import language, titles
from web.words import say, say_count

campaign_pages = Blueprint("campaign", __name__, url_prefix="/campaigns")

CAMPAIGN = RouteRule(permission="campaign")
#: Kind -> what people call it.
KINDS: Mapping[str, str] = {
    BUDGET: "预算编制与绩效目标申报",
    ROUND: "绩效运行监控",
    SELF_EVALUATION: "单位绩效自评",
}


@campaign_pages.get("")
@open_to(CAMPAIGN)
def listed() -> str:
    """What is open, opened last first."""
    rounds = _rounds(house().campaigns.choices(actor()).rounds)
    return render_template(
        "campaigns.html",
        campaigns=house().campaigns.opened(actor()),
        kind_words=_kind_words,
        round_words=lambda month: rounds.get(month, month),
    )


@campaign_pages.get("/new")
@open_to(CAMPAIGN)
def new() -> str:
    """An empty form."""
    return _form(Asked())


@campaign_pages.get("/check")
@open_to(CAMPAIGN)
def come_back() -> Response:
    """After signing in again, or in the other language, on the page that the form was sent to: the form itself."""
    return redirect(url_for("campaign.new"))


@campaign_pages.post("/check")
@open_to(CAMPAIGN)
def check() -> str | tuple[str, int]:
    """Say whom it would reach, to be confirmed; or show the form again, to be mended."""
    asked = read_asked(request.form)
    if "change" in request.form:
        return _form(asked)
    try:
        prospect = house().campaigns.look(actor(), asked.opening)
    except UnsoundCampaign as refused:
        return _refused(asked, refused)
    rounds = _rounds(house().campaigns.choices(actor()).rounds)
    return render_template(
        "campaign_check.html",
        asked=asked,
        opening=asked.opening,
        prospect=prospect,
        reach=say_count("将通知 %(count)s 个项目。", language(), len(prospect.objects)),
        kind_words=_kind_words,
        round_words=lambda month: rounds.get(month, month),
        free=say_count("%(count)s 个项目在布置之后登记，不用等待，不再通知。", language(), len(prospect.not_waiting)),
        names=titles([each.correlation_key for each in [*prospect.objects, *prospect.not_waiting]]),
    )


@campaign_pages.post("")
@open_to(CAMPAIGN)
def open_one() -> Response | tuple[str, int]:
    """Open it, and go to the list."""
    asked = read_asked(request.form)
    try:
        told = house().campaigns.open(actor(), asked.opening)
    except UnsoundCampaign as refused:
        return _refused(asked, refused)
    flash(say_count("已布置，通知了 %(count)s 个项目。", language(), len(told)))
    flash(_kept_as(), "taken")
    return redirect(url_for("campaign.listed"), code=303)


def _form(asked: Asked) -> str:
    choices = house().campaigns.choices(actor())
    return render_template(
        "campaign_new.html",
        asked=asked,
        kinds=[(kind, _kind_words(kind)) for kind in choices.kinds],
        years=choices.years,
        rounds=list(_rounds(choices.rounds).items()),
        kept_as=_kept_as(),
        departments=sorted((code, unit_name(code)) for code in choices.departments),
    )


def _kept_as() -> str:
    """Where the window keeps what is typed, until it is taken."""
    return f"{url_for('campaign.new')} {actor().user_id}"


def _refused(asked: Asked, refused: UnsoundCampaign) -> tuple[str, int]:
    return _form(replace(asked, faults=faults_by_field(refused.faults))), 422


def _kind_words(kind: str) -> str:
    return say(KINDS.get(kind, kind), language())


def _rounds(planned: Sequence[PlannedRound]) -> dict[str, str]:
    """Month of a round -> the round as people say it."""
    return {
        each.month: say(
            "%(round)s（数据截至 %(month)s 月 %(day)s 日）",
            language(),
            round=each.name,
            month=int(each.month),
            day=int(each.day),
        )
        for each in planned
    }
