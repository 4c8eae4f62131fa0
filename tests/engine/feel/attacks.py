"""What somebody may write to reach out of FEEL, to keep the machine busy, or to fill its memory.

One list for the tests of the budget and for `python -m benchmarks feel --attacks`.
"""

from __future__ import annotations

from typing import Any

#: What any attack may cost: seconds of the processor, calls of functions (what fits into that time), and bytes.
MAX_SECONDS = 0.1
MAX_CALLS = 2_000_000
MAX_BYTES = 50_000_000


class Secret:
    """Something that no expression may reach into."""

    key = "treasure"

    def __getitem__(self, name: str) -> str:
        return "treasure"


def _nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


CONTEXT: dict[str, Any] = {
    "x": "text",
    "s": "a" * 50_000,
    "l": list(range(10_000)),
    "m": {"a": 1},
    "secret": Secret(),
    "deep": _nested(3000),
}
#: A value of 2 ** 60 elements that share their parts.
SHARED = "a0: [1, 1], " + ", ".join(f"a{i}: [a{i - 1}, a{i - 1}]" for i in range(1, 60))

REACHING_OUT = [
    "x.__class__",
    "x.__class__.__mro__[1].__subclasses__()",
    "().__class__.__bases__",
    "m.__class__.__init__.__globals__",
    "abs.__globals__",
    "(function(a) a).implementation",
    '"".format',
    '"{0.__class__}".format(x)',
    '"%s" % x',
    "secret",
    "secret.key",
    "secret[1]",
    '__import__("os")',
    'eval("1")',
    "lambda: 1",
    'get value(secret, "key")',
    "[1.__class__]",
]
MUCH_WORK = [
    "9**9**9",
    "9**(9**9)",
    "2**100000000",
    "1e6144 * 1e6144",
    "1.000000001 ** 1e20",
    "exp(10**30)",
    "modulo(10**6144, 1e-6000)",
    "for i in 1..1000000 return i",
    "for i in 1..1000000 return for j in 1..1000000 return j",
    "for i in 1..10000 return for j in 1..10000 return j",
    "for a in 1..100, b in 1..100, c in 1..100, d in 1..100 return 1",
    "some a in 1..1000, b in 1..1000, c in 1..1000 satisfies false",
    'for i in @"0001-01-01"..@"9999-12-31" return i',
    "for i in 1..20000 return partial",
    "sort(l, function(a, b) every x in l satisfies x > 0)",
    "l[l[item = 1][1] = item]",
    "l[count(l) > item]",
    "for i in l return l = l",
    "for i in l return sum(l)",
    "for i in l return l.a",
    "distinct values(for i in l return {a: i})",
    "for i in 1..5000 return list contains(l, -1)",
    'for i in 1..20000 return contains(s, "b")',
    "{f: function(n) f(n), r: f(1)}.r",
    "{f: function(n) f(n) + f(n), r: f(1)}.r",
    "{f: function(n) if n <= 0 then 0 else f(n - 1), r: f(1000000)}.r",
    "(function(f) f(f))(function(f) f(f))",
    "deep = deep",
    "string(deep)",
    f"{{{SHARED}, r: a59 = a59}}.r",
    f"{{{SHARED}, r: string(a59)}}.r",
    f"{{{SHARED}, r: flatten(a59)}}.r",
    f"{{{SHARED}, r: index of([a59], a59)}}.r",
    f"{{{SHARED}, r: a59 instance of {'list<' * 18}number{'>' * 18}}}.r",
    f"{{{SHARED}, f: function(p: {'list<' * 18}number{'>' * 18}) 1, r: f(a59)}}.r",
]
MUCH_ROOM = [
    "for i in 1..20000 return s",
    'for i in 1..20000 return s + "x"',
    "for i in 1..20000 return upper case(s)",
    "s + s + s + s",
    "[s + s, s + s, s + s, s + s]",
    "string join(for i in 1..20000 return s)",
    "for i in 1..20000 return string join(l, s)",
    "for i in l return l",
    "for i in l return for j in l return l",
    "for i in l return [l, l, l, l]",
    "for i in 1..20000 return {a: l, b: concatenate(l, l)}",
    f"concatenate({','.join('l' * 2000)})",
    "flatten(for i in 1..10000 return l)",
    'replace(s, "a", s)',
    "string(10 ** 6000)",
    "decimal(1/3, 6176)",
    f"{{{SHARED}}}",
]
PATTERNS = [
    'matches(s, "(a*)*b")',
    'matches(s, "(a|aa)+$")',
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")',
    'matches(s, "a{1000}{1000}")',
    'matches(s, "(((a{100}){100}){100})")',
    'replace(s, "", "x")',
    'split(s, "a")',
    'for i in 1..20000 return matches(s, "a+")',
    f'matches(s, "{"(" * 900}{")" * 900}")',
]
REFERENCES = [
    'matches(s, "(a*)*\\\\1b")',
    'matches(s, "(a+)+\\\\1$b")',
    'matches(s, "(.*)(.*)(.*)(.*)\\\\1\\\\2\\\\3\\\\4x")',
    'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^((a|aa)+)+\\\\1$")',
    'replace(s, "(a)\\\\1", "$1$1$1$1")',
    'split(s, "(a)\\\\1")',
    'for i in 1..20000 return matches(s, "(a)\\\\1b")',
    'matches(s, "((a*)*)*\\\\2b")',
    'matches(s, "(a{0,100}){100}\\\\1b")',
    'matches(s, "(a?){1000}\\\\1")',
    f'matches(s, "{"(" * 300}a{")" * 300}\\\\1b")',
]
LONG_TEXTS = [
    "(" * 10_000 + "1" + ")" * 10_000,
    "(" * 2000 + "1" + ")" * 2000,
    "[" * 2000 + "]" * 2000,
    "{a:" * 1000 + "1" + "}" * 1000,
    "-" * 4000 + "1",
    "not(" * 800 + "true" + ")" * 800,
    "if true then " * 300 + "1",
    "if x = 1 then 2 else " * 190 + "3",
    "1" + "+1" * 2000,
    "a" + ".b" * 2000,
    "a" + "[1]" * 1300,
    "f" + "()" * 2000,
    "x in " * 600 + "x",
    "for i in " * 400 + "x",
    "function(x) " * 300 + "x",
    "x instance of " + "list<" * 500 + "Any" + ">" * 500,
    "1" * 4000,
    "/*" * 2000,
    "a" * 1_000_001,
    "1+" * 500_000 + "1",
    '"' + "a" * 1_000_000 + '"',
    "\\" * 4000,
    '"' + "\\" * 4000,
    "a " * 2000,
    "[1..10[" * 500,
]
#: Values that grow by doubling, sharing or nesting.
GROWTH = [
    "{a: s + s, b: a + a, c: b + b, d: c + c}.d",
    "{a: concatenate(l, l), b: concatenate(a, a), c: concatenate(b, b)}.c",
    "{a: append(l, l), b: append(a, a), c: flatten([b, b, b])}.c",
    "{a: {x: l, y: l}, b: {x: a, y: a}, c: context merge([b, {z: b}]), d: [c, c, c]}.d",
    "for i in 1..60 return if i = 1 then [1, 1] else [partial[-1], partial[-1]]",
    "{f: function(x, n) if n = 0 then x else f([x, x], n - 1), r: f(1, 60)}.r",
    '{f: function(t) f(t + t), r: f("ab")}.r',
    "{f: function(v) f(concatenate(v, v)), r: f([1])}.r",
    "{f: function(c) f({a: c, b: c}), r: f({})}.r",
    "string join(for i in 1..20000 return string(l), s)",
    "string(for i in 1..300 return string(for j in 1..100 return s))",
    'context put({}, for i in 1..20000 return "a", 1)',
    "context(for i in 1..20000 return {key: string(i), value: l})",
    "get entries(context(for i in 1..20000 return {key: string(i), value: s}))",
    'replace(replace(s, "a", "aa"), "a", "aaaa")',
    'split(s, "")',
    'for i in 1..20000 return split(s, "a")',
    "upper case(s + s + s)",
    "list replace(l, function(item, new) true, l)",
    "union(for i in 1..100 return l)",
    "insert before(l, 1, l)",
    "for i in 1..200, j in 1..200 return l",
]
#: Functions that are asked to look at everything, again and again.
TOIL = [
    "sort(l, function(a, b) true)",
    "sort(l, function(a, b) count(l[item < a]) < count(l[item < b]))",
    'sort(l, function(a, b) matches(s, "a+$"))',
    "sort(for i in 1..20000 return -i)",
    "distinct values(for i in 1..20000 return [i])",
    "distinct values(for i in 1..5000 return {a: [i]})",
    "index of(for i in 1..20000 return l, l)",
    "union(for i in 1..20000 return [i], l)",
    "list contains(for i in 1..20000 return {a: i}, {a: -1})",
    "mode(l)",
    "median(for i in 1..20000 return modulo(i * 7919, 10007))",
    "stddev(l)",
    "product(for i in 1..20000 return 9e100)",
    "for i in 1..20000 return mode(l)",
    "for i in 1..20000 return stddev(l)",
    "for i in 1..20000 return reverse(l)",
    "for i in 1..20000 return string length(s)",
    "for i in 1..20000 return substring(s, 2)",
    'for i in 1..20000 return contains(s, "aaab")',
    "some a in l satisfies some b in l satisfies a + b = -1",
    "every a in l satisfies every b in l satisfies every c in l satisfies true",
    "l[l[l[item = 1][1] = item][1] = item]",
    "count(l[list contains(l, item)])",
    "{f: function(n) sum(for i in 1..n return f(n - 1)), r: f(30)}.r",
    "{f: function(a, b) if a = 0 then b + 1 else if b = 0 then f(a - 1, 1) else f(a - 1, f(a, b - 1)), r: f(4, 4)}.r",
    "for i in 1..10 ** 12 return i",
    "for i in -10 ** 15..10 ** 15 return i",
    "some i in 1..1e18 satisfies i < 0",
    'for d in @"-999999999-01-01"..@"999999999-12-31" return d',
    "{f: function(p: list<list<list<number>>>) 1, r: for i in 1..20000 return f([[l]])}.r",
    "for i in 1..20000 return l instance of list<number>",
    "for i in 1..20000 return deep = deep",
    "for i in 1..20000 return string(i) + string(l)",
]
#: Numbers, dates and durations at the end of what they can be.
EDGES = [
    "10 ** 400000",
    "10 ** 6144 * 10",
    "(10 ** 6144) ** (10 ** 6144)",
    "0.5 ** 0.5 ** 0.5 ** 0.5 ** 1e30",
    "decimal(1e6000, 6176)",
    "decimal(1, 1e400)",
    "round half up(1e-6000, 6176)",
    "floor(1e6144, -6000)",
    "ceiling(1e-6144, 6176)",
    "modulo(1e6144, 3)",
    "modulo(1e6144, 1e-6143)",
    "exp(1e10)",
    "exp(14000)",
    "log(1e-6143)",
    "sqrt(1e6144)",
    "sqrt(2e-6143)",
    "string(1e6144)",
    "string(1e-6143)",
    'number("' + "9" * 3900 + '")',
    'number("' + "9," * 1900 + '9", ",", ".")',
    "even(10 ** 6144)",
    "l[10 ** 6144]",
    "substring(s, 10 ** 6144)",
    "sublist(l, -10 ** 30, 10 ** 30)",
    'date(999999999, 12, 31) + duration("P1Y")',
    '@"9999-12-31" + duration("P99999999999999999D")',
    'duration("P' + "9" * 3900 + 'D")',
    'duration("P9999999999Y") * 10 ** 30',
    'duration("P1D") * 10 ** 6144',
    'duration("PT1S") / 10 ** 6144',
    'date("2026-01-01") + duration("P999999999Y")',
    "date(10 ** 30, 1, 1)",
    "time(10 ** 30, 0, 0)",
    'years and months duration(@"-999999999-01-01", @"999999999-12-31")',
    'week of year(@"999999999-12-31")',
    'date and time("2026-01-01T00:00:00@' + "A/" * 1500 + '")',
    'time("10:00:00@Etc/../../../etc/passwd")',
    '@"' + "1" * 4000 + '"',
    'range("[' + "1" * 3900 + '..2]")',
]
ATTACKS = [*REACHING_OUT, *MUCH_WORK, *MUCH_ROOM, *PATTERNS, *REFERENCES, *LONG_TEXTS, *GROWTH, *TOIL, *EDGES]
