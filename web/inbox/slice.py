"""The inbox with what is signed from it together."""

from __future__ import annotations

from web.batch.views import batch_pages
from web.inbox.views import inbox_pages

inbox_pages.register_blueprint(batch_pages)

__all__ = ["inbox_pages"]
