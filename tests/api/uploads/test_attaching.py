"""Files on forms, through the doors: who attaches, who gets them, what a form keeps of them, and what goes."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from api.uploads import UploadDesk, UploadLimits, UploadRefused
from engine.commands import DeployDefinitions, SaveDraft
from engine.model.actor import Actor
from tests.api.uploading import LIMITS, PDF, PNG, make_uploads
from tests.house import bpmn, flows, user_task
from tests.web.office import DESIGNER, Office, Reader, open_office

#: start -> file (project_owner, form "evidence") -> look (dept_perf) -> end
EVIDENCE = bpmn(
    "evidence",
    '<startEvent id="start"/>'
    + user_task("file", groups="project_owner", attributes='camunda:formKey="evidence"')
    + user_task("look", groups="dept_perf", attributes='camunda:formKey="check"')
    + '<endEvent id="end"/>'
    + flows("start file", "file look", "look end"),
)


@dataclass
class Case:
    """One case of the school, with the desk of its office."""

    office: Office
    folder: Path
    user_task_id: str = ""

    def begin(self, business_key: str = "EVI-1", unit_code: str = "2101") -> str:
        instance = self.office.start_of("evidence", business_key, unit_code)
        found = self.office.dispatcher.query(_open_user_task, instance)
        self.user_task_id = self.user_task_id or found
        return found

    def attach(
        self,
        reader: Reader,
        name: str = "佐证.pdf",
        content: bytes = PDF,
        *,
        user_task_id: str = "",
        field: str = "files",
    ):
        csrf = reader.get("/api/v1/session").json["csrf_token"]
        return reader.client.post(
            f"/api/v1/user-tasks/{user_task_id or self.user_task_id}/uploads",
            data={"field": field, "file": (io.BytesIO(content), name)},
            headers={**reader.headers, "X-CSRF-Token": csrf},
            content_type="multipart/form-data",
        )

    def fetch(self, reader: Reader, upload_id: str, user_task_id: str = ""):
        path = f"/api/v1/user-tasks/{user_task_id or self.user_task_id}/uploads/{upload_id}"
        return reader.client.get(path, headers=reader.headers, buffered=True)

    def complete(self, reader: Reader, row: dict[str, object], user_task_id: str = ""):
        csrf = reader.get("/api/v1/session").json["csrf_token"]
        return reader.client.post(
            f"/api/v1/user-tasks/{user_task_id or self.user_task_id}/complete",
            json={"submission": {"files": [row]}},
            headers={**reader.headers, "X-CSRF-Token": csrf},
        )


def _open_user_task(connection, root_id: str) -> str:
    return connection.exec_driver_sql(
        f"SELECT id FROM user_task WHERE root_id = '{root_id}' AND state = 'open'"
    ).scalar_one()


@pytest.fixture
def case(database_url: str, tmp_path: Path) -> Iterator[Case]:
    with open_office(database_url, tmp_path) as office:
        office.dispatcher.dispatch(DeployDefinitions(actor=DESIGNER, files={"evidence.bpmn": EVIDENCE}))
        made = Case(office, tmp_path / "uploads")
        made.begin()
        yield made


@pytest.fixture
def owner(case: Case) -> Reader:
    return case.office.reader("edu1.proj")


def code(answer) -> str:
    return answer.json["faults"][0]["code"] if answer.json.get("faults") else answer.json["code"]


def test_a_file_is_kept_under_a_random_name_and_handed_out_to_be_saved(case: Case, owner: Reader):
    attached = case.attach(owner, "../../etc/佐证 材料.pdf")
    assert attached.status_code == 201, attached.text
    assert (attached.json["name"], attached.json["size_bytes"]) == ("佐证 材料.pdf", len(PDF))
    assert attached.json["sha256"] == hashlib.sha256(PDF).hexdigest()

    (kept,) = case.folder.iterdir()
    assert len(kept.name) == 64 and kept.name != attached.json["sha256"] and kept.read_bytes() == PDF
    assert kept.stat().st_mode & 0o077 == 0 and case.folder.stat().st_mode & 0o077 == 0

    answer = case.fetch(owner, attached.json["upload"])
    assert answer.data == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert "filename*=UTF-8''%E4%BD%90%E8%AF%81%20%E6%9D%90%E6%96%99.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_the_form_keeps_what_the_file_is_whatever_was_submitted(case: Case, owner: Reader):
    upload = case.attach(owner).json["upload"]

    done = case.complete(owner, {"name": "佐证材料", "upload": upload, "sha256": "0" * 64, "size_bytes": 1})

    assert done.status_code == 200, done.text
    (document,) = owner.get(f"/api/v1/user-tasks/{case.user_task_id}").json["documents"]
    (row,) = document["content"]["files"]
    assert row == {
        "name": "佐证材料", "upload": upload, "sha256": hashlib.sha256(PDF).hexdigest(), "size_bytes": len(PDF)
    }  # fmt: skip


def test_a_file_that_is_not_there_is_a_fault_of_the_form(case: Case, owner: Reader):
    answer = case.complete(owner, {"name": "佐证", "upload": "01a0a2ca-e100-7043-a9ec-142ea109cded"})

    assert (answer.status_code, code(answer)) == (422, "unknown-upload")
    assert "请重新上传" in answer.json["faults"][0]["message"]


def test_before_it_is_filed_only_who_attached_a_file_gets_it(case: Case, owner: Reader):
    upload = case.attach(owner).json["upload"]

    assert case.fetch(owner, upload).status_code == 200
    for login in ("edu.perf", "edu1.head", "fin.perf", "audit.staff"):
        answer = case.fetch(case.office.reader(login), upload)
        assert (answer.status_code, answer.json["code"]) == (404, "upload-not-found"), login


#: Who sees the school's documents by data scope.
SEES = ("edu.perf", "edu.head", "edu1.head", "edu1.proj", "fin.perf", "fin.div1", "gov.lead", "audit.staff")
UNSEEN = ("health.head", "health.proj", "exp.a", "disc.recv", "designer", "admin")


def test_a_filed_file_has_the_rights_of_its_document(case: Case, owner: Reader):
    upload = case.attach(owner).json["upload"]
    case.complete(owner, {"name": "佐证", "upload": upload})

    for login in SEES:
        assert case.fetch(case.office.reader(login), upload).data == PDF, login
    for login in UNSEEN:
        assert case.fetch(case.office.reader(login), upload).status_code == 404, login


def test_the_next_step_of_the_case_gets_it_and_another_case_does_not(case: Case, owner: Reader):
    upload = case.attach(owner).json["upload"]
    case.complete(owner, {"name": "佐证", "upload": upload})
    reviewer = case.office.reader("edu.perf")
    (look,) = reviewer.get("/api/v1/user-tasks?list=claimable").json["items"]
    assert case.fetch(reviewer, upload, look["id"]).data == PDF

    other = case.begin("EVI-2")
    assert case.complete(owner, {"name": "别处的", "upload": upload}, other).status_code == 200
    assert case.fetch(owner, upload, other).status_code == 404


def test_files_are_attached_by_who_fills_in_at_a_field_for_files(case: Case, owner: Reader):
    refused = case.attach(owner, field="remark")
    assert (refused.status_code, refused.json["code"]) == (403, "not-to-be-attached")
    assert case.attach(case.office.reader("edu.perf")).status_code == 403
    assert case.attach(case.office.reader("health.proj")).status_code == 404
    assert case.attach(case.office.reader("admin")).status_code == 404
    case.complete(owner, {"name": "纸质材料", "document_no": "教字〔2026〕1号"})
    assert case.attach(owner).status_code == 403  # it is closed
    assert not case.folder.exists() or list(case.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.svg", b"<svg/>", "upload-type"),
        ("a.pdf", PNG, "upload-content"),
        ("a.pdf", b"", "upload-empty"),
        ("a.pdf", PDF[:-6] + b" " * LIMITS.largest + b"%%EOF\n", "upload-too-large"),
        ("../..", PDF, "upload-name"),
        ("x" * 201 + ".pdf", PDF, "upload-name"),
    ],
)
def test_what_is_not_taken_in_leaves_nothing_behind(
    case: Case, owner: Reader, name: str, content: bytes, expected: str
):
    answer = case.attach(owner, name, content)

    assert (answer.status_code, code(answer)) == (422, expected)
    assert not case.folder.exists() or list(case.folder.iterdir()) == []


def test_number_and_bytes_of_a_user_task_are_limited(case: Case, owner: Reader):
    large = PDF[:-6] + b" " * (LIMITS.largest - len(PDF)) + b"%%EOF\n"
    answers = [case.attach(owner, f"{number}.pdf", large) for number in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 422]
    assert code(answers[-1]) == "upload-quota"

    small = [case.attach(owner, f"{number}.png", PNG) for number in range(3)]
    assert [answer.status_code for answer in small] == [201, 201, 422]
    assert code(small[-1]) == "upload-too-many"
    assert len(list(case.folder.iterdir())) == 5


def desk(case: Case, *, limits: UploadLimits = LIMITS, scanner: str = "") -> UploadDesk:
    return make_uploads(case.office.district, case.folder.parent, limits=limits, scanner=scanner)


def test_a_file_that_only_stands_apart_from_the_draft_is_kept(case: Case, owner: Reader):
    uploads = [case.attach(owner, f"{name}.pdf").json["upload"] for name in "ab"]
    me = Actor(tenant_id="default", user_id="edu1.proj", groups=frozenset({"project_owner@2101"}))
    for window, upload in zip("AB", uploads, strict=True):
        content = {"files": [{"name": "佐证", "upload": upload}]}
        command = SaveDraft(
            actor=me, user_task_id=case.user_task_id, content=content, builds_on=0, written_in=window
        )
        case.office.dispatcher.dispatch(command)
    case.office.clock.move_to(case.office.clock.now() + timedelta(days=1, seconds=1))

    assert desk(case).sweep() == 0

    assert [case.fetch(owner, upload).status_code for upload in uploads] == [200, 200]


def test_a_draft_keeps_its_files_and_what_nothing_names_goes_after_a_day(case: Case, owner: Reader):
    filed, drafted, forgotten = (case.attach(owner, f"{name}.pdf").json["upload"] for name in "abc")
    second = case.begin("EVI-2")
    in_draft = case.attach(owner, user_task_id=second).json["upload"]
    me = Actor(tenant_id="default", user_id="edu1.proj", groups=frozenset({"project_owner@2101"}))
    for user_task_id, upload in ((case.user_task_id, drafted), (second, in_draft)):
        content = {"files": [{"name": "草稿", "upload": upload}]}
        case.office.dispatcher.dispatch(SaveDraft(actor=me, user_task_id=user_task_id, content=content))
    case.complete(owner, {"name": "佐证", "upload": filed})

    assert desk(case).sweep() == 0
    case.office.clock.move_to(case.office.clock.now() + timedelta(days=1, seconds=1))
    # submitting takes the draft with it, so what only that draft named goes, too
    assert desk(case).sweep() == 2

    left = {name for name in (filed, drafted, forgotten) if case.fetch(owner, name).status_code == 200}
    assert left == {filed}
    assert case.fetch(owner, in_draft, second).status_code == 200
    assert len(list(case.folder.iterdir())) == 2
    assert desk(case).sweep() == 0


def test_bytes_without_a_row_go_after_a_day(case: Case, owner: Reader):
    case.attach(owner)
    old, fresh = case.folder / ".incoming-old", case.folder / ".incoming-new"
    for each in (old, fresh):
        each.write_bytes(b"x")
    os.utime(old, (0, 0))

    assert desk(case).sweep() == 1

    assert not old.exists() and fresh.exists()


@pytest.mark.parametrize(("status", "expected"), [(0, None), (1, "upload-infected"), (2, "upload-not-scanned")])
def test_a_scanner_has_the_last_word(case: Case, tmp_path: Path, status: int, expected: str | None):
    scanner = tmp_path / "scan"
    scanner.write_text(f"#!/bin/sh\ntest -s \"$2\" || exit 9\nexit {status}\n")
    scanner.chmod(0o700)
    me = Actor(tenant_id="default", user_id="edu1.proj", groups=frozenset({"project_owner@2101"}))
    forms = case.office.dispatcher.collaborators.forms
    scanned = desk(case, scanner=f"{scanner} --quiet")

    if expected is None:
        assert scanned.take(me, case.user_task_id, "files", forms, "a.pdf", io.BytesIO(PDF)).size_bytes == len(PDF)
        return
    with pytest.raises(UploadRefused) as refusal:
        scanned.take(me, case.user_task_id, "files", forms, "a.pdf", io.BytesIO(PDF))
    assert refusal.value.faults[0]["code"] == expected
    assert list(case.folder.iterdir()) == []


def test_a_scanner_that_is_not_there_passes_nothing(case: Case):
    me = Actor(tenant_id="default", user_id="edu1.proj", groups=frozenset({"project_owner@2101"}))
    forms = case.office.dispatcher.collaborators.forms

    with pytest.raises(UploadRefused, match="does not answer"):
        desk(case, scanner="/no/such/scanner").take(me, case.user_task_id, "files", forms, "a.pdf", io.BytesIO(PDF))


def test_the_page_links_the_file_and_keeps_it_in_the_draft(case: Case, owner: Reader):
    upload = case.attach(owner).json["upload"]
    path = f"/user-tasks/{case.user_task_id}"
    owner.post(f"{path}/draft", files__0__name="佐证", files__0__upload=upload)

    page = owner.get(path).text

    assert f'href="{path}/uploads/{upload}" download' in page
    assert f'<input type="hidden" name="files/0/upload" value="{upload}">' in page
    assert owner.client.get(f"{path}/uploads/{upload}", buffered=True).data == PDF


def test_a_refusal_is_told_to_the_page_in_its_language(case: Case, owner: Reader):
    csrf = owner.get("/api/v1/session").json["csrf_token"]
    answer = owner.client.post(
        f"/user-tasks/{case.user_task_id}/uploads",
        data={"field": "files", "file": (io.BytesIO(b"<svg/>"), "图.svg")},
        headers={**owner.headers, "X-CSRF-Token": csrf},
    )

    assert answer.status_code == 422
    assert json.loads(answer.text)["refused"].startswith("“图.svg”的类型不在允许之列")


def test_a_file_in_a_draft_that_outlived_its_step_is_there_when_the_work_is_back(case: Case, owner: Reader):
    upload = case.attach(owner).json["upload"]
    case.complete(owner, {"name": "佐证", "upload": upload})
    reviewer = case.office.reader("edu.perf")
    (look,) = reviewer.get("/api/v1/user-tasks?list=claimable").json["items"]
    csrf = reviewer.get("/api/v1/session").json["csrf_token"]
    back = reviewer.client.post(
        f"/api/v1/user-tasks/{look['id']}/return",
        json={"element_id": "file", "comment": "请补充材料"},
        headers={**reviewer.headers, "X-CSRF-Token": csrf},
    )
    assert back.status_code == 200, back.text
    (again,) = owner.get("/api/v1/user-tasks").json["items"]

    assert case.fetch(owner, upload, again["id"]).data == PDF
    assert f'/user-tasks/{again["id"]}/uploads/{upload}" download' in owner.get(f"/user-tasks/{again['id']}").text
    assert case.complete(owner, {"name": "佐证", "upload": upload}, again["id"]).status_code == 200


def test_files_of_a_draft_go_along_when_the_work_is_transferred(case: Case, owner: Reader):
    kept, dropped = (case.attach(owner, f"{name}.pdf").json["upload"] for name in "ab")
    row, head = {"name": "佐证", "upload": kept}, case.office.reader("edu1.head")
    me = Actor(tenant_id="default", user_id="edu1.proj", groups=frozenset({"project_owner@2101"}))
    case.office.dispatcher.dispatch(SaveDraft(actor=me, user_task_id=case.user_task_id, content={"files": [row]}))
    owner.post(f"/user-tasks/{case.user_task_id}/claim")
    assert case.fetch(head, kept).status_code == 404

    head.post(f"/user-tasks/{case.user_task_id}/transfer", to="edu1.head", reason="出差")

    assert case.fetch(head, kept).data == PDF
    assert case.fetch(owner, kept).data == PDF
    # only what the draft names, and only to who goes on from it
    assert case.fetch(head, dropped).status_code == 404
    assert case.fetch(case.office.reader("edu.perf"), kept).status_code == 404
    assert case.complete(head, row).status_code == 200
