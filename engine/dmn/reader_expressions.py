"""Reads boxed expressions: tables, contexts, invocations, lists, relations, functions, iterators (DMN 8 and 10.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.dmn.elements import (
    Aggregation,
    Binding,
    Conditional,
    Context,
    ContextEntry,
    DecisionTable,
    Expression,
    Filter,
    Function,
    HitPolicy,
    InputClause,
    Invocation,
    Iterator,
    IteratorKind,
    ListOf,
    Literal,
    OutputClause,
    Parameter,
    Relation,
    Rule,
)
from engine.dmn.places import SILENT, Faults, Place

#: What stands where a part of a faulty file could not be read; the file is refused anyway.
ABSENT = Literal(id="", text="null")


def is_feel(language: str) -> bool:
    """Whether an expressionLanguage is FEEL: absent, "feel", or one of the standard's names for it."""
    return not language or language.lower() == "feel" or "/FEEL" in language


class ExpressionReader:
    """Reads expressions of one file."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._kinds: dict[str, Callable[[Place], Expression]] = {
            "literalExpression": self.literal,
            "decisionTable": self._table,
            "context": self._context,
            "invocation": self._invocation,
            "list": self._list,
            "relation": self._relation,
            "functionDefinition": self.function,
            "conditional": self._conditional,
            "filter": self._filter,
            "for": self._iterator,
            "some": self._iterator,
            "every": self._iterator,
        }

    def inside(self, place: Place, ignore: Iterable[str] = ()) -> Expression | None:
        """The one expression among the children; None if there is none."""
        ignored = SILENT.union(ignore)
        found: list[Expression] = []
        for child in place.children():
            if child.tag in self._kinds:
                found.append(self._kinds[child.tag](child))
            elif child.tag not in ignored:
                self._faults.add("dmn-unknown-element", child.id, f"Expected an expression, but found <{child.tag}>.")
        if len(found) > 1:
            self._faults.add("dmn-two-expressions", place.id, f"Expected one expression, but found {len(found)}.")
        return found[0] if found else None

    def one(self, place: Place, ignore: Iterable[str] = ()) -> Expression:
        """The one expression among the children; a fault if there is none."""
        found = self.inside(place, ignore)
        if found is None:
            self._faults.add("dmn-no-expression", place.id, f"Expected an expression inside <{place.tag}>.")
        return found or ABSENT

    def literal(self, place: Place) -> Literal:
        """A text in FEEL: literalExpression, inputExpression, inputEntry, outputEntry."""
        text = place.text("text")
        if not is_feel(place.get("expressionLanguage")):
            text = ""  # what is no FEEL is not looked at as if it were
            self._faults.add(
                "dmn-language",
                place.id,
                f"Expected FEEL, but found {place.get('expressionLanguage')!r}. Write the expression in FEEL.",
            )
        if place.first("importedValues") is not None:
            self._faults.add("dmn-imported-values", place.id, "Expected a text, but found importedValues.")
        return Literal(id=place.id, text=text, type_ref=type_ref(place))

    def function(self, place: Place) -> Function:
        """functionDefinition or encapsulatedLogic."""
        kind = place.get("kind") or "FEEL"
        if kind != "FEEL":
            self._faults.add("dmn-function-kind", place.id, f"Expected a function in FEEL, but found {kind}.")
        parameters = tuple(
            Parameter(name=self.name(child), type_ref=child.get("typeRef")) for child in place.all("formalParameter")
        )
        body = self.one(place, ("formalParameter",))
        return Function(id=place.id, parameters=parameters, body=body, type_ref=type_ref(place))

    def name(self, place: Place) -> str:
        """The name attribute; a fault if there is none."""
        name = " ".join(place.get("name").split())
        if not name:
            self._faults.add("dmn-no-name", place.id, f"Expected <{place.tag}> to have a name.")
        return name

    def _table(self, place: Place) -> DecisionTable:
        policy = place.get("hitPolicy") or "UNIQUE"
        if policy not in set(HitPolicy):
            self._faults.add("dmn-hit-policy", place.id, f"Expected a hit policy of DMN, but found {policy!r}.")
            policy = "UNIQUE"
        aggregation = place.get("aggregation")
        if aggregation and aggregation not in set(Aggregation):
            self._faults.add("dmn-aggregation", place.id, f"Expected SUM, MIN, MAX, COUNT, but found {aggregation!r}.")
            aggregation = ""
        inputs = tuple(self._input(child) for child in place.all("input"))
        outputs = tuple(self._output(child) for child in place.all("output"))
        columns = tuple(child.get("name") for child in place.all("annotation"))
        if not outputs:
            self._faults.add("dmn-no-output", place.id, "Expected a table with at least one output column.")
        self._only(place, {"input", "output", "annotation", "rule"})
        return DecisionTable(
            id=place.id,
            hit_policy=HitPolicy(policy),
            aggregation=Aggregation(aggregation) if aggregation and policy == "COLLECT" else None,
            inputs=inputs,
            outputs=outputs,
            rules=tuple(self._rule(child, inputs, outputs, columns) for child in place.all("rule")),
            type_ref=type_ref(place),
        )

    def _input(self, place: Place) -> InputClause:
        expression = place.first("inputExpression")
        if expression is None or not expression.text("text"):
            self._faults.add("dmn-no-input-expression", place.id, "Expected the input column to have an expression.")
        literal = ABSENT if expression is None else self.literal(expression)
        return InputClause(
            id=place.id,
            label=place.get("label") or literal.text,
            expression=literal,
            allowed=allowed_values(place, "inputValues"),
        )

    def _output(self, place: Place) -> OutputClause:
        default = place.first("defaultOutputEntry")
        return OutputClause(
            id=place.id,
            label=place.get("label") or place.get("name"),
            name=place.get("name"),
            type_ref=place.get("typeRef"),
            allowed=allowed_values(place, "outputValues"),
            default=self.literal(default) if default is not None and default.text("text") else None,
        )

    def _rule(
        self, place: Place, inputs: tuple[InputClause, ...], outputs: tuple[OutputClause, ...], columns: tuple[str, ...]
    ) -> Rule:
        entries = tuple(self.literal(child) for child in place.all("inputEntry"))
        answers = tuple(self.literal(child) for child in place.all("outputEntry"))
        notes = tuple(child.text("text") for child in place.all("annotationEntry"))
        if (len(entries), len(answers)) != (len(inputs), len(outputs)):
            self._faults.add(
                "dmn-rule-width",
                place.id,
                f"Expected {len(inputs)} input and {len(outputs)} output entries, "
                f"but found {len(entries)} and {len(answers)}.",
                inputs=len(inputs),
                outputs=len(outputs),
                found_inputs=len(entries),
                found_outputs=len(answers),
            )
        self._only(place, {"inputEntry", "outputEntry", "annotationEntry"})
        return Rule(
            id=place.id,
            annotation=place.text("description"),
            inputs=entries,
            outputs=answers,
            annotations={column: note for column, note in zip(columns, notes, strict=False) if note},
        )

    def _context(self, place: Place) -> Context:
        entries: list[ContextEntry] = []
        for child in place.all("contextEntry"):
            variable = child.first("variable")
            entries.append(
                ContextEntry(
                    name="" if variable is None else self.name(variable),
                    type_ref="" if variable is None else variable.get("typeRef"),
                    expression=self.one(child),
                )
            )
        results = [index for index, entry in enumerate(entries) if not entry.name]
        if results and results != [len(entries) - 1]:
            self._faults.add("dmn-context-result", place.id, "Expected only the last entry to have no name.")
        self._only(place, {"contextEntry"})
        return Context(id=place.id, entries=tuple(entries), type_ref=type_ref(place))

    def _invocation(self, place: Place) -> Invocation:
        bindings: list[Binding] = []
        for child in place.all("binding"):
            parameter = child.first("parameter")
            name = "" if parameter is None else self.name(parameter)
            bindings.append(Binding(parameter=name, expression=self.inside(child, ("parameter",)) or ABSENT))
        function = self.one(place, ("binding",))
        return Invocation(id=place.id, function=function, bindings=tuple(bindings), type_ref=type_ref(place))

    def _list(self, place: Place) -> ListOf:
        return ListOf(id=place.id, items=self._each(place), type_ref=type_ref(place))

    def _relation(self, place: Place) -> Relation:
        columns = tuple(self.name(child) for child in place.all("column"))
        rows: list[tuple[Expression, ...]] = []
        for row in place.all("row"):
            cells = self._each(row)
            if len(cells) != len(columns):
                self._faults.add(
                    "dmn-relation-width", row.id, f"Expected {len(columns)} cells in the row, but found {len(cells)}."
                )
            rows.append(cells)
        self._only(place, {"column", "row"})
        return Relation(id=place.id, columns=columns, rows=tuple(rows), type_ref=type_ref(place))

    def _conditional(self, place: Place) -> Conditional:
        return Conditional(
            id=place.id,
            condition=self._part(place, "if"),
            then=self._part(place, "then"),
            otherwise=self._part(place, "else"),
            type_ref=type_ref(place),
        )

    def _filter(self, place: Place) -> Filter:
        return Filter(
            id=place.id,
            collection=self._part(place, "in"),
            match=self._part(place, "match"),
            type_ref=type_ref(place),
        )

    def _iterator(self, place: Place) -> Iterator:
        kind = IteratorKind(place.tag)
        variable = place.get("iteratorVariable")
        if not variable:
            self._faults.add("dmn-no-name", place.id, f"Expected <{place.tag}> to name its iterator variable.")
        return Iterator(
            id=place.id,
            kind=kind,
            variable=variable,
            collection=self._part(place, "in"),
            body=self._part(place, "return" if kind is IteratorKind.FOR else "satisfies"),
            type_ref=type_ref(place),
        )

    def _part(self, place: Place, tag: str) -> Expression:
        part = place.first(tag)
        if part is None:
            self._faults.add("dmn-no-expression", place.id, f"Expected <{place.tag}> to have <{tag}>.")
            return ABSENT
        return self.one(part)

    def _each(self, place: Place) -> tuple[Expression, ...]:
        found: list[Expression] = []
        for child in place.children():
            if child.tag in self._kinds:
                found.append(self._kinds[child.tag](child))
            elif child.tag not in SILENT:
                self._faults.add("dmn-unknown-element", child.id, f"Expected an expression, but found <{child.tag}>.")
        return tuple(found)

    def _only(self, place: Place, known: set[str]) -> None:
        for child in place.children():
            if child.tag not in known and child.tag not in SILENT:
                self._faults.add("dmn-unknown-element", child.id, f"Expected no <{child.tag}> in <{place.tag}>.")


def type_ref(place: Place) -> str:
    """The declared type: an attribute since DMN 1.2, the variable's in 1.1."""
    return place.get("typeRef")


def allowed_values(place: Place, tag: str) -> str:
    """Text of inputValues, outputValues, allowedValues or typeConstraint; "" if absent."""
    values = place.first(tag)
    return "" if values is None else values.text("text")
