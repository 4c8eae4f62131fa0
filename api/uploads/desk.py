"""Takes files in, hands them out, and clears away what nothing names."""

from __future__ import annotations

import hashlib
import os
import secrets
import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine

from api.uploads.contents import BLOCK, Unfit, UploadLimits, file_type_of
from engine.model.actor import Actor
from engine.model.clock import Clock, SystemClock
from engine.model.errors import Fault, Invalid, NotFound, NotPermitted
from engine.model.identifiers import Uuid7Source
from engine.model.upload import Upload
from engine.queries import UserTaskDetail, user_task_detail
from engine.store import uploads
from engine.store.database import read_transaction, write_transaction
from forms.form import Widget

#: What no document and no draft names goes after so long.
UNNAMED_KEPT = timedelta(days=1)
#: Longest name of a file.
LONGEST_NAME = 200
#: A scanner that has not answered by then has not passed the file.
SCAN_SECONDS = 60


class UploadRefused(Invalid):
    """A file is not taken in; its fault says why."""

    code = "upload-refused"


class UploadNotFound(NotFound):
    """There is no such file, or nothing that the actor may see names it."""

    code = "upload-not-found"


class NotToBeAttached(NotPermitted):
    """Files are attached by who may complete the user task, at a field of its form that is for files."""

    code = "not-to-be-attached"


