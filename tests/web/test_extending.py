"""Asking for an extension on the page of the work."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.commands import DeployDefinitions
from tests.extending import deciding
from tests.web.office import DESIGNER, Office, Reader

REASON = "招标延期，设备四月才能到货"
OFFERED = 'data-open="extension-dialog"'


@pytest.fixture
def path(office: Office) -> str:
    """Of a piece of work that is due in five working days, where extensions are decided by the head of the unit."""
    files = {"extension.bpmn": deciding("unit_head")}
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files=files))
    office.start()
    return office.reader("edu1.proj").first_link("/inbox?list=claimable", "填报纠偏措施")


def ask(reader: Reader, path: str, until: str = "2026-10-15", reason: str = REASON):
    return reader.post(f"{path}/extension", until=until, reason=reason)


def test_the_owner_asks_and_sees_where_it_stands(office: Office, path: str) -> None:
    reader = office.reader("edu1.proj")
    page = reader.get(path).text
    assert OFFERED in page and 'min="2026-09-22"' in page and 'max="2026-10-21"' in page

    answer = ask(reader, path)

    assert (answer.status_code, answer.location) == (303, path)
    page = reader.get(path).text
    assert "已申请延期，答复前仍按原期限办理。" in page
    assert "申请延至 2026-10-15，等待答复" in page
    assert "申请延长" in page and REASON in page
    assert OFFERED not in page


def test_every_fault_is_told_and_what_was_typed_stands_in_the_open_dialog(office: Office, path: str) -> None:
    answer = ask(office.reader("edu1.proj"), path, until="2026-12-31", reason="太忙")

    assert answer.status_code == 422
    assert "延期申请有 2 处需要修改。" in answer.text
    assert "<li>延至的日期应晚于原到期日 2026-09-21，且不晚于 2026-10-21。</li>" in answer.text
    assert "<li>延期理由应有 10 至 500 个字，现有 2 个。</li>" in answer.text
    # above the page, and in the dialog that lies over it
    dialog = answer.text.partition('id="extension-dialog"')[2]
    assert [part.count("延期理由应有 10 至 500 个字，") for part in (answer.text, dialog)] == [2, 1]
    assert 'id="extension-dialog" aria-labelledby="extension-head" data-open-now' in answer.text
    assert 'value="2026-12-31"' in answer.text and ">太忙</textarea>" in answer.text


def test_a_day_that_is_none_is_told_with_the_rest(office: Office, path: str) -> None:
    answer = ask(office.reader("edu1.proj", language="en"), path, until="soon", reason="busy")
    assert answer.status_code == 422
    assert "The request for an extension has 2 faults." in answer.text


def test_it_is_not_offered_to_others_nor_when_it_is_overdue(office: Office, path: str) -> None:
    assert OFFERED not in office.reader("edu.perf").get(path).text
    assert ask(office.reader("edu.perf"), path).status_code == 403
    office.district.clock.move_to(office.district.clock.now() + timedelta(days=30))
    reader = office.reader("edu1.proj")
    assert OFFERED not in reader.get(path).text
    refused = ask(reader, path)
    assert refused.status_code == 409 and "已经逾期，不能再申请延期" in refused.text


def test_where_no_process_decides_nothing_is_offered(office: Office) -> None:
    office.start()
    reader = office.reader("edu1.proj")
    path = reader.first_link("/inbox?list=claimable", "填报纠偏措施")
    assert OFFERED not in reader.get(path).text


def test_coming_back_after_signing_in_again_shows_the_work(office: Office, path: str) -> None:
    assert office.reader("edu1.proj").get(f"{path}/extension").location == path
