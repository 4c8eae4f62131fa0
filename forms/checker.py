"""The check of a submission: all faults at once, and what the form itself calculates. Implements the engine's FormPort.

    submission ─► values ─► given rows and prefilled fields ─► hidden out, calculated in ─► faults ─► document
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, cast

from jsonschema.protocols import Validator

from engine.feel import Expression, FeelBudgetExceeded, FeelEvaluationError, FeelFunction, format_value, to_feel
from engine.model.calendar import SHANGHAI
from engine.model.clock import Clock
from engine.model.errors import Fault, Invalid, NotFound
from engine.model.ports import CheckedSubmission
from engine.model.value import empty_list, value
from forms.coercion import Coercion
from forms.form import Check, Field, Form, Severity
from forms.plan import Plan, plan_of
from forms.structure import column_place, is_blank, missing, structural_faults, validator_of
from forms.texts import Place, fault

#: A reason for a warning has at least so many characters (FORMS, common validations).
SHORTEST_REASON = 10


class InvalidSubmission(Invalid):
    """A form refuses what was submitted. Holds every fault."""

    code = "invalid-submission"


class NoSuchForm(NotFound):
    """No form of this key is in the library."""

    code = "no-such-form"


class FormFailed(Invalid):
    """An expression of the form asks for more than its budget, or meets something that is no value."""

    code = "form-failed"


@value(kw_only=True)
class Review:
    """What a form says about a submission, whether it would accept it or not."""

    form_ref: str
    #: With calculated fields filled in.
    document: Mapping[str, Any]
    #: Nothing is accepted while there is one.
    faults: tuple[Fault, ...]
    #: Warnings that stand: shown, and kept with the document by their reason.
    warnings: tuple[Fault, ...]


@dataclass(slots=True)
class _Sheet:
    """One submission under check."""

    plan: Plan
    context: Mapping[str, Any]
    clock: Clock | None
    document: dict[str, Any]
    faults: list[Fault] = field(default_factory=empty_list)
    #: Paths whose value could not be read: told as that, and by no check that would take it for nothing.
    unreadable: Set[str] = frozenset()
    warnings: list[Fault] = field(default_factory=empty_list)
    _now: datetime | None = None

    @property
    def now(self) -> datetime | None:
        """The same instant for all expressions of the form; many forms have none that asks."""
        if self._now is None and self.clock is not None:
            self._now = self.clock.now().astimezone(SHANGHAI)
        return self._now

    def scope(self) -> dict[str, Any]:
        """What expressions of the form see: process variables, hidden by the form's own fields, filled in or not."""
        names = {each.name: None for each in self.plan.form.fields}
        return {**self.context, **names, **self.document, "context": self.context}

    def row_scope(self, table: Field, row: Mapping[str, Any], number: int, scope: Mapping[str, Any]) -> dict[str, Any]:
        """What expressions of a column see: its row first, then the form; `row_number` counts from 1."""
        names = {each.name: None for each in table.columns}
        return {**scope, **names, **row, "row_number": number + 1}

    def value(self, expression: Expression, scope: Mapping[str, Any]) -> Any:
        try:
            return expression.evaluate(scope, now=self.now)
        except (FeelBudgetExceeded, FeelEvaluationError) as error:
            raise FormFailed(
                f"Expected form {self.plan.ref} to evaluate {expression.source!r}, but: {error}", form=self.plan.ref
            ) from error

    def rows(self, table: Field) -> list[dict[str, Any]]:
        return self.document.get(table.name) or []


class PeopleKnown(Protocol):
    """Tells who may be named on a form."""

    def may_be_named(self, user_id: str, roles: tuple[str, ...], within: str | None) -> bool:
        """Whether a person is known, and holds one of the roles if there are any, in the unit `within` or its
        department if there is one."""
        ...


class UploadsKnown(Protocol):
    """Tells what an attached file is."""

    def facts(self, upload_id: str) -> Mapping[str, Any] | None:
        """`sha256`, `size_bytes` and `file_name`; None if there is no such file."""
        ...


