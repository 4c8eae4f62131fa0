"""All REST doors."""

from __future__ import annotations

from apiflask import APIBlueprint

from api.rest.decisions import decisions
from api.rest.deployments import deployments
from api.rest.health import health
from api.rest.history import history
from api.rest.imports import imports
from api.rest.incidents import incidents
from api.rest.messages import messages
from api.rest.process_definitions import process_definitions
from api.rest.process_instances import process_instances
from api.rest.session import session
from api.rest.tokens import tokens
from api.rest.user_tasks import user_tasks

DOORS: tuple[APIBlueprint, ...] = (
    *(tokens, session),
    *(deployments, process_definitions, decisions),
    *(process_instances, user_tasks, messages, incidents, history),
    *(imports, health),
)
