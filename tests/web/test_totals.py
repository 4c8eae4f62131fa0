"""Below a list stands how long it is, in both languages."""

from __future__ import annotations

from engine.queries import Page, Total
from tests.web.office import Office
from web.totals import list_foot

A_CAUSE = "两次招标均无供应商响应，采购失败。"


def listed(shown: int, cursor: str | None) -> Page[int]:
    return Page(items=range(shown), cursor=cursor)


def never() -> Total:
    raise AssertionError("a list that stands whole on the page needs no counting")


def test_a_list_on_one_page_is_not_counted_again():
    assert list_foot(listed(7, None), None, never, "zh") == "共 7 项"
    assert list_foot(listed(1, None), None, never, "en") == "1 in all"


def test_a_page_of_a_longer_list_tells_both():
    assert list_foot(listed(30, "on"), None, lambda: Total(57, False), "zh") == "共 57 项，本页 30 项"
    assert list_foot(listed(27, None), "came", lambda: Total(57, False), "en") == "57 in all, 27 on this page"


def test_where_counting_stopped_more_is_said():
    assert list_foot(listed(30, "on"), None, lambda: Total(1000, True), "zh") == "共 1000+ 项，本页 30 项"
    assert list_foot(listed(30, "on"), None, lambda: Total(4, True), "en") == "30+ in all, 30 on this page"


def test_done_work_and_processes_have_totals(office: Office):
    office.start()
    owner = office.reader("edu1.proj")
    path = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    fields = {"cause": A_CAUSE, "kind": "money", "rows__0__text": "重新招标", "rows__0__share": "100"}
    assert owner.post(f"{path}/complete", **fields).status_code == 303

    done = owner.get("/inbox?list=done").text

    assert "共 1 项" in done
    assert '已办<span class="count">(1)</span>' in done
    assert "共 1 项" in owner.get("/instances").text
