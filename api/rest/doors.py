"""All REST doors."""

from __future__ import annotations

from apiflask import APIBlueprint

from api.rest import (
    absences,
    campaigns,
    comments,
    decisions,
    deployments,
    drafts,
    health,
    history,
    imports,
    incidents,
    jobs,
    messages,
    opinions,
    process_definitions,
    process_instances,
    session,
    tokens,
    transfers,
    uploads,
    user_tasks,
)

DOORS: tuple[APIBlueprint, ...] = (
    *(tokens.tokens, session.session),
    *(deployments.deployments, process_definitions.process_definitions, decisions.decisions),
    *(process_instances.process_instances, comments.comments, messages.messages),
    *(user_tasks.user_tasks, opinions.opinions, drafts.drafts, uploads.uploads, transfers.transfers),
    *(incidents.incidents, history.history, jobs.jobs, imports.imports, campaigns.campaigns),
    absences.absences,
    health.health,
)