class UploadDesk:
    """All files of one installation, in a folder that nobody else serves from."""

    def __init__(
        self,
        database: Engine,
        folder: Path,
        limits: UploadLimits,
        clock: Clock,
        ids: Uuid7Source,
        tenant_id: str,
        scanner: str = "",
    ) -> None:
        """`scanner`: a command that gets the path of a file and ends with 0 where it is clean, 1 where it is not."""
        self.limits = limits
        self._database = database
        self._folder = folder
        self._clock = clock
        self._ids = ids
        self._tenant_id = tenant_id
        self._scanner = shlex.split(scanner)

    def take(self, actor: Actor, user_task_id: str, field: str, forms: Any, name: str, content: BinaryIO) -> Upload:
        """Take in one file.

        Raises:
            NotFound: the user task is out of sight.
            NotToBeAttached: it is not the actor's to fill in, or the field is for no files.
            UploadRefused: name, type, content, size or number do not fit.
        """
        with read_transaction(self._database) as connection:
            document_key = self._must_attach(connection, actor, user_task_id, field, forms)
        called = _sound_name(name)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, spooled = tempfile.mkstemp(dir=self._folder, prefix=".incoming-")
        path = Path(spooled)
        try:
            with os.fdopen(handle, "wb") as file:
                size, digest = self._spool(content, file)
            media_type = self._must_fit(path, called)
            added = Upload(
                id=self._ids.make(self._clock.now()),
                user_task_id=user_task_id,
                document_key=document_key,
                name=called,
                media_type=media_type,
                size_bytes=size,
                sha256=digest,
                stored_as=secrets.token_hex(32),
                uploaded_by=actor.user_id,
                uploaded_at=self._clock.now(),
            )
            self._keep(path, added)
        finally:
            path.unlink(missing_ok=True)
        return added

    def hand_out(self, actor: Actor, user_task_id: str, upload_id: str) -> tuple[Upload, Path]:
        """A file with its bytes: to who attached it in this case, who sees a document of it that names it, and who
        was transferred the draft that names it.

        Raises:
            NotFound: the user task is out of sight.
            UploadNotFound: nothing that the actor sees there names such a file.
        """
        with read_transaction(self._database) as connection:
            detail = user_task_detail(connection, actor, user_task_id)
            found = uploads.read_upload(connection, self._tenant_id, upload_id)
        if found is not None and found.document_key == detail.user_task.document_key:
            is_own = found.uploaded_by == actor.user_id or _came_along(detail, actor, found)
            path = self._folder / found.stored_as
            if (is_own or any(_names(each.content, upload_id) for each in detail.documents)) and path.is_file():
                return found, path
        raise UploadNotFound(f"Expected an attached file {upload_id!r}, but found none.", upload_id=upload_id)

    def facts(self, upload_id: str) -> Mapping[str, Any] | None:
        """What a form keeps of a file, whatever was submitted; None if there is none."""
        with read_transaction(self._database) as connection:
            found = uploads.read_upload(connection, self._tenant_id, upload_id)
        if found is None:
            return None
        return {"sha256": found.sha256, "size_bytes": Decimal(found.size_bytes), "file_name": found.name}

    def sweep(self) -> int:
        """Clear away files that nothing names a day after they came, and bytes without a row. Returns how many."""
        before = self._clock.now() - UNNAMED_KEPT
        with write_transaction(self._database) as connection:
            swept = uploads.sweep_rows(connection, uploaded_before=before)
        for name in swept:
            (self._folder / name).unlink(missing_ok=True)
        return len(swept) + self._sweep_strays()

    def _sweep_strays(self) -> int:
        """Bytes whose row was never committed: a process was killed between the two."""
        if not self._folder.is_dir():
            return 0
        with read_transaction(self._database) as connection:
            known = uploads.stored_names(connection)
        # by the clock of the machine, as the times of files are
        old = SystemClock().now().timestamp() - UNNAMED_KEPT.total_seconds()
        strays = [each for each in self._folder.iterdir() if each.name not in known and each.stat().st_mtime < old]
        for each in strays:
            each.unlink(missing_ok=True)
        return len(strays)

    def _must_attach(self, connection: Connection, actor: Actor, user_task_id: str, field: str, forms: Any) -> str:
        detail = user_task_detail(connection, actor, user_task_id)
        user_task = detail.user_task
        fields = forms.form(user_task.form_key).fields if user_task.form_key is not None else ()
        if not detail.may_complete or field not in {each.name for each in fields if each.widget is Widget.FILES}:
            raise NotToBeAttached(
                f"Expected {actor.user_id} to fill in the files field {field!r} of user task {user_task.element_id!r} "
                f"({user_task_id}), but that is not so.",
                user_task_id=user_task_id,
                field=field,
            )
        return user_task.document_key

    def _spool(self, content: BinaryIO, file: BinaryIO) -> tuple[int, str]:
        size, digest = 0, hashlib.sha256()
        while block := content.read(BLOCK):
            size += len(block)
            if size > self.limits.largest:
                raise _refused("upload-too-large", "Expected at most {limit} bytes.", limit=self.limits.largest)
            digest.update(block)
            file.write(block)
        if size == 0:
            raise _refused("upload-empty", "Expected a file with something in it.")
        file.flush()
        os.fsync(file.fileno())
        return size, digest.hexdigest()

    def _must_fit(self, path: Path, name: str) -> str:
        try:
            found = file_type_of(name)
            found.check(path, self.limits.largest)
        except Unfit as error:
            raise _refused(error.code, _SENTENCES[error.code], name=name) from error
        self._must_be_clean(path, name)
        return found.media_type

    def _must_be_clean(self, path: Path, name: str) -> None:
        if not self._scanner:
            return
        try:
            done = subprocess.run([*self._scanner, str(path)], capture_output=True, timeout=SCAN_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise _refused("upload-not-scanned", "The scanner of files does not answer.", name=name) from error
        if done.returncode == 1:
            raise _refused("upload-infected", "The scanner of files refuses {name}.", name=name)
        if done.returncode != 0:
            raise _refused("upload-not-scanned", "The scanner of files does not answer.", name=name)

    def _keep(self, path: Path, added: Upload) -> None:
        """Bytes first, then the row: what a crash leaves behind is a stray, never a row without bytes."""
        kept = self._folder / added.stored_as
        path.rename(kept)
        try:
            with write_transaction(self._database) as connection:
                count, together = uploads.attached(connection, self._tenant_id, added.user_task_id)
                if count >= self.limits.files:
                    raise _refused("upload-too-many", "Expected at most {limit} files.", limit=self.limits.files)
                if together + added.size_bytes > self.limits.together:
                    raise _refused(
                        "upload-quota", "Expected at most {limit} bytes together.", limit=self.limits.together
                    )
                uploads.add_upload(connection, self._tenant_id, added)
        except BaseException:
            kept.unlink(missing_ok=True)
            raise


_SENTENCES: Mapping[str, str] = {
    "upload-type": "Expected a file of a type that is taken in, but found {name!r}.",
    "upload-content": "Expected {name!r} to be what its name says, and nothing else beside, but it is not.",
    "upload-unpacks-too-large": "Expected {name!r} not to unpack to a multiple of its size, but it does.",
}


def _refused(code: str, sentence: str, **facts: Any) -> UploadRefused:
    message = sentence.format(**facts)
    return UploadRefused(message, (Fault(code, message, "file", **facts),))


def _sound_name(name: str) -> str:
    """The last part of what a browser calls the file; raises UploadRefused where that is no name."""
    called = "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip(" .")
    if not called or len(called) > LONGEST_NAME:
        raise _refused("upload-name", "Expected a name of 1 to {limit} printable characters.", limit=LONGEST_NAME)
    return called


def _came_along(detail: UserTaskDetail, actor: Actor, found: Upload) -> bool:
    """Whether the actor goes on from a draft with the file, which somebody attached before the work was transferred."""
    draft = detail.draft_at_hand
    with_draft = [each for each in detail.transfers if each.with_draft]
    was_given = any(each.to_user == actor.user_id for each in with_draft)
    if draft is None or not was_given or found.uploaded_by not in [each.from_user for each in with_draft]:
        return False
    return any(_names(each, found.id) for each in (draft.content, *(apart.content for apart in draft.apart)))


def _names(content: Any, upload_id: str) -> bool:
    """Whether a document names a file in one of its rows."""
    if isinstance(content, Mapping):
        return content.get("upload") == upload_id or any(_names(each, upload_id) for each in content.values())
    return isinstance(content, list) and any(_names(each, upload_id) for each in content)


