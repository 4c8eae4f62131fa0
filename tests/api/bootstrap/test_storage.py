"""What is wrong with folder or database is a refusal; what is a fault of the house stays one."""

from __future__ import annotations

import errno
import os

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from api.bootstrap.storage import DatabaseFull, storage_told
from api.settings import VarDirUnusable, load_settings
from engine.store.database import open_database


@pytest.fixture
def settings(tmp_path):
    return load_settings({"var_dir": tmp_path}, {})


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_disk_that_takes_nothing_is_told(settings, number):
    with pytest.raises(VarDirUnusable, match=os.strerror(number)), storage_told(settings):
        raise OSError(number, os.strerror(number))


def test_a_file_of_the_folder_that_may_not_be_read_is_told(settings, tmp_path):
    with pytest.raises(VarDirUnusable, match="Permission denied"), storage_told(settings):
        raise PermissionError(errno.EACCES, "Permission denied", str(tmp_path / "uploads" / "x"))


def test_another_file_is_not_taken_for_the_folder(settings):
    with pytest.raises(FileNotFoundError), storage_told(settings):
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "/elsewhere")


def test_a_database_without_room_is_told(settings):
    database = open_database(settings.database)
    full = pytest.raises(DatabaseFull, match="database or disk is full")
    with full, storage_told(settings), database.begin() as connection:
        connection.execute(text("PRAGMA max_page_count = 2"))
        connection.execute(text("CREATE TABLE big AS SELECT zeroblob(100000) AS filling"))
    database.dispose()


def test_a_statement_that_is_wrong_stays_an_error_of_the_house(settings):
    database = open_database(settings.database)
    wrong = pytest.raises(OperationalError, match="no such table")
    with wrong, storage_told(settings), database.connect() as connection:
        connection.execute(text("SELECT * FROM missing"))
    database.dispose()
