"""What FEEL says when a text is no FEEL, and why something is null."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.feel import FeelEvaluationError, FeelFunction, FeelSyntaxError, compile_expression, compile_unary_tests
from engine.model.errors import Invalid
from tests.engine.feel.saying import reasons, said


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "Expected an expression, but found the end at line 1, column 1."),
        ("1 +", "Expected an expression, but found the end at line 1, column 4."),
        ("a b = c d e f)", "Expected an operator or the end, but found ')' at line 1, column 14."),
        ("(1 + 2", "Expected ')', but found the end at line 1, column 7."),
        ("[1, 2", "Expected ',' or ']' in a list, but found the end at line 1, column 6."),
        ("{a: 1", "Expected ',' or '}' in a context, but found the end at line 1, column 6."),
        ("{1: 1}", "Expected the name of an entry, but found '1' at line 1, column 2."),
        ("f(1, 2", "Expected ',' or ')' after an argument, but found the end at line 1, column 7."),
        ("f(a: 1, 2)", "Expected the name of a parameter and ':', but found '2' at line 1, column 9."),
        ("if a then b", "Expected 'else', but found the end at line 1, column 12."),
        ("if a\nthen b\nelse", "Expected an expression, but found the end at line 3, column 5."),
        ("for x return x", "Expected 'in', but found 'return' at line 1, column 7."),
        ("for in y return x", "Expected the name of an iterator, but found 'in' at line 1, column 5."),
        ("some x in y return x", "Expected 'satisfies', but found 'return' at line 1, column 13."),
        ("a between 1 or 2", "Expected 'and', but found 'or' at line 1, column 13."),
        ("a instance number", "Expected 'of', but found 'number' at line 1, column 12."),
        ("a instance of tax", "Expected a type, but found 'tax' at line 1, column 15."),
        ("[1..2", "Expected ']', ')' or '[' to end the range, but found the end at line 1, column 6."),
        ("a.5", "Expected an operator or the end, but found '.5' at line 1, column 2."),
        ("a.", "Expected the name of an entry after '.', but found the end at line 1, column 3."),
        ("a == b", "Expected an expression, but found '=' at line 1, column 4."),
        ("a && b", "Expected FEEL, but found '&' at line 1, column 3."),
        ('"open', "Expected FEEL, but found a text without closing quote at line 1, column 1."),
        ("1 /* open", "Expected FEEL, but found a comment without end at line 1, column 3."),
        ("@5", "Expected a text after '@', but found '5' at line 1, column 2."),
        ("1e9999", "Expected a number between -1E6145 and 1E6145, but found '1e9999' at line 1, column 1."),
        ("金额 >", "Expected an expression, but found the end at line 1, column 5."),
        ("金额（万元）", "Expected FEEL, but found '（' at line 1, column 3."),
    ],
)
def test_a_syntax_error_says_where_it_is_what_was_expected_and_what_was_found(source: str, message: str) -> None:
    with pytest.raises(FeelSyntaxError) as caught:
        compile_expression(source)

    assert caught.value.message == message


def test_a_syntax_error_has_a_code_and_its_facts_for_translation() -> None:
    with pytest.raises(Invalid) as caught:
        compile_expression("a +\n  )")

    assert caught.value.code == "feel-syntax"
    assert caught.value.facts == {
        "line": 2, "column": 3, "offset": 6, "expected": "an expression", "found": "')'",
    }  # fmt: skip


def test_a_cell_that_is_no_test_is_refused() -> None:
    with pytest.raises(FeelSyntaxError, match=r"Expected ',' or the end, but found '\)' at line 1, column 4\."):
        compile_unary_tests("> 5)")


def test_functions_of_the_host_language_are_refused() -> None:
    with pytest.raises(FeelSyntaxError, match="external functions are refused"):
        compile_expression('function(x) external {java: {class: "java.lang.Math", method signature: "cos(double)"}}')


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a.x", "Expected an entry 'x', but the context has only 'b' (line 1, column 3)"),
        ("a.b.c", "Expected a value with an entry 'c', but found a number (line 1, column 5)"),
        ("missing + 1", "Expected a variable 'missing', but there is none (line 1, column 1)"),
        ('1 + "a"', "Expected operands that '+' is defined for, but found number and string (line 1, column 3)"),
        ("1 / 0", "Expected a result within the numbers, but 1 / 0 has none (line 1, column 3)"),
        ('1 < "a"', "Expected values that '<' can compare, but found number and string (line 1, column 3)"),
        ("5 and true", "Expected a boolean for 'and', but found number (line 1, column 1)"),
        ('-"a"', "Expected a number or a duration after '-', but found string (line 1, column 1)"),
        ('@"soon"', "Expected a date, time or duration after '@', but found \"soon\" (line 1, column 1)"),
        ("[1, 2][5]", "Expected an index between 1 and 2 or below 0, but found 5 (line 1, column 7)"),
        ("[3..1]", "Expected two ends of one type, the lower first, but found 3 and 1 (line 1, column 1)"),
        ("{a: 1, a: 2}", "Expected every entry once, but 'a' stands twice (line 1, column 1)"),
        ("for i in null return i", "Expected a list to run over, but found null (line 1, column 5)"),
        ("nobody(1)", "Expected a function to call, but found null (line 1, column 1)"),
        ("abs()", "Expected abs(n), but found abs() (line 1, column 1)"),
        (
            'floor("a")',
            "Expected floor(n: number, scale: number) or floor(n: number), but found floor(string) (line 1, column 1)",
        ),
        ("date(2026, 2, 30)", "date(): expected a day of the calendar, but found '2026-2-30' (line 1, column 1)"),
        ("sum([])", "sum(): expected at least one element, but the list is empty (line 1, column 1)"),
        (
            "1 +\n  sqrt(-1)",
            "sqrt(): the result is no number (line 2, column 3)",
        ),
    ],
)
def test_the_reason_for_a_null_can_be_asked_for(source: str, reason: str) -> None:
    assert reason in reasons(source, {"a": {"b": 1}})


def test_reasons_come_with_the_value_and_each_once() -> None:
    explained = compile_expression("for x in [1, 2, 3] return y").evaluate_explained({})

    assert explained.value == [None, None, None]
    assert len(explained.warnings) == 1
    assert explained.warnings[0].position.column == 27


def test_a_fault_in_a_function_of_another_expression_points_into_that_one() -> None:
    function = compile_expression('\n  function(x) x + "a"').evaluate({})
    explained = compile_expression("f(1)").evaluate_explained({"f": function})

    assert [str(warning.position) for warning in explained.warnings] == ["line 2, column 17"]


def test_a_python_object_is_refused_where_it_is_read() -> None:
    class Secret:
        key = "x"

    with pytest.raises(FeelEvaluationError, match="but found a Python Secret"):
        said("secret.key", {"secret": Secret()})
    assert said("1", {"secret": Secret()}) == "1"


def test_a_function_of_a_package_that_fails_becomes_an_error_of_the_engine() -> None:
    def fail(amount: Decimal) -> Decimal:
        raise KeyError(amount)

    broken = FeelFunction(name="broken", parameters=("amount: number",), implementation=fail)

    with pytest.raises(FeelEvaluationError, match=r"Expected the function broken\(\) to answer, but it failed"):
        said("broken(1)", functions={"broken": broken})


def test_patterns_need_an_engine() -> None:
    with pytest.raises(FeelEvaluationError, match="but none was bound"):
        said('matches("a", "a")', functions={})


def test_numbers_that_are_none_are_refused() -> None:
    with pytest.raises(FeelEvaluationError, match="Expected finite numbers"):
        said("x < 1", {"x": Decimal("NaN")})
    assert said("x", {"x": float("nan")}) == "null"
