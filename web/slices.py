"""Every slice of the pages: one folder each, with the routes of what people do there."""

from __future__ import annotations

from flask import Blueprint

from web.absences.views import absence_pages
from web.campaigns.views import campaign_pages
from web.inbox.slice import inbox_pages
from web.instance.slice import instance_pages
from web.operation.views import operation_pages
from web.sign_in.views import sign_in_pages
from web.supervision.views import supervision_pages
from web.user_task.slice import user_task_pages

SLICES: tuple[Blueprint, ...] = (
    *(sign_in_pages, inbox_pages, user_task_pages, instance_pages, supervision_pages),
    *(campaign_pages, operation_pages, absence_pages),
)
