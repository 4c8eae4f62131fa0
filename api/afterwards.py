"""What has become of filed documents since, for pages and programs alike."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from api.house import actor, house
from engine.queries import Document
from forms.checker import NoSuchForm
from forms.form import Form
from forms.later import later_values


def form_of_document(document: Document) -> Form | None:
    """The form it was filed on, of its version or the newest; None where the house has it no more."""
    for name in (document.form_ref, document.form_key):
        try:
            return house().forms.form(name)
        except NoSuchForm:
            continue
    return None


def later_of(form: Form, content: Mapping[str, Any], business_key: str) -> dict[str, Any]:
    """What is known by now of what was filed on a form under a business key; reads nothing where no field asks."""
    since_filed = house().since_filed
    if since_filed is None:
        return {}
    ask = partial(house().dispatcher.query, since_filed, actor().tenant_id, form.key, business_key)
    return later_values(form, content, ask)


def later_of_document(document: Document) -> dict[str, Any]:
    """The same of a document on whichever form it was filed."""
    form = form_of_document(document) if house().since_filed is not None else None
    return later_of(form, document.content, document.business_key) if form is not None else {}
