"""All pages about one user task, put together."""

from __future__ import annotations

from web.user_task.choosing import people_pages
from web.user_task.commenting import comment_pages
from web.user_task.drafts import draft_pages
from web.user_task.extending import extension_pages
from web.user_task.files import file_pages
from web.user_task.opining import opinion_pages
from web.user_task.transferring import transfer_pages
from web.user_task.views import user_task_pages
from web.user_task.withdrawing import withdrawal_pages

user_task_pages.register_blueprint(comment_pages)
user_task_pages.register_blueprint(draft_pages)
user_task_pages.register_blueprint(extension_pages)
user_task_pages.register_blueprint(file_pages)
user_task_pages.register_blueprint(opinion_pages)
user_task_pages.register_blueprint(people_pages)
user_task_pages.register_blueprint(withdrawal_pages)
user_task_pages.register_blueprint(transfer_pages)

__all__ = ["user_task_pages"]
