"""Attaching files in Chromium: the row comes by itself, refusals are told, the file is saved and not shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from api.settings import load_settings
from engine.commands import DeployDefinitions
from tests.api.uploading import PDF
from tests.api.uploads.test_attaching import EVIDENCE
from tests.browser.conftest import NARROW, WIDE
from tests.browser.visiting import open_measure, sign_in, violations
from tests.web.office import DESIGNER, Office


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_files_are_attached_kept_in_the_draft_and_saved(
    office: Office, page: Page, size: dict[str, int], tmp_path: Path
):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"evidence.bpmn": EVIDENCE}))
    office.start_of("evidence", "EVI-1", "2101")
    for name, content in (("佐证.pdf", PDF), ("图.svg", b"<svg/>")):
        (tmp_path / name).write_bytes(content)
    page.set_viewport_size(size)  # type: ignore[arg-type]
    sign_in(page, "edu1.proj")
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="file").click()
    expect(page.locator('form[data-ready="yes"]')).to_be_visible()

    page.locator("[data-attach]").set_input_files([tmp_path / "佐证.pdf", tmp_path / "图.svg"])

    expect(page.locator('[name="files/0/name"]')).to_have_value("佐证.pdf")
    expect(page.locator("[data-attach-told]")).to_contain_text("“图.svg”的类型不在允许之列")
    expect(page.locator("[data-saved]")).to_have_text("草稿已保存")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.reload()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载").click()
    assert download.value.suggested_filename == "佐证.pdf"
    assert Path(download.value.path()).read_bytes() == PDF
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="待办事项")).to_be_visible()


def test_a_draft_of_many_rows_is_kept(office: Office, page: Page):
    office.start()
    sign_in(page, "edu1.proj")
    open_measure(page)

    page.evaluate("for (let row = 0; row < 90; row++) document.querySelector('[data-add-row]').click()")
    page.locator('[name="rows/80/text"]').fill("第八十一行")

    expect(page.locator("[data-saved]")).to_have_text("草稿已保存")


def test_digest_and_size_of_a_file_are_not_typed(office: Office, page: Page, tmp_path: Path):
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"evidence.bpmn": EVIDENCE}))
    office.start_of("evidence", "EVI-1", "2101")
    (tmp_path / "佐证.pdf").write_bytes(PDF)
    sign_in(page, "edu1.proj")
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="file").click()
    expect(page.locator('form[data-ready="yes"]')).to_be_visible()

    expect(page.get_by_role("columnheader")).to_have_text(["名称*", "文号", "附件", "大小", "删除"])
    page.locator("[data-attach]").set_input_files(tmp_path / "佐证.pdf")

    expect(page.locator("[data-size]")).to_have_text("1 KB")
    expect(page.locator("[data-saved]")).to_have_text("草稿已保存")
    page.reload()
    expect(page.locator("[data-size]")).to_have_text("1 KB")
    expect(page.locator('[name="files/0/sha256"]')).to_be_hidden()


def open_evidence(office: Office, page: Page) -> None:
    office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"evidence.bpmn": EVIDENCE}))
    office.start_of("evidence", "EVI-1", "2101")
    sign_in(page, "edu1.proj")
    page.goto("/inbox?list=claimable")
    page.get_by_role("link", name="file").click()
    expect(page.locator('form[data-ready="yes"]')).to_be_visible()


def test_a_file_over_the_limit_is_told_by_name_and_limit_and_the_others_are_attached(
    office: Office, page: Page, tmp_path: Path
):
    open_evidence(office, page)
    (tmp_path / "佐证.pdf").write_bytes(PDF)
    with (tmp_path / "录像.pdf").open("wb") as file:
        file.truncate(load_settings({}, {}).upload_limit + 1)

    page.locator("[data-attach]").set_input_files([tmp_path / "录像.pdf", tmp_path / "佐证.pdf"])

    expect(page.locator("[data-attach-told]")).to_have_text("“录像.pdf”超过了 20.0 MB 的上限，没有上传。")
    expect(page.locator('[name="files/0/name"]')).to_have_value("佐证.pdf")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"status": 413, "body": "Request Entity Too Large"}, "“佐证.pdf”超过了 20.0 MB 的上限，没有上传。"),
        ({"status": 401, "json": {"refused": "请先登录。"}}, "请先登录。"),
        ({"status": 502, "body": "<h1>Bad gateway</h1>"}, "“佐证.pdf”没有上传成功，请重试。"),
    ],
    ids=["too large", "signed out", "away"],
)
def test_what_the_server_refuses_is_told(
    office: Office, page: Page, tmp_path: Path, answer: dict[str, Any], told: str
):
    open_evidence(office, page)
    (tmp_path / "佐证.pdf").write_bytes(PDF)
    page.route("**/uploads", lambda route: route.fulfill(**answer))

    page.locator("[data-attach]").set_input_files(tmp_path / "佐证.pdf")

    expect(page.locator("[data-attach-told]")).to_have_text(told)
