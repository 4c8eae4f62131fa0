"""All pages about instances, put together."""

from __future__ import annotations

from web.instance.commenting import comment_pages
from web.instance.views import instance_pages

instance_pages.register_blueprint(comment_pages)

__all__ = ["instance_pages"]
