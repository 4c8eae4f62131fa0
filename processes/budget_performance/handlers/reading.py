"""What a local service reads: the object it is called for, the documents filed so far, the thresholds in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.dmn import nested_context
from engine.model.calendar import local_day
from engine.model.errors import ExecutionFailed
from engine.model.ports import ServiceCall
from engine.queries.documents import latest_documents
from engine.store.settings_rows import in_force, rows_read
from processes.budget_performance.ledger.budgets import ObjectKey
from processes.budget_performance.ledger.projects import load, object_of

ZERO = Decimal(0)
#: Settings that are thresholds: rule.<rule>.<name>.
RULES = "rule."


def object_key(call: ServiceCall) -> ObjectKey:
    """Project and budget year: by the variables project_code and fiscal_year, else by project_key, else by the business
    key.

    Raises:
        ExecutionFailed: none of them tells.
    """
    given = call.variables
    code, year = given.get("project_code"), given.get("fiscal_year")
    if code is not None and year is not None:
        return ObjectKey(tenant_id=call.tenant_id, project_code=str(code), fiscal_year=int(year))
    for key in (str(given.get("project_key") or ""), call.business_key):
        found = object_of(key)
        if found is not None:
            return ObjectKey(tenant_id=call.tenant_id, project_code=found[0], fiscal_year=found[1])
    raise ExecutionFailed(
        f"Expected {call.name!r} to be called for a project and a budget year, but found business key "
        f"{call.business_key!r} and neither project_code nor project_key.",
        service=call.name,
    )


def registered(call: ServiceCall, key: ObjectKey) -> dict[str, Any]:
    """The object's variables as `ledger.load_project` gives them."""
    return load(call.connection, key.tenant_id, key.project_code, key.fiscal_year)


def given(call: ServiceCall, name: str) -> Any:
    """A variable the service cannot do without.

    Raises:
        ExecutionFailed: it is absent or null.
    """
    value = call.variables.get(name)
    if value is None:
        raise ExecutionFailed(f"Expected variable {name!r} for {call.name!r}, but found none.", service=call.name)
    return value


def amount_of(value: Any) -> Decimal:
    """A number that may be absent, which is 0."""
    return value if isinstance(value, Decimal) else ZERO


def day_given(call: ServiceCall, name: str) -> date:
    """A variable that is a day, or the text of one.

    Raises:
        ExecutionFailed: it is neither.
    """
    value = given(call, name)
    if isinstance(value, datetime):
        return local_day(value)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ExecutionFailed(
            f"Expected variable {name!r} for {call.name!r} to be a day, but found {value!r}.", service=call.name
        ) from None


def filed(call: ServiceCall, form_key: str, business_key: str | None = None) -> Mapping[str, Any] | None:
    """What was filed last on a form, at whichever step; None if nothing was."""
    found = latest_documents(call.connection, call.tenant_id, business_key or call.business_key)
    return next((each.content for each in reversed(found) if each.form_key == form_key), None)


def must_be_filed(call: ServiceCall, form_key: str) -> Mapping[str, Any]:
    """What was filed last on a form.

    Raises:
        ExecutionFailed: nothing was.
    """
    content = filed(call, form_key)
    if content is None:
        raise ExecutionFailed(
            f"Expected form {form_key} to be filed under {call.business_key!r}, but found none.",
            form_key=form_key,
            business_key=call.business_key,
        )
    return content


def rows_of(content: Mapping[str, Any] | None, name: str) -> list[Mapping[str, Any]]:
    """Rows of a document; empty when they are absent."""
    return list((content or {}).get(name) or [])


class RulesInForce(Mapping[str, Any]):
    """Thresholds that hold today: rule id -> name -> value. The rules that are asked for are noted with the call."""

    def __init__(self, call: ServiceCall) -> None:
        self._call = call
        self._rows = in_force(call.connection, call.tenant_id, RULES, local_day(call.now))
        values = {key: row.value for key, row in self._rows.items()}
        self._rules: Mapping[str, Any] = nested_context(values).get("rule", {})
        self._noted: set[str] = set()

    def __getitem__(self, rule_id: str) -> Any:
        thresholds = self._rules[rule_id]
        if rule_id not in self._noted:
            self._noted.add(rule_id)
            self._call.settings_read.update(rows_read(self._rows, [f"{RULES}{rule_id}"]))
        return thresholds

    def __contains__(self, rule_id: object) -> bool:
        return rule_id in self._rules

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


def rules_in_force(call: ServiceCall) -> Mapping[str, Any]:
    """Thresholds that hold today (Asia/Shanghai); what is read of them is frozen with the step."""
    return RulesInForce(call)


def section_of(rules: Mapping[str, Any], rule_id: str) -> Mapping[str, Any]:
    """The thresholds of one rule.

    Raises:
        ExecutionFailed: none is configured.
    """
    if rule_id not in rules:
        raise ExecutionFailed(f"Expected thresholds rule.{rule_id}.* in the settings, but found none.", rule=rule_id)
    return rules[rule_id]


def rounds_of_year(call: ServiceCall, fiscal_year: int) -> list[tuple[str, date]]:
    """Name and cut-off day of each monitoring round of a year, as configured (rule.P04.rounds)."""
    calendar = section_of(rules_in_force(call), "P04")["rounds"]
    return [(row["round"], date.fromisoformat(f"{fiscal_year}-{row['cutoff']}")) for row in calendar]
