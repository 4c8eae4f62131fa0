"""Simple JUEL says the same in FEEL."""

from __future__ import annotations

import pytest

from engine.bpmn.juel import NotSimple, contains_juel, to_feel
from engine.feel import compile_expression


@pytest.mark.parametrize(
    ("juel", "feel"),
    [
        ("${approved}", "approved"),
        ("#{approved}", "approved"),
        ("${!approved}", "not(approved)"),
        ("${not approved}", "not(approved)"),
        ("${a == 'x'}", 'a = "x"'),
        ('${a eq "x"}', 'a = "x"'),
        ("${a != null}", "a != null"),
        ("${a > 1 && b <= 2 || c}", "a > 1 and b <= 2 or c"),
        ("${(a || b) and c}", "(a or b) and c"),
        ("${a - b - c}", "a - b - c"),
        ("${a - (b - c)}", "a - (b - c)"),
        ("${-a * 2}", "-a * 2"),
        ("${n % 2 == 0}", "modulo(n, 2) = 0"),
        ("${project.unit.code}", "project.unit.code"),
        ("${list[0]}", "list[1]"),
        ("${map['key']}", "map.key"),
        ("${a ? 'x' : 'y'}", 'if a then "x" else "y"'),
        ("${empty list}", 'list contains([null, "", []], list)'),
        ("Dear ${name}!", '"Dear " + (if name = null then "" else string(name)) + "!"'),
        (r"${a == 'it\'s'}", 'a = "it\'s"'),
    ],
)
def test_a_simple_expression_is_translated(juel: str, feel: str) -> None:
    assert to_feel(juel) == feel
    compile_expression(to_feel(juel))


@pytest.mark.parametrize(
    "juel",
    ["${execution.getVariable('x')}", "${now()}", "${a = 1}", "${a b}", "${a[b]}", "${}", "${a ? b}", "${'open}",
     "${a ${b}}", "${a; b}", "${" + "(" * 100 + "a" + ")" * 100 + "}"],
)  # fmt: skip
def test_what_has_no_plain_counterpart_is_refused(juel: str) -> None:
    with pytest.raises(NotSimple):
        to_feel(juel)


@pytest.mark.parametrize(
    ("feel", "context", "value"),
    [
        ("${empty x}", {"x": []}, True),
        ("${empty x}", {"x": [1]}, False),
        ("${empty x}", {"x": None}, True),
        ("${!(a && b)}", {"a": True, "b": False}, True),
        ("${a ? 1 : b ? 2 : 3}", {"a": False, "b": True}, 2),
        ("edu.perf,${who}", {"who": None}, "edu.perf,"),
        ("edu.perf,${who}", {"who": "edu.head"}, "edu.perf,edu.head"),
        ("${a || b}-${n + 1}", {"a": True, "b": False, "n": 1}, "true-2"),
        ("${a}${b}", {"a": None, "b": None}, ""),
    ],
)
def test_the_translation_means_the_same(feel: str, context: dict[str, object], value: object) -> None:
    assert compile_expression(to_feel(feel)).evaluate(context) == value


def test_braces_of_a_feel_context_are_no_juel() -> None:
    assert not contains_juel("{a: 1}")
