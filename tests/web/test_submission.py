"""What a browser sends is read whole: nothing is cut, and what cannot be read is told and not dropped."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from forms.schema import read_forms
from tests.web.office import FORMS, Office
from web.user_task.submission import read_submission

SURVEY = next(form for form in read_forms(FORMS) if form.key == "survey")


def test_all_rows_are_read_however_many_there_are():
    sent = MultiDict({f"more/{row}/name": f"第 {row} 行" for row in range(12_000)})

    rows = read_submission(SURVEY, sent)["more"]

    assert len(rows) == 12_000
    assert rows[-1] == {"name": "第 11999 行"}


def test_a_number_of_a_row_that_no_page_gives_is_none():
    assert read_submission(SURVEY, MultiDict({f"more/{'9' * 5000}/name": "甲"})) == {}


@pytest.mark.parametrize(
    ("text", "value"), [("true", True), ("false", False), ("√", "√"), ("也许", "也许"), ("", None)]
)
def test_what_is_said_instead_of_yes_or_no_is_handed_on(text: str, value: object):
    assert read_submission(SURVEY, MultiDict({"agreed": text})).get("agreed") == value


def test_a_draft_keeps_what_is_neither_yes_nor_no_and_submitting_tells_it(office: Office):
    office.start()
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    first = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    fields = {"cause": "两次招标均无供应商响应，采购失败。", "kind": "money", "rows__0__text": "重新招标"}
    assert owner.post(f"{first}/complete", rows__0__share="100", **fields).status_code == 303
    path = reviewer.first_link("/inbox?list=claimable", "部门审核措施")

    assert reviewer.post(f"{path}/draft", decision="pass", passed_on="也许").status_code == 200
    assert '<option value="也许" selected data-stranger>也许</option>' in reviewer.get(path).text
    refused = reviewer.post(f"{path}/complete", decision="pass", passed_on="也许")
    assert refused.status_code == 422 and "“报送财政”必须填“是”或“否”。" in refused.text
    assert reviewer.post(f"{path}/complete", decision="pass", passed_on="√").status_code == 303
