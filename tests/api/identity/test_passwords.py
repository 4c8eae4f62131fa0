"""Passwords: nothing fits an account that does not exist, at the same price."""

from __future__ import annotations

from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY

from api.identity import passwords
from api.identity.passwords import Passwords


def test_the_decoy_costs_what_a_real_hash_costs():
    hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)

    decoy = passwords._decoy(hasher)

    assert extract_parameters(decoy) == extract_parameters(hasher.hash("x")) == RFC_9106_LOW_MEMORY


def test_no_password_fits_an_unknown_account():
    desk = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))

    assert not desk.fits(None, "") and not desk.fits(None, "correct horse battery")
    assert desk.fits(desk.hash("correct horse battery"), "correct horse battery")
