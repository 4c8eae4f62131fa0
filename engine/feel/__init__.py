"""FEEL, the expression language of DMN 1.3 to 1.5: conditions, calculated values, the cells of decision tables.

Text is compiled once to Python closures and evaluated often; nothing in it can reach a Python object. What FEEL calls
null is None: type faults and missing entries give null, never an exception, and `evaluate_explained` says why.

>>> compile_expression("amount * 2 + 1").evaluate({"amount": 10})
Decimal('21')
>>> compile_unary_tests("[60..80), > 90").matches(85, {})
False

Standard library only; imports nothing of the engine but `engine.model`.
"""

from engine.feel.budget import DEFAULT_BUDGET, Account, Budget, NullReason
from engine.feel.conversion import to_feel
from engine.feel.errors import FeelBudgetExceeded, FeelEvaluationError, FeelSyntaxError, NullResult, Position
from engine.feel.explaining import Explanation, Part, explain
from engine.feel.expression import Evaluation, Expression, UnaryTests
from engine.feel.functions import FeelFunction, Parameter
from engine.feel.library import BUILTINS
from engine.feel.preparation import compile_expression, compile_unary_tests
from engine.feel.regex import InvalidPattern, RegexPort, regex_functions
from engine.feel.rendering import format_value
from engine.feel.shape import found_by, shape_of
from engine.feel.types import NAMED_TYPES, ContextType, FeelType, FunctionType, ListType, RangeType, coerced, type_name
from engine.feel.values import (
    DaysTimeDuration,
    Range,
    Time,
    WideDate,
    WideDateTime,
    YearsMonthsDuration,
)
from engine.feel.working_days import CalendarSource, day_of, day_parameter, working_day_functions

__all__ = [
    "BUILTINS",
    "DEFAULT_BUDGET",
    "NAMED_TYPES",
    "Account",
    "Budget",
    "CalendarSource",
    "ContextType",
    "DaysTimeDuration",
    "Evaluation",
    "Explanation",
    "Expression",
    "FeelBudgetExceeded",
    "FeelEvaluationError",
    "FeelFunction",
    "FeelSyntaxError",
    "FeelType",
    "FunctionType",
    "InvalidPattern",
    "ListType",
    "NullReason",
    "NullResult",
    "Parameter",
    "Part",
    "Position",
    "Range",
    "RangeType",
    "RegexPort",
    "Time",
    "UnaryTests",
    "WideDate",
    "WideDateTime",
    "YearsMonthsDuration",
    "coerced",
    "compile_expression",
    "compile_unary_tests",
    "day_of",
    "day_parameter",
    "explain",
    "format_value",
    "found_by",
    "regex_functions",
    "shape_of",
    "to_feel",
    "type_name",
    "working_day_functions",
]
