"""The page of campaigns: for whom it is, what it asks before it is done, and what it says of a fault."""

from __future__ import annotations

import re

import pytest

from api.identity.accounts import set_password_hash
from api.identity.organisation import import_organisation, read_organisation
from engine.model.identifiers import Uuid7Source
from engine.store.database import write_transaction
from tests.api.conftest import cheap_hash
from tests.api.district import CATALOGUE, CONTENT, NOW, TENANT
from tests.web.funded import fund, register_late, told
from tests.web.office import Office

AUGUST = {"kind": "round.open", "fiscal_year": "2026", "month": "08", "notice": "请填报八月监控表。"}
GOALS = {"kind": "budget.open", "fiscal_year": "2027", "notice": "请申报绩效目标。"}
OTHERS = sorted(user["username"] for user in CONTENT["users"] if user["role"] not in {
    "finance_perf", "finance_perf_lead",
})  # fmt: skip


def seat(office: Office, login: str, role: str) -> None:
    """Give somebody new a post in the finance bureau."""
    users = [{"username": login, "title": "预算科经办", "unit": "10", "role": role}]
    organisation = read_organisation({**CONTENT, "users": users}, CATALOGUE)
    ids = Uuid7Source()
    with write_transaction(office.district.database) as connection:
        import_organisation(connection, TENANT, organisation, CATALOGUE, lambda: str(ids.make(NOW)), NOW)
        set_password_hash(connection, TENANT, login, cheap_hash())


