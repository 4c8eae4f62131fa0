"""Whatever the engine finds in a diagram is said in Chinese and in English, with the same facts."""

from __future__ import annotations

import re

import pytest

from api.problems import problem_of
from api.texts.diagrams import diagram_texts, diagram_words, in_language, say_of_diagram
from engine.bpmn import lint, read_process_file
from engine.bpmn.findings import FINDINGS
from engine.bpmn.opinion import comparable
from engine.bpmn.report import Entry, Findings, RefusedDiagram
from tests.engine.bpmn.test_lint import FLAWED, NAMES
from tests.engine.bpmn.test_refusals import REFUSED

CHINESE = re.compile("[\u4e00-\u9fff]")
PLACE = re.compile(r"\{(\w+)\}")


def as_written(text: str) -> str:
    """A text of the engine as the file of texts has it: `{name!r}` quotes what it shows."""
    return re.sub(r"\{(\w+)!r\}", r"'{\1}'", text).replace("{{", "{").replace("}}", "}")


def test_every_finding_of_the_engine_has_its_texts_and_nothing_else_has() -> None:
    assert diagram_texts().keys() == FINDINGS.keys()


@pytest.mark.parametrize("code", FINDINGS)
def test_both_languages_say_the_same_facts(code: str) -> None:
    texts, finding = diagram_texts()[code], FINDINGS[code]

    assert (texts["en"], texts.get("mend_en", "")) == (as_written(finding.message), as_written(finding.mend))
    assert set(PLACE.findall(texts["zh"])) == set(PLACE.findall(texts["en"]))
    assert set(PLACE.findall(texts.get("mend_zh", ""))) == set(PLACE.findall(texts.get("mend_en", "")))
    assert CHINESE.search(texts["zh"]) and not CHINESE.search(texts["en"])
    assert bool(CHINESE.search(texts.get("mend_zh", ""))) == bool(finding.mend)


def every_entry() -> list[Entry]:
    """What the reader and the lint say about files that deserve it."""
    entries: list[Entry] = []
    for xml, _ in [*REFUSED.values(), *FLAWED.values()]:
        result = read_process_file(xml, ref_of=str)
        entries += [*result.report, *(lint(result.graphs, NAMES) if result.graphs else ())]
    return entries


def test_no_place_of_a_text_stays_open() -> None:
    entries = every_entry()

    assert len({entry.code for entry in entries}) > 60
    for entry in entries:
        for language in ("zh", "en"):
            said = say_of_diagram(entry.code, language, entry.element_id, entry.facts)
            names = {"element", *entry.facts}
            assert said is not None
            assert not {name for name in PLACE.findall(said.message + said.mend) if name in names}, entry


def test_words_of_the_engine_are_put_into_chinese_and_names_of_the_designer_are_left() -> None:
    findings = Findings()
    findings.add("unknown-reference", "x", kind="message", reference="message")
    (entry,) = findings.report()

    said = say_of_diagram(entry.code, "zh", entry.element_id, entry.facts)

    assert said is not None
    assert said.message == "x 引用的消息“message”在文件里没有声明。"


def test_every_reason_not_to_compare_has_a_word() -> None:
    """Those that stand in the diagram, and those that come of playing it."""
    source = comparable.__loader__.get_source(comparable.__name__)  # type: ignore[union-attr]
    in_diagrams = {text.replace(" ", "-") for text in re.findall(r'return "([a-z -]+)"', source)}
    of_playing = {
        *("incident", "happens-twice", "timer-rule", "no-rest", "no-counterpart", "limits", "not-read", "gives-up"),
        "broke-off",
        *("case-does-not-fit", "case-does-not-start"),
    }

    assert len(in_diagrams) == 10
    assert in_diagrams | of_playing <= diagram_words().keys()


def test_a_refusal_tells_each_fault_with_its_mend_in_the_language_of_the_reader() -> None:
    findings = Findings()
    findings.add("lint-unknown-service", "pay", service="ledger.none")
    refusal = RefusedDiagram("refused", findings.report().faults())

    chinese, english = (problem_of(refusal, language).faults[0] for language in ("zh", "en"))

    assert (chinese["message"], chinese["mend"]) == (
        "服务任务 pay 调用“ledger.none”，没有登记过这个本地服务。",
        "选一个登记过的，或用外部 topic 交给外部程序。",
    )
    assert (english["message"], english["mend"]) == (
        "Service task pay calls handler 'ledger.none', which is not registered.",
        "Choose a registered handler, or let a worker do it by an external topic.",
    )


def test_a_line_of_a_report_keeps_what_has_no_text() -> None:
    line = {"severity": "info", "code": "of-an-earlier-release", "element_id": "x", "message": "Said.", "mend": ""}

    assert in_language(line, "zh") == line
