"""Settings: option beats variable beats default; every fault at once; a secret that is made once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from api.settings import UnsoundSettings, load_settings


def test_an_option_beats_a_variable_and_a_variable_beats_the_default(tmp_path):
    environment = {"BIHUAN_VAR_DIR": str(tmp_path), "BIHUAN_PORT": "9000", "BIHUAN_HOST": "0.0.0.0"}

    settings = load_settings({"port": 9001, "host": None}, environment)

    assert (settings.port, settings.host, settings.language) == (9001, "0.0.0.0", "zh")


def test_the_database_lies_in_the_var_folder_unless_an_address_is_given(tmp_path):
    default = load_settings({"var_dir": tmp_path}, {})
    given = load_settings({"var_dir": tmp_path}, {"BIHUAN_DATABASE_URL": "postgresql+psycopg:///bihuan"})

    assert default.database == f"sqlite:///{tmp_path}/bihuan.sqlite3"
    assert given.database == "postgresql+psycopg:///bihuan"


def test_all_faults_of_the_settings_are_told_at_once(tmp_path):
    environment = {
        "BIHUAN_VAR_DIR": str(tmp_path),
        "BIHUAN_PORT": "http",
        "BIHUAN_LANGUAGE": "fr",
        "BIHUAN_HTTPS": "perhaps",
        "BIHUAN_SESSION_IDLE": "5",
        "BIHUAN_SECRET_KEY": "too short",
    }

    with pytest.raises(UnsoundSettings) as refusal:
        load_settings(None, environment)

    assert refusal.value.message == (
        "Expected a whole number from 0 to 65535 for port, but found 'http'. "
        "Expected zh or en for language, but found 'fr'. "
        "Expected yes or no for https, but found 'perhaps'. "
        "Expected seconds from 60 to 31622400 for session_idle, but found '5'. "
        "Expected at least 32 characters for secret_key, but found 9."
    )


def test_times_are_given_in_seconds(tmp_path):
    settings = load_settings(None, {"BIHUAN_VAR_DIR": str(tmp_path), "BIHUAN_SESSION_IDLE": "600"})

    assert settings.session_idle == timedelta(minutes=10)


def test_the_secret_is_made_once_for_its_owner_only(tmp_path):
    first = load_settings({"var_dir": tmp_path}, {})
    second = load_settings({"var_dir": tmp_path}, {})

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_processes_that_start_together_agree_on_the_secret(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: load_settings({"var_dir": tmp_path}, {}).secret_key, range(24)))

    assert len(secrets) == 1


def test_a_secret_that_others_can_read_is_refused(tmp_path):
    load_settings({"var_dir": tmp_path}, {})
    (tmp_path / "secret.key").chmod(0o644)

    with pytest.raises(UnsoundSettings, match=r"Expected only the owner to be able to read .*; run: chmod 600"):
        load_settings({"var_dir": tmp_path}, {})


def test_the_secret_is_not_shown_with_the_settings(tmp_path):
    settings = load_settings({"var_dir": tmp_path}, {})

    assert settings.secret_key not in repr(settings)


def test_the_var_folder_is_made_for_its_owner_only(tmp_path):
    load_settings({"var_dir": tmp_path / "new"}, {})

    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
