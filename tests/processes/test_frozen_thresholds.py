"""Every figure of a rule is a row with basis and validity, and who decides by it freezes what it read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.dmn import read_decisions
from engine.dmn.reads import texts_of
from engine.model.actor import system_actor
from engine.queries import instance_history
from engine.queries.instance_history import HistoryEntry
from engine.queries.process_instances import process_instances
from engine.store.database import read_transaction, write_transaction
from engine.store.settings_rows import Setting, put_settings, rows_read
from processes.budget_performance import package
from tests.doubles import OPERATOR
from tests.processes.district_office import UNIT, DistrictOffice
from tests.processes.office import TENANT, YEAR
from tests.processes.test_through_the_engine import monitoring_form

ROWS = {row.key: row for row in package.settings()}
TABLES = {name: content for name, content in package.files().items() if name.endswith(".dmn")}
#: Numbers that are no threshold: nothing and one, per cent, decimal places of 万元, the last day of a year.
ARITHMETIC = {"0", "1", "100", "4", "12", "31"}
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
#: Rules that are no table: drawn in Python, and the ladder of reminders.
BESIDE_TABLES = {"R08": "rule.R08.", "R15": "ladder."}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[DistrictOffice]:
    office = DistrictOffice.in_folder(tmp_path)
    yield office
    office.close()


def test_every_rule_is_a_table_or_has_rows_of_its_own():
    missing = {f"R{n:02}" for n in range(17)} - {name.removesuffix(".dmn") for name in TABLES}

    assert missing == set(BESIDE_TABLES)
    for prefix in BESIDE_TABLES.values():
        assert [key for key in ROWS if key.startswith(prefix)] != []


def test_every_row_says_its_basis_and_its_first_day():
    assert [key for key, row in ROWS.items() if not row.basis or row.valid_from is None] == []


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_threshold_that_a_table_reads_is_a_row(name: str):
    decisions = read_decisions(TABLES[name]).linked.decisions.values()
    paths = {".".join(path) for node in decisions for path in node.reads if path[0] == "rule"}

    assert [path for path in paths if not rows_read(ROWS, [path])] == []


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_table_holds_a_figure_that_a_district_could_set_otherwise(name: str):
    linked = read_decisions(TABLES[name]).linked
    logics: list[Any] = [node.element.logic for node in linked.decisions.values()]
    texts = [re.sub(r'"[^"]*"', "", text) for logic in logics for text in texts_of(logic)]
    allowed_values = {"[0..100]"}

    figures = {figure for text in texts if text not in allowed_values for figure in NUMBER.findall(text)}
    assert figures <= ARITHMETIC


def open_round(office: DistrictOffice) -> str:
    """The August round of project A03, waiting for its owner."""
    office.at_time("2026-09-01 09:00")
    office.take_over("A03")
    key = "MON-2026-08-A03"
    variables = {
        "project_code": "A03", "fiscal_year": YEAR, "project_key": "PRJ:A03:2026", "owner": "health2.proj",
        "is_major": False, "round": "R3", "cutoff": date(2026, 8, 31),
    }  # fmt: skip
    office.start("dual_monitoring", key, variables, unit_code=UNIT, actor=system_actor(TENANT))
    office.tell("round.open", key)
    return key


def history(office: DistrictOffice, key: str, kind: str) -> list[HistoryEntry]:
    with read_transaction(office.database) as connection:
        found = next(i for i in process_instances(connection, OPERATOR).items if i.business_key == key)
        return list(instance_history(connection, OPERATOR, found.id, kinds=[kind]).items)


def test_a_decision_and_a_reckoning_keep_the_figures_they_went_by(office: DistrictOffice):
    circular = Setting(
        key="rule.R04.mismatch", value=Decimal("12.50"), valid_from=date(2026, 8, 1), basis="区财绩〔2026〕7号"
    )
    with write_transaction(office.database) as connection:
        put_settings(connection, TENANT, [circular])
    key = open_round(office)
    office.do("fill", key, monitoring_form("A03"))
    with write_transaction(office.database) as connection:
        later = Setting(key="rule.R04.mismatch", value=Decimal(99), valid_from=date(2026, 8, 1), basis="later")
        put_settings(connection, TENANT, [later])

    (decided,) = history(office, key, "DecisionMade")
    reckoned = [entry for entry in history(office, key, "SettingsRead") if entry.element_id == "compute"]

    frozen = {
        "value": "12.50",
        "basis": "区财绩〔2026〕7号",
        "valid_from": "2026-08-01",
        "valid_to": None,
    }
    assert decided.payload["explanation"]["settings"]["rule.R04.mismatch"] == frozen
    assert len(decided.payload["explanation"]["settings_revision"]) == 32
    assert reckoned[0].payload["service"] == "monitoring.compute"
    assert reckoned[0].payload["settings"]["rule.R04.floor_by_month"]["basis"] == "SC25 (V2); PROP"
    assert reckoned[0].payload["settings"]["rule.R04.mismatch"] == frozen


def test_a_service_that_reads_no_threshold_keeps_none(office: DistrictOffice):
    key = open_round(office)

    assert "note-choice" not in {entry.element_id for entry in history(office, key, "SettingsRead")}