class FormLibrary:
    """All forms by key and version; the newest version of a key is the one people fill in."""

    def __init__(
        self,
        forms: Iterable[Form],
        clock: Clock | None = None,
        people: PeopleKnown | None = None,
        uploads: UploadsKnown | None = None,
    ) -> None:
        """Without `people` and `uploads` whoever and whatever is named is taken as known: for tools that check forms
        away from an office."""
        self._by_ref: dict[str, Form] = {}
        self._newest: dict[str, Form] = {}
        #: Made when first needed: what a plan finds sound needs none, and the forms of a house are many.
        self._validators: dict[str, Validator] = {}
        self._plans: dict[str, Plan] = {}
        self._clock = clock
        self._people = people
        self._uploads = uploads
        for form in forms:
            if form.ref in self._by_ref:
                raise ValueError(f"Expected each form version once, but found {form.ref!r} twice.")
            self._by_ref[form.ref] = form
            self._plans[form.ref] = plan_of(form)
            if form.key not in self._newest or self._newest[form.key].version < form.version:
                self._newest[form.key] = form
                self._plans[form.key] = self._plans[form.ref]

    def __contains__(self, form_key: object) -> bool:
        return form_key in self._newest or form_key in self._by_ref

    def __iter__(self) -> Iterator[Form]:
        """The newest version of every form."""
        return iter(self._newest.values())

    def form(self, form_key: str) -> Form:
        """A form by "key" (the newest version) or "key:version".

        Raises:
            NoSuchForm: there is none.
        """
        form = self._newest.get(form_key) or self._by_ref.get(form_key)
        if form is None:
            raise NoSuchForm(f"Expected a form {form_key!r}, but found none.", form_key=form_key)
        return form

    def prefilled(self, form_key: str, context: Mapping[str, Any]) -> dict[str, Any]:
        """The document an empty form begins with: prefilled and calculated fields; rows hold the form's own columns."""
        plan = self._plan(form_key)
        sheet = _Sheet(plan, context, self._clock, {})
        for each in plan.form.fields:
            if each.prefill is not None:
                _put(sheet.document, each.name, _given(sheet, each))
        _work_out(sheet)
        return sheet.document

    def review(self, form_key: str, submission: Mapping[str, Any], context: Mapping[str, Any]) -> Review:
        """Everything the form says about a submission; nothing is refused.

        Raises:
            NoSuchForm: there is no such form.
        """
        plan = self._plan(form_key)
        coercion = Coercion()
        document = coercion.document(plan.form.fields, submission)
        sheet = _Sheet(plan, context, self._clock, document, coercion.faults, coercion.unreadable)
        _put_given(sheet)
        if self._uploads is not None:
            sheet.faults.extend(_put_upload_facts(sheet, self._uploads))
        _work_out(sheet)
        if not plan.is_sound(sheet.document):
            sheet.faults.extend(structural_faults(plan.form, self._validator(plan.form), sheet.document))
        missing_ones = tuple(_missing(sheet))
        if self._people is not None:
            sheet.faults.extend(_unknown_people(sheet, self._people))
        before = len(sheet.faults)
        _check(sheet)
        sheet.faults[before:before] = _unsaid(missing_ones, sheet.faults[before:])
        return Review(
            form_ref=plan.ref,
            document=sheet.document,
            faults=tuple(sheet.faults),
            warnings=tuple(sheet.warnings),
        )

    def check(self, form_key: str, submission: Mapping[str, Any], context: Mapping[str, Any]) -> CheckedSubmission:
        """Accept or refuse a submission; `context` holds the variables visible to the user task.

        Raises:
            InvalidSubmission: holds every fault, each with the path of its field and a Chinese text.
            NoSuchForm: there is no such form.
        """
        review = self.review(form_key, submission, context)
        if review.faults:
            raise InvalidSubmission(
                f"Expected a sound {review.form_ref}, but found {len(review.faults)} faults. "
                f"The first: {review.faults[0]['message']}",
                review.faults,
                form=review.form_ref,
                count=len(review.faults),
            )
        variables = {name: review.document.get(field) for name, field in self._plan(form_key).variables}
        return CheckedSubmission(form_ref=review.form_ref, document=review.document, variables=variables)

    def _plan(self, form_key: str) -> Plan:
        plan = self._plans.get(form_key)
        return plan if plan is not None else self._plans[self.form(form_key).ref]

    def _validator(self, form: Form) -> Validator:
        if form.ref not in self._validators:
            self._validators[form.ref] = validator_of(form)
        return self._validators[form.ref]


