"""The thread of comments, on the page of a case and on those of its user tasks, for every kind of reader."""

from __future__ import annotations

import re

import pytest

from tests.api.district import CONTENT
from tests.web.office import Office

LOGINS = [user["username"] for user in CONTENT["users"]]
#: Who sees the objects of the school as a whole.
WHOLE = {
    *("gov.lead", "fin.dir", "fin.perf", "fin.lead", "fin.div1", "edu.head", "edu.perf", "edu1.head", "edu1.proj"),
    "audit.staff",
}
WORDS = "请补充合同附件。"


@pytest.fixture
def case(office: Office) -> str:
    """Page of a case."""
    return f"/instances/{office.start()}"


def test_what_is_written_on_either_page_stands_on_both(office: Office, case: str) -> None:
    owner, reviewer = office.reader("edu1.proj"), office.reader("edu.perf")
    work = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    sent = reviewer.post(f"{case}/comments", text=WORDS)
    assert (sent.status_code, sent.location) == (303, f"{case}#comments")
    sent = owner.post(f"{work}/comments", text="已补充。\r\n\r\n见附件二。")
    assert (sent.status_code, sent.location) == (303, f"{work}#comments")

    for path in (case, work):
        page = owner.get(path).text
        assert page.index(WORDS) < page.index("已补充。\n\n见附件二。")
        assert re.search(r"<b>教育局绩效经办</b> <time [^>]*>2026-09-15 10:00</time>", page)


def test_nothing_of_the_case_changes_for_who_has_it_open(office: Office, case: str) -> None:
    owner = office.reader("edu1.proj")
    before = owner.get(f"/api/v1{case.replace('/instances', '/process-instances')}").headers["ETag"]
    owner.post(f"{case}/comments", text=WORDS)
    assert owner.get(f"/api/v1{case.replace('/instances', '/process-instances')}").headers["ETag"] == before


def test_who_sees_the_whole_reads_and_writes_and_nobody_else(office: Office, case: str) -> None:
    office.reader("edu1.proj").post(f"{case}/comments", text=WORDS)
    readers: set[str] = set()
    for login in LOGINS:
        reader = office.reader(login)
        page = reader.get(case)
        if WORDS in page.text:
            readers.add(login)
        sent = reader.post(f"{case}/comments", text="我也说一句")
        assert (sent.status_code == 303) == (WORDS in page.text), login
        assert sent.status_code in ((303,) if login in readers else (403, 404)), login
    assert readers == WHOLE


def test_too_much_is_told_beside_what_was_typed(office: Office, case: str) -> None:
    owner = office.reader("edu1.proj")
    work = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    for path in (case, work):
        refused = owner.post(f"{path}/comments", text="长" * 2001)
        assert refused.status_code == 422
        card = refused.text.partition('id="comments"')[2]
        assert "内容应有 1 至 2000 个字，现有 2001 个。" in card
        assert f">{'长' * 2001}</textarea>" in card
        # sent again it does not wait in the window as something new
        assert "data-fresh" not in card.partition("<textarea")[0]
    assert owner.post(f"{case}/comments", text=" ").status_code == 422


def test_sent_twice_it_is_written_once(office: Office, case: str) -> None:
    owner = office.reader("edu1.proj")
    for _ in range(2):
        assert owner.post(f"{case}/comments", text=WORDS, once="k-1").status_code == 303
    assert owner.get(case).text.count(WORDS) == 1


def test_older_comments_are_a_page_away(office: Office, case: str) -> None:
    owner = office.reader("edu1.proj")
    for number in range(25):
        owner.post(f"{case}/comments", text=f"第{number:02}句")
    page = owner.get(case).text
    assert "第24句" in page and "第05句" in page and "第04句" not in page
    earlier = re.search(r'<a href="([^"]+)">更早的沟通</a>', page)
    assert earlier
    page = owner.get(earlier[1].replace("&amp;", "&")).text
    assert page.index("第00句") < page.index("第04句") and "第05句" not in page
    assert f'<a href="{case}#comments">最新的沟通</a>' in page


def test_a_comment_is_shown_as_it_was_written_and_not_as_markup(office: Office, case: str) -> None:
    owner = office.reader("edu1.proj")
    owner.post(f"{case}/comments", text="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in owner.get(case).text


def test_coming_back_after_signing_in_again_shows_the_page(office: Office, case: str) -> None:
    owner = office.reader("edu1.proj")
    work = owner.first_link("/inbox?list=claimable", "填报纠偏措施")
    assert owner.get(f"{case}/comments").location == case
    assert owner.get(f"{work}/comments").location == work
