"""The search for people who may be named in a field of a form."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request

from api.house import actor
from api.identity.gate import SIGNED_IN, open_to
from engine.queries import UserTaskDetail, user_task_detail
from web.parts import ask, language
from web.user_task.filling import form_of
from web.user_task.form_view import field_view
from web.user_task.people import offered_people

#: Within the pages of user tasks.
people_pages = Blueprint("people", __name__, url_prefix="/<user_task_id>/people")


@people_pages.get("")
@open_to(SIGNED_IN)
def found(user_task_id: str) -> str:
    """People for what is typed; for who may fill in the form."""
    detail: UserTaskDetail = ask(user_task_detail, user_task_id)
    # who else did it or does it is said, not only that this is refused
    detail.user_task.must_be_open("fill in")
    detail.user_task.must_be_for(actor(), "fill in")
    form = form_of(detail)
    if form is None:
        abort(403)
    try:
        field = field_view(form, request.args.get("field", ""), tuple(request.args.getlist("chosen")), language())
    except KeyError:
        abort(404)
    text, near = request.args.get("text", ""), detail.user_task.unit_code
    offers = offered_people(field.roles, field.chosen, text, near, field.own_unit)
    return render_template("people_offered.html", field=field, offers=offers)