def text_of(page: str) -> str:
    """What is read of a page, without its tags and with single spaces."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.partition("<main")[2]))


@pytest.mark.parametrize("login", ["fin.perf", "fin.lead"])
def test_the_performance_section_finds_campaigns_in_the_navigation(office: Office, login: str):
    reader = office.reader(login)

    assert '<a href="/campaigns">工作布置</a>' in reader.get("/inbox").text
    assert "还没有布置过工作" in reader.get("/campaigns").text


@pytest.mark.parametrize("login", OTHERS)
def test_everybody_else_neither_finds_nor_opens_campaigns(office: Office, login: str):
    fund(office)
    reader = office.reader(login)

    assert "/campaigns" not in reader.get("/inbox").text
    assert [reader.get(path).status_code for path in ("/campaigns", "/campaigns/new")] == [403, 403]
    assert [reader.post(path, **AUGUST).status_code for path in ("/campaigns/check", "/campaigns")] == [403, 403]
    assert told(office) == []


def test_a_form_from_elsewhere_opens_nothing(office: Office):
    fund(office)
    reader = office.reader("fin.perf")

    for path in ("/campaigns/check", "/campaigns"):
        answer = reader.client.post(path, data={**AUGUST, "csrf_token": "made up"}, headers=reader.headers)
        assert answer.status_code == 403
    assert told(office) == []


def test_whom_it_will_reach_is_said_before_it_is_done(office: Office):
    fund(office)
    reader = office.reader("fin.perf")

    page = text_of(reader.post("/campaigns/check", **AUGUST).text)

    assert "将通知 2 个项目。" in page and "R3（数据截至 8 月 31 日）" in page and "全部部门" in page
    assert "A01 MON-2026-08-A01" in page and "A03 MON-2026-08-A03" in page
    assert told(office) == []


def test_a_confirmed_campaign_is_opened_and_listed(office: Office):
    fund(office)
    reader = office.reader("fin.perf")

    assert reader.post("/campaigns", **AUGUST, departments="22").location == "/campaigns"

    page = text_of(reader.get("/campaigns").text)
    assert "已布置，通知了 1 个项目。" in page
    assert "绩效运行监控 布置通知请填报八月监控表。 2026 R3（数据截至 8 月 31 日） 区卫生健康局 1 绩效科经办" in page
    assert told(office) == ["round.open:MON-2026-08-A03"]


def test_what_is_open_already_is_said_and_reaches_the_others_only(office: Office):
    fund(office)
    reader = office.reader("fin.perf")
    reader.post("/campaigns", **AUGUST, departments="22")

    page = text_of(reader.post("/campaigns/check", **{**AUGUST, "departments": "22"}).text)
    assert "没有需要通知的项目。" in page and "已于 2026-09-15 10:00 布置" in page
    assert "确认布置" not in page and "返回修改" in page
    assert "确认布置" in reader.post("/campaigns/check", **AUGUST).text

    reader.post("/campaigns", **AUGUST)
    assert told(office) == ["round.open:MON-2026-08-A01", "round.open:MON-2026-08-A03"]


def test_asked_again_the_page_names_what_was_registered_later_and_tells_it_nothing(office: Office):
    fund(office)
    reader = office.reader("fin.perf")
    reader.post("/campaigns", **GOALS)
    register_late(office, "A03", 2027)

    page = text_of(reader.post("/campaigns/check", **GOALS).text)
    assert "没有需要通知的项目。" in page and "1 个项目在布置之后登记，不用等待，不再通知。" in page
    assert "不用等待A03 GOAL-2027-A03" in page and "确认布置" not in page
    english = office.reader("fin.perf", language="en").post("/campaigns/check", **GOALS).text
    assert "1 project was registered after the opening: it does not wait and is not told." in english

    reader.post("/campaigns", **GOALS)
    assert told(office) == ["budget.open:GOAL-2027-A01"]


@pytest.mark.parametrize("path", ["/campaigns/check", "/campaigns"])
@pytest.mark.parametrize(
    ("change", "field", "zh", "en"),
    [
        ({"kind": ""}, "kind", "请选择要布置的工作", "Choose what is to be opened"),
        ({"fiscal_year": ""}, "fiscal_year", "请选择预算年度。", "Choose the budget year."),
        ({"fiscal_year": "2027"}, "fiscal_year", "2027 年还没有批复预算的项目。", "approved budget for 2027."),
        ({"month": ""}, "month", "请选择监控轮次", "Choose a monitoring round, by"),
        ({"departments": "10"}, "departments", "区财政局在 2026 年没有", "区财政局 has no objects for this in 2026."),
        ({"notice": " "}, "notice", "请填写布置通知", "Write the notice"),
    ],
)
def test_a_fault_stands_at_its_field_and_what_was_filled_in_is_kept(office: Office, path, change, field, zh, en):
    fund(office)
    for language, words in (("zh", zh), ("en", en)):
        answer = office.reader("fin.perf", language=language).post(path, **AUGUST | {"departments": "22"} | change)

        assert answer.status_code == 422
        assert re.search(rf'<p class="fault" id="{field}-fault">[^<]*{words}', answer.text)
        assert re.search(rf'<li><a href="#{field}">[^<]*{words}', answer.text)
        kept = AUGUST | {"departments": "22"} | change
        assert ('value="22" checked' in answer.text) == (kept["departments"] == "22")
        assert ("请填报八月监控表。</textarea>" in answer.text) == (field != "notice")
    assert told(office) == []


def test_all_faults_are_told_at_once(office: Office):
    fund(office)

    page = office.reader("fin.perf").post("/campaigns/check", kind="round.open", month="09").text

    assert re.findall(r'<p class="fault" id="(\w+)-fault">', page) == ["fiscal_year", "month", "notice"]


def test_who_changes_his_mind_finds_what_he_filled_in(office: Office):
    fund(office)

    page = office.reader("fin.perf").post("/campaigns/check", **AUGUST, departments="22", change="yes").text

    assert 'value="round.open" checked' in page.replace(' id="kind"', "") and '<option value="08" selected>' in page
    assert 'value="22" checked' in page and "请填报八月监控表。</textarea>" in page
    assert 'class="fault"' not in page


def test_a_round_that_was_chosen_before_another_kind_does_not_count(office: Office):
    fund(office)
    reader = office.reader("fin.perf")

    page = text_of(reader.post("/campaigns/check", **{**GOALS, "month": "08"}).text)

    assert "GOAL-2027-A01" in page and "R3" not in page


@pytest.mark.parametrize("path", ["/campaigns/check", "/campaigns"])
def test_what_is_out_of_season_is_refused_before_anything_is_sent(office: Office, path: str):
    fund(office)
    reader, english = office.reader("fin.perf"), office.reader("fin.lead", language="en")
    budget, evaluations = {**GOALS, "fiscal_year": "2026"}, {**AUGUST, "kind": "selfeval.open", "month": ""}

    said = [text_of(reader.post(path, **asked).text) for asked in (budget, evaluations)]

    assert "2026 年的预算编制在 2025-03-01 至 2025-12-31 之间布置，今天不在这段时间内。" in said[0]
    assert "2026 年的单位自评在年度结束后布置，最早 2027-01-05。" in said[1]
    assert "when the year is over, from 2027-01-05 on." in text_of(english.post(path, **evaluations).text)
    assert told(office) == []


def test_the_budget_section_opens_the_budget_and_nothing_else(office: Office):
    fund(office)
    seat(office, "fin.budget", "finance_budget")
    reader = office.reader("fin.budget")

    page = reader.get("/campaigns/new").text
    assert 'value="budget.open"' in page and 'value="round.open"' not in page and 'value="selfeval.open"' not in page
    refused = reader.post("/campaigns", **AUGUST)
    assert refused.status_code == 403 and "消息“round.open”不由您的角色发送。" in refused.text
    assert reader.post("/campaigns", **GOALS).location == "/campaigns"
    assert told(office) == ["budget.open:GOAL-2027-A01"]


def test_the_page_speaks_english(office: Office):
    fund(office)
    reader = office.reader("fin.perf", language="en")
    reader.post("/campaigns", **AUGUST)

    page = text_of(reader.get("/campaigns").text)

    assert "Opened; 2 projects were told." in page and "R3 (data to 8/31)" in page and "All departments" in page
    assert "2 projects will be told" not in text_of(reader.post("/campaigns/check", **AUGUST).text)
    assert "1 project will be told." in text_of(reader.post("/campaigns/check", **GOALS).text)


def test_without_objects_there_is_nothing_to_open(office: Office):
    page = office.reader("fin.perf").get("/campaigns/new").text

    assert "还没有登记的项目" in page and "<textarea" not in page