def _put(document: dict[str, Any], name: str, value: Any) -> None:
    if is_blank(value):
        document.pop(name, None)
    else:
        document[name] = value


def _put_given(sheet: _Sheet) -> None:
    """What cannot be changed is what the process says, whatever was submitted."""
    for each in sheet.plan.given:
        if each.row_key is not None:
            _put(sheet.document, each.name, _merged_rows(sheet, each, each.row_key))
        else:
            _put(sheet.document, each.name, _given(sheet, each))


def _given(sheet: _Sheet, each: Field) -> Any:
    """What the process says for a prefilled field; of rows, what the form has a column for and is not null."""
    assert each.prefill is not None, "asked for prefilled fields only"
    value = to_feel(sheet.value(each.prefill, sheet.context))
    if isinstance(value, FeelFunction):
        # no variable of that name: `floor` alone then means the built-in function
        return None
    if not each.columns:
        return value
    names = {column.name for column in each.columns}
    listed = cast("list[Mapping[str, Any]]", value or [])
    return [{name: cell for name, cell in row.items() if name in names and cell is not None} for row in listed]


def _merged_rows(sheet: _Sheet, table: Field, key: str) -> list[dict[str, Any]]:
    """The prefilled rows in their order, each with what was filled in under the same key."""
    given: list[dict[str, Any]] = _given(sheet, table)
    place = Place(table, table.name)
    filled: dict[Any, dict[str, Any]] = {}
    known = {row.get(key) for row in given}
    for row in sheet.rows(table):
        identity = row.get(key)
        if identity not in known:
            sheet.faults.append(fault("unknown-row", place, found=str(identity)))
        elif identity in filled:
            sheet.faults.append(fault("repeated-row", place, found=str(identity)))
        filled[identity] = row
    fixed = {column.name for column in table.columns if column.readonly} | {key}
    return [
        {**own, **{name: value for name, value in filled.get(own.get(key), {}).items() if name not in fixed}}
        for own in given
    ]


def _work_out(sheet: _Sheet) -> None:
    """Field by field in the order of the form: what is hidden goes, what is calculated is put in, and what was left
    empty is its default.

    So a field may be shown by what is calculated above it, and be calculated from what stands anywhere.
    """
    for each in sheet.plan.worked_out:
        if each.visible_when is not None and sheet.value(each.visible_when, sheet.scope()) is not True:
            sheet.document.pop(each.name, None)
        elif each.calculated is not None:
            _put(sheet.document, each.name, sheet.value(each.calculated, sheet.scope()))
        elif each.default is not None and is_blank(sheet.document.get(each.name)):
            _put(sheet.document, each.name, sheet.value(each.default, sheet.scope()))
        elif each.columns:
            _work_out_rows(sheet, each)


def _work_out_rows(sheet: _Sheet, table: Field) -> None:
    scope = sheet.scope()
    for number, row in enumerate(sheet.rows(table)):
        for column in table.columns:
            seen = sheet.row_scope(table, row, number, scope)
            if column.visible_when is not None and sheet.value(column.visible_when, seen) is not True:
                row.pop(column.name, None)
            elif column.calculated is not None:
                _put(row, column.name, sheet.value(column.calculated, seen))
            elif column.default is not None and is_blank(row.get(column.name)):
                _put(row, column.name, sheet.value(column.default, seen))


def _missing(sheet: _Sheet) -> Iterator[Fault]:
    """What must be filled in and is not; what could not be read is not also missing."""
    # most fields of most forms are there: they need neither scope nor place
    blank = [each for each in sheet.plan.form.fields if each.columns or is_blank(sheet.document.get(each.name))]
    scope = sheet.scope() if blank else {}
    for each in blank:
        place = Place(each, each.name)
        if each.visible_when is None or sheet.value(each.visible_when, scope) is True:
            needed = each.required or _is_true(sheet, each.required_when, scope)
            found = missing(place, sheet.document.get(each.name), required=needed)
            if found is not None and place.path not in sheet.unreadable:
                yield found
        for number, row in enumerate(sheet.rows(each) if each.columns else ()):
            seen = sheet.row_scope(each, row, number, scope)
            for column in each.columns:
                if column.visible_when is not None and sheet.value(column.visible_when, seen) is not True:
                    continue
                place = column_place(each, column, number)
                needed = column.required or _is_true(sheet, column.required_when, seen)
                found = missing(place, row.get(column.name), required=needed)
                if found is not None and place.path not in sheet.unreadable:
                    yield found


