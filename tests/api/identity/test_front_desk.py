"""Logging in and out: sessions that end, tokens that are shown once, tries that are counted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from api.identity.front_desk import FrontDesk
from api.identity.organisation import close_account
from api.identity.passwords import Passwords
from api.identity.refusals import (
    EngineError,
    SignInFailed,
    TokenNotFound,
    TooManyAttempts,
    UserNotFound,
    WeakPassword,
)
from api.identity.tables import api_token, login_attempt, login_session, user_account
from engine.model.clock import FixedClock
from engine.store.database import read_transaction, write_transaction
from tests.api.district import CATALOGUE, NOW, PASSWORD, RULES, TENANT

HERE = "192.0.2.7"


def test_who_logs_in_is_recognised_with_rights_and_language(district):
    desk = district.front_desk
    visitor = desk.by_session(desk.sign_in("edu.perf", PASSWORD, HERE))

    assert visitor.person.title == "教育局绩效经办"
    assert visitor.actor.groups == {"dept_perf@21"}
    assert visitor.actor.visible_units == {"21", "2101", "2102"}


def test_the_login_key_is_read_without_regard_to_case_and_spaces(district):
    desk = district.front_desk
    assert desk.by_session(desk.sign_in(" Edu.Perf ", PASSWORD, HERE)).actor.user_id == "edu.perf"


@pytest.mark.parametrize(
    ("account", "password"),
    [("edu.perf", "wrong password"), ("nobody.here", PASSWORD), ("", ""), ("edu.perf", ""), ("x\0y", "\ud800")],
)
def test_wrong_account_and_wrong_password_get_the_same_answer(district, account, password):
    with pytest.raises(SignInFailed) as refusal:
        district.front_desk.sign_in(account, password, HERE)

    assert (refusal.value.message, refusal.value.facts) == (
        "Expected an account and its password, but found another pair.",
        {},
    )


def test_an_unknown_account_costs_as_many_hash_checks_as_a_known_one(small_district):
    class Counting(PasswordHasher):
        """Counts how often it was asked to verify."""

        checks = 0

        def verify(self, *arguments):
            Counting.checks += 1
            return super().verify(*arguments)

    hasher = Counting(time_cost=1, memory_cost=8, parallelism=1)
    passwords = Passwords(hasher)
    stored = passwords.hash(PASSWORD)
    assert (passwords.fits(stored, "wrong"), Counting.checks) == (False, 1)
    assert (passwords.fits(None, "wrong"), Counting.checks) == (False, 2)


def test_passwords_are_kept_as_argon2id_with_the_second_profile_of_rfc_9106():
    assert Passwords().hash(PASSWORD).startswith("$argon2id$v=19$m=65536,t=3,p=4$")


def test_a_hash_made_with_lower_costs_is_renewed_at_login(small_district):
    stronger = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)
    clock = FixedClock(NOW)
    desk = FrontDesk(
        small_district.database, RULES, CATALOGUE, small_district.directories, Passwords(stronger), clock, clock
    )
    desk.sign_in("edu.perf", PASSWORD, HERE)

    with read_transaction(small_district.database) as connection:
        stored = connection.scalar(select(user_account.c.password_hash).where(user_account.c.user_id == "edu.perf"))
    assert "m=16,t=2" in stored


def test_the_sixth_try_is_refused_whatever_its_password(district):
    desk = district.front_desk
    for _ in range(5):
        with pytest.raises(SignInFailed):
            desk.sign_in("edu.perf", "wrong password", HERE)

    with pytest.raises(TooManyAttempts) as refusal:
        desk.sign_in("edu.perf", PASSWORD, "198.51.100.9")

    assert refusal.value.retry_after_seconds == 15 * 60


def test_the_count_outlives_the_process(district):
    for _ in range(5):
        with pytest.raises(SignInFailed):
            district.front_desk.sign_in("edu.perf", "wrong password", HERE)
    clock = district.wall_clock
    restarted = FrontDesk(district.database, RULES, CATALOGUE, district.directories, Passwords(), district.clock, clock)

    with pytest.raises(TooManyAttempts):
        restarted.sign_in("edu.perf", PASSWORD, HERE)


def test_a_refused_account_may_try_again_when_the_oldest_failure_has_left_the_window(district):
    desk = district.front_desk
    for minute in range(5):
        district.wall_clock.move_to(NOW + timedelta(minutes=minute))
        with pytest.raises(SignInFailed):
            desk.sign_in("edu.perf", "wrong password", HERE)
    district.wall_clock.move_to(NOW + timedelta(minutes=14, seconds=59))
    with pytest.raises(TooManyAttempts) as refusal:
        desk.sign_in("edu.perf", PASSWORD, HERE)
    assert refusal.value.retry_after_seconds == 1

    district.wall_clock.move_to(NOW + timedelta(minutes=15))
    assert desk.by_session(desk.sign_in("edu.perf", PASSWORD, HERE)) is not None


def test_a_success_clears_the_account_but_not_the_address(small_district):
    desk = small_district.front_desk
    for _round in range(6):
        for _ in range(4):
            small_district.wall_clock.move_to(small_district.wall_clock.now() + timedelta(seconds=1))
            with pytest.raises(SignInFailed):
                desk.sign_in("edu.perf", "wrong password", HERE)
        small_district.wall_clock.move_to(small_district.wall_clock.now() + timedelta(seconds=1))
        desk.sign_in("edu.perf", PASSWORD, HERE)
    for number in range(6):
        with pytest.raises(SignInFailed):
            desk.sign_in(f"guess{number}", "wrong password", HERE)

    with pytest.raises(TooManyAttempts):
        desk.sign_in("edu.head", PASSWORD, HERE)
    assert desk.by_session(desk.sign_in("edu.head", PASSWORD, "198.51.100.9")) is not None


def test_addresses_of_one_ipv6_network_count_as_one(small_district):
    desk = small_district.front_desk
    for number in range(30):
        with pytest.raises(SignInFailed):
            desk.sign_in(f"guess{number}", "wrong password", f"2001:db8::{number:x}")

    with pytest.raises(TooManyAttempts):
        desk.sign_in("edu.perf", PASSWORD, "2001:db8::ffff")


def test_tries_that_arrive_together_cannot_slip_past_the_count(district):
    def attempt(_number: int) -> str:
        try:
            district.front_desk.sign_in("edu.perf", "wrong password", HERE)
        except EngineError as refusal:
            return refusal.code
        return "in"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, range(24)))

    assert answers.count("sign-in-failed") <= 5
    assert set(answers) <= {"sign-in-failed", "too-many-attempts"}


def test_what_was_typed_as_account_is_not_readable_in_the_list_of_attempts(small_district):
    with pytest.raises(SignInFailed):
        small_district.front_desk.sign_in("my secret password", "edu.perf", HERE)

    with read_transaction(small_district.database) as connection:
        (row,) = connection.execute(select(login_attempt)).all()
    assert "my secret" not in str(row)
    assert (row.outcome, row.address) == ("failed", HERE)


def test_a_session_ends_when_it_is_not_used_for_half_an_hour(district):
    desk = district.front_desk
    session = desk.sign_in("edu.perf", PASSWORD, HERE)
    for minutes in (29, 58):
        district.wall_clock.move_to(NOW + timedelta(minutes=minutes))
        assert desk.by_session(session) is not None
    district.wall_clock.move_to(NOW + timedelta(minutes=88))

    assert desk.by_session(session) is None


def test_a_session_ends_after_twelve_hours_however_busy(district):
    desk = district.front_desk
    session = desk.sign_in("edu.perf", PASSWORD, HERE)
    for minutes in range(0, 12 * 60, 20):
        district.wall_clock.move_to(NOW + timedelta(minutes=minutes))
        assert desk.by_session(session) is not None
    district.wall_clock.move_to(NOW + timedelta(hours=12))

    assert desk.by_session(session) is None


def test_the_day_of_the_demonstration_does_not_end_a_session(small_district):
    desk = small_district.front_desk
    session = desk.sign_in("edu.perf", PASSWORD, HERE)
    small_district.clock.move_to(NOW + timedelta(days=100))

    assert desk.by_session(session) is not None


def test_logging_in_again_ends_the_earlier_session(district):
    desk = district.front_desk
    earlier = desk.sign_in("edu.perf", PASSWORD, HERE)
    later = desk.sign_in("edu.perf", PASSWORD, HERE, earlier_session=earlier)

    assert (desk.by_session(earlier), desk.by_session(later) is not None) == (None, True)


def test_logging_out_ends_the_session_on_the_server(district):
    desk = district.front_desk
    session = desk.sign_in("edu.perf", PASSWORD, HERE)
    desk.sign_out(session)

    assert desk.by_session(session) is None


def test_the_table_of_sessions_does_not_hold_what_the_cookie_holds(small_district):
    session = small_district.front_desk.sign_in("edu.perf", PASSWORD, HERE)

    with read_transaction(small_district.database) as connection:
        (row,) = connection.execute(select(login_session)).all()
    assert session not in str(row)


def test_forms_of_two_sessions_carry_different_tokens(small_district):
    desk = small_district.front_desk
    tokens = {desk.by_session(desk.sign_in("edu.perf", PASSWORD, HERE)).csrf_token for _ in range(2)}

    assert len(tokens) == 2


def test_a_closed_account_is_out_at_once_and_cannot_come_back(district):
    desk = district.front_desk
    session = desk.sign_in("edu.perf", PASSWORD, HERE)
    text, _ = desk.issue_token("edu.perf", PASSWORD, HERE, "night run", timedelta(days=1))
    with write_transaction(district.database) as connection:
        close_account(connection, TENANT, "edu.perf")

    assert (desk.by_session(session), desk.by_token(text)) == (None, None)
    with pytest.raises(SignInFailed):
        desk.sign_in("edu.perf", PASSWORD, HERE)


def test_a_new_password_ends_sessions_and_tokens(district):
    desk = district.front_desk
    session = desk.sign_in("edu.perf", PASSWORD, HERE)
    text, _ = desk.issue_token("edu.perf", PASSWORD, HERE, "night run", timedelta(days=1))
    desk.set_password("edu.perf", "a better horse battery")

    assert (desk.by_session(session), desk.by_token(text)) == (None, None)
    assert desk.by_session(desk.sign_in("edu.perf", "a better horse battery", HERE)) is not None


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("short", ["password-length"]),
        ("my name is EDU.PERF", ["password-holds-name"]),
        ("edu.perf", ["password-length", "password-holds-name"]),
        ("x" * 201, ["password-length"]),
    ],
)
def test_a_password_that_can_be_guessed_is_refused_with_every_reason(small_district, password, codes):
    with pytest.raises(WeakPassword) as refusal:
        small_district.front_desk.set_password("edu.perf", password)

    assert [fault["code"] for fault in refusal.value.faults] == codes


def test_a_password_for_nobody_is_refused(small_district):
    with pytest.raises(UserNotFound):
        small_district.front_desk.set_password("nobody.here", PASSWORD)


def test_a_token_is_shown_once_and_kept_as_a_digest(small_district):
    desk = small_district.front_desk
    text, token = desk.issue_token("edu.perf", PASSWORD, HERE, "night run", timedelta(days=1))

    assert text.startswith("bihuan_")
    assert desk.by_token(text).actor.user_id == "edu.perf"
    assert desk.by_token(text).csrf_token is None
    with read_transaction(small_district.database) as connection:
        assert text not in str(connection.execute(select(api_token)).all())
    assert token.expires_at == NOW + timedelta(days=1)


def test_a_token_lives_at_most_as_long_as_the_rules_allow(small_district):
    _, token = small_district.front_desk.issue_token("edu.perf", PASSWORD, HERE, "forever", timedelta(days=9999))

    assert token.expires_at == NOW + timedelta(days=365)


def test_a_token_ends_by_time_and_by_hand(district):
    desk = district.front_desk
    texts = [desk.issue_token("edu.perf", PASSWORD, HERE, "x", timedelta(days=1)) for _ in range(2)]
    visitor = desk.by_token(texts[0][0])
    desk.revoke_token(visitor, texts[0][1].id)
    assert desk.by_token(texts[0][0]) is None

    district.wall_clock.move_to(NOW + timedelta(days=1))
    assert desk.by_token(texts[1][0]) is None


def test_nobody_revokes_the_token_of_another(district):
    desk = district.front_desk
    text, token = desk.issue_token("edu.perf", PASSWORD, HERE, "x", timedelta(days=1))
    other = desk.by_session(desk.sign_in("edu.head", PASSWORD, HERE))

    with pytest.raises(TokenNotFound):
        desk.revoke_token(other, token.id)
    assert desk.by_token(text) is not None
    assert [each.id for each in desk.tokens_of(desk.by_token(text))] == [token.id]


def test_guessing_at_the_token_door_counts_like_guessing_at_the_login(small_district):
    desk = small_district.front_desk
    for _ in range(5):
        with pytest.raises(SignInFailed):
            desk.issue_token("edu.perf", "wrong password", HERE, "x", timedelta(days=1))

    with pytest.raises(TooManyAttempts):
        desk.sign_in("edu.perf", PASSWORD, HERE)


def test_the_chosen_language_is_remembered(district):
    desk = district.front_desk
    session = desk.sign_in("edu.perf", PASSWORD, HERE)
    desk.choose_language(desk.by_session(session), "en")

    assert desk.by_session(session).person.language == "en"


def test_old_sessions_and_attempts_are_forgotten_after_thirty_days(small_district):
    desk = small_district.front_desk
    desk.sign_in("edu.perf", PASSWORD, HERE)
    counts = []
    for days in (30, 31):
        small_district.wall_clock.move_to(NOW + timedelta(days=days))
        desk.forget_old()
        with read_transaction(small_district.database) as connection:
            counts.append([len(connection.execute(select(table)).all()) for table in (login_session, login_attempt)])

    assert counts == [[1, 1], [0, 0]]


def test_a_page_costs_one_statement_to_recognise_its_reader(district, counted):
    desk = district.front_desk
    session = desk.sign_in("edu.perf", PASSWORD, HERE)
    desk.by_session(session)
    with counted(district.database) as statements:
        desk.by_session(session)

    assert len(statements) == 1


def test_first_passwords_are_set_together_or_not_at_all(small_district):
    desk = small_district.front_desk
    with pytest.raises(UserNotFound):
        desk.give_passwords({"edu.perf": "another long phrase", "nobody.here": "another long phrase"})
    with pytest.raises(WeakPassword):
        desk.give_passwords({"edu.perf": "another long phrase", "edu.head": "short"})
    assert desk.sign_in("edu.perf", PASSWORD, HERE)

    desk.give_passwords({"edu.perf": "another long phrase", "edu.head": "another long phrase"})
    assert desk.sign_in("edu.head", "another long phrase", HERE)


def test_a_demonstration_lets_people_in_without_a_password(small_district):
    desk = small_district.front_desk

    assert desk.by_session(desk.admit("edu.head", HERE)).actor.user_id == "edu.head"


def test_the_rights_of_a_person_follow_the_day(small_district):
    desk = small_district.front_desk
    assert desk.actor_of("edu.head").groups == {"dept_head@21"}

    with pytest.raises(UserNotFound, match=r"Expected account 'nobody.here', but found none."):
        desk.actor_of("nobody.here")
