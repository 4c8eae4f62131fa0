"""What a DMN file says, read but not yet compiled. Names follow the standard (DMN 1.5, chapters 6 to 10).

Every element keeps the id it has in the file, or a place like "R04/decisionTable" if it has none: faults and
explanations name it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias


class HitPolicy(StrEnum):
    """What a table answers when several rules match (DMN 8.2.8)."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    PRIORITY = "PRIORITY"
    ANY = "ANY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregation(StrEnum):
    """How COLLECT makes one value of many; absent, it lists them."""

    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


class IteratorKind(StrEnum):
    """The boxed iterators of DMN 1.4."""

    FOR = "for"
    SOME = "some"
    EVERY = "every"


@dataclass(frozen=True, slots=True, kw_only=True)
class Literal:
    """A FEEL expression as text."""

    id: str
    text: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputClause:
    """A condition column."""

    id: str
    label: str
    expression: Literal
    #: Unary tests that the value must pass; "" = anything.
    allowed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputClause:
    """An answer column."""

    id: str
    label: str
    #: Key in the answer; may be "" where the table has one output.
    name: str
    type_ref: str = ""
    #: Unary tests of the values it may give; for PRIORITY and OUTPUT ORDER the first one weighs most.
    allowed: str = ""
    default: Literal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A row of a table."""

    id: str
    #: What the rule says in plain words (`description`).
    annotation: str
    #: Unary tests, one for each input; "-" = any.
    inputs: tuple[Literal, ...]
    outputs: tuple[Literal, ...]
    #: Column name → text of the annotation columns; legal basis stands in "依据" or "basis".
    annotations: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionTable:
    """A table of rules (DMN 8)."""

    id: str
    hit_policy: HitPolicy
    aggregation: Aggregation | None
    inputs: tuple[InputClause, ...]
    outputs: tuple[OutputClause, ...]
    rules: tuple[Rule, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContextEntry:
    """One line of a boxed context; without a name it is the result of the whole."""

    name: str
    type_ref: str
    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A boxed context (DMN 10.2.1.4)."""

    id: str
    entries: tuple[ContextEntry, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One argument of a boxed invocation."""

    parameter: str
    expression: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """A boxed invocation (DMN 10.2.1.3)."""

    id: str
    function: Expression
    bindings: tuple[Binding, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListOf:
    """A boxed list (DMN 10.2.1.5)."""

    id: str
    items: tuple[Expression, ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A boxed relation: rows of contexts with the same keys (DMN 10.2.1.6)."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Expression, ...], ...]
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A formal parameter."""

    name: str
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    """A boxed function in FEEL (DMN 10.2.1.7); also the logic of a business knowledge model."""

    id: str
    parameters: tuple[Parameter, ...]
    body: Expression
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditional:
    """A boxed if-then-else (DMN 10.2.1.8)."""

    id: str
    condition: Expression
    then: Expression
    otherwise: Expression
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A boxed filter (DMN 10.2.1.9)."""

    id: str
    collection: Expression
    match: Expression
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterator:
    """A boxed for, some or every (DMN 10.2.1.10)."""

    id: str
    kind: IteratorKind
    variable: str
    collection: Expression
    body: Expression
    type_ref: str = ""


Expression: TypeAlias = (
    Literal | DecisionTable | Context | Invocation | ListOf | Relation | Function | Conditional | Filter | Iterator
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionType:
    """The type of a function (DMN 7.3.2)."""

    parameters: tuple[str, ...]
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDefinition:
    """A named type, or a component of one (DMN 7.3.2)."""

    id: str
    name: str
    #: Type it narrows; "" where it has components or is a function.
    type_ref: str = ""
    components: tuple[ItemDefinition, ...] = ()
    function: FunctionType | None = None
    is_collection: bool = False
    #: Unary tests for each element (allowedValues) and for the whole (typeConstraint, DMN 1.5).
    allowed: str = ""
    constraint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InputData:
    """Something the caller gives."""

    id: str
    name: str
    label: str = ""
    type_ref: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An href: the id of an element, in this model ("" namespace) or in an imported one."""

    id: str
    namespace: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A question with its logic."""

    id: str
    name: str
    label: str = ""
    question: str = ""
    description: str = ""
    type_ref: str = ""
    #: Input data and decisions it needs, in document order.
    inputs: tuple[Reference, ...] = ()
    decisions: tuple[Reference, ...] = ()
    #: Business knowledge models and decision services it may call.
    knowledge: tuple[Reference, ...] = ()
    #: None: the file leaves the logic open, the answer is null.
    logic: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnowledgeModel:
    """A business knowledge model: a named function."""

    id: str
    name: str
    type_ref: str = ""
    knowledge: tuple[Reference, ...] = ()
    logic: Function | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionService:
    """A group of decisions called as one function (DMN 6.3.9)."""

    id: str
    name: str
    type_ref: str = ""
    outputs: tuple[Reference, ...] = ()
    encapsulated: tuple[Reference, ...] = ()
    #: Decisions and input data the caller gives.
    input_decisions: tuple[Reference, ...] = ()
    input_data: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Another model whose elements are seen under a name."""

    name: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """A whole file."""

    id: str
    name: str
    namespace: str
    types: tuple[ItemDefinition, ...] = ()
    imports: tuple[Import, ...] = ()
    input_data: tuple[InputData, ...] = ()
    decisions: tuple[Decision, ...] = ()
    knowledge: tuple[KnowledgeModel, ...] = ()
    services: tuple[DecisionService, ...] = ()