def _unsaid(missing_ones: Iterable[Fault], by_checks: Iterable[Fault]) -> list[Fault]:
    """What is missing, without the fields at which a check says why they must be filled in."""
    explained = {found["path"] for found in by_checks}
    return [found for found in missing_ones if found["path"] not in explained]


def _put_upload_facts(sheet: _Sheet, uploads: UploadsKnown) -> Iterator[Fault]:
    """Of an attached file the form keeps what is so, whatever was submitted."""
    for each in sheet.plan.files:
        for number, row in enumerate(sheet.rows(each)):
            if not row.get("upload"):
                continue
            facts = uploads.facts(str(row["upload"]))
            if facts is None:
                column = next(column for column in each.columns if column.name == "name")
                yield fault("unknown-upload", column_place(each, column, number), found=str(row.get("name", "")))
            else:
                row.update(sha256=facts["sha256"], size_bytes=facts["size_bytes"])
                row.setdefault("name", facts["file_name"])


def _unknown_people(sheet: _Sheet, people: PeopleKnown) -> Iterator[Fault]:
    """People named who may not be; what the process itself has put in is not asked about."""
    unit_code = sheet.context.get("unit_code")
    for each in sheet.plan.people:
        named: Any = sheet.document.get(each.name)
        if named is not None:
            for user_id in cast("list[str]", named) if each.is_list else [str(named)]:
                within = str(unit_code) if each.own_unit and unit_code else None
                if not people.may_be_named(str(user_id), each.roles, within):
                    yield fault("unknown-person", Place(each, each.name), found=str(user_id))


def _is_true(sheet: _Sheet, condition: Expression | None, scope: Mapping[str, Any]) -> bool:
    return condition is not None and sheet.value(condition, scope) is True


def _check(sheet: _Sheet) -> None:
    checks = sheet.plan.form.checks
    if not checks:
        return
    scope = sheet.scope()
    for check in checks:
        if not check.each:
            _apply(sheet, check, scope, check.path)
            continue
        table = sheet.plan.form.field(check.each)
        for number, row in enumerate(sheet.rows(table)):
            path = f"{table.name}/{number}" + (f"/{check.path}" if check.path else "")
            _apply(sheet, check, sheet.row_scope(table, row, number, scope), path)


def _apply(sheet: _Sheet, check: Check, scope: Mapping[str, Any], path: str) -> None:
    if path in sheet.unreadable:
        return
    if check.when is not None:
        broken = sheet.value(check.when, scope) is True
    else:
        assert check.unless is not None, "a check has one of when and unless"
        broken = sheet.value(check.unless, scope) is False
    if not broken:
        return
    values = {source: _shown(sheet.value(hole, scope)) for source, hole in check.text.holes.items()}
    zh, en = check.text.zh, check.text.en
    for source, shown in values.items():
        zh, en = zh.replace(f"{{{source}}}", shown), en.replace(f"{{{source}}}", shown)
    found = Fault(check.code, en, path, message_zh=zh, severity=str(check.severity))
    if check.severity is Severity.ERROR or (check.reason and not _has_reason(sheet, check.reason)):
        if check.severity is Severity.WARNING:
            found["reason_field"] = check.reason
        sheet.faults.append(found)
    else:
        sheet.warnings.append(found)


def _has_reason(sheet: _Sheet, name: str) -> bool:
    reason = sheet.document.get(name)
    return isinstance(reason, str) and len(reason.strip()) >= SHORTEST_REASON


def _shown(value: Any) -> str:
    """A value as people read it: numbers without trailing zeros, nothing as a dash."""
    if value is None:
        return "—"
    return value if isinstance(value, str) else format_value(value)
