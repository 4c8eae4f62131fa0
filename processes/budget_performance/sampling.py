"""The draw of a spot check (RULES R08): reproducible, stratified, the same on every machine and for any order."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Any

HUNDRED = Decimal(100)
ZERO = Decimal(0)


class Reason(StrEnum):
    """Why an object is in the sample."""

    TARGETED = "targeted"
    DEPARTMENT_MINIMUM = "dept_minimum"
    RANDOM = "random"
    AMOUNT_TOPUP = "amount_topup"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One object of the population: a filed self-evaluation of the year."""

    code: str
    department: str
    #: 万元.
    amount: Decimal
    #: On the targeted list (有针对性): last year's 差 or untrue, red in the year, all 100, large, complaint.
    is_targeted: bool = False


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """An object in the sample."""

    code: str
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A sample with what is needed to repeat it."""

    seed: str
    #: sha256 over the sorted population, hex.
    population_hash: str
    #: In the order in which they were taken.
    sample: tuple[Drawn, ...]
    #: Sampled share of the amount in percent, not rounded.
    amount_share: Decimal


def draw_sample(population: Iterable[Candidate], seed: str, rule: Mapping[str, Any]) -> Draw:
    """Draw the sample of a year (R08; S-40 "a certain proportion, targeted").

    1 every targeted object; 2 for each department in code order by ascending sha256(seed + "|" + code) until
    `min_per_dept`; 3 up to max(ceil(ratio · N), picked), the rest by largest remainder on department size, again by
    hash, then by hash over all where a department is exhausted; 4 the largest amounts until `amount_ratio` of the total
    is reached (ties by code).

    Args:
        population: in any order.
        seed: fixed and published before the draw, e.g. "2026-SC-01".
        rule: thresholds in force, as `thresholds.rule_context` gives them.

    Raises:
        ValueError: a code stands twice.
    """
    r08 = rule["R08"]
    by_hash = sorted(population, key=lambda candidate: (_hash(seed, candidate.code), candidate.code))
    if len({candidate.code for candidate in by_hash}) != len(by_hash):
        raise ValueError("Expected every code once in the population, but one stands twice.")
    picked: dict[str, Reason] = {c.code: Reason.TARGETED for c in sorted(by_hash, key=_code) if c.is_targeted}
    _pick_department_minimum(picked, by_hash, int(r08["min_per_dept"]))
    wanted = int((r08["ratio"] * len(by_hash) / HUNDRED).to_integral_value(ROUND_CEILING))
    _pick_random(picked, by_hash, wanted - len(picked))
    _pick_largest(picked, by_hash, r08["amount_ratio"])
    total = sum((c.amount for c in by_hash), ZERO)
    return Draw(
        seed=seed,
        population_hash=population_hash(by_hash),
        sample=tuple(Drawn(code=code, reason=reason) for code, reason in picked.items()),
        amount_share=HUNDRED * _amount_of(by_hash, picked) / total if total else ZERO,
    )


def population_hash(population: Iterable[Candidate]) -> str:
    """sha256 over the population, independent of its order: one line code|department|amount|targeted each."""
    lines = sorted(f"{c.code}|{c.department}|{c.amount:.4f}|{int(c.is_targeted)}" for c in population)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def truth_coefficient(deviations: Sequence[Decimal]) -> Decimal:
    """1 − Σd / (100 · n): how true the self-evaluations of a department were, d in points (R07). No check → 1."""
    return Decimal(1) - sum(deviations, ZERO) / (HUNDRED * len(deviations)) if deviations else Decimal(1)


def largest_remainder(seats: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Distribute seats in proportion to sizes; what is left goes to the largest remainders (ties by name).

    Example: 4 over {21: 20, 22: 15, 23: 15} → 1.6, 1.2, 1.2 → 2, 1, 1.
    """
    total = sum(sizes.values())
    shares = {name: seats * size // total for name, size in sizes.items()}
    left = seats - sum(shares.values())
    by_remainder = sorted(sizes, key=lambda name: (-(seats * sizes[name] % total), name))
    for name in by_remainder[:left]:
        shares[name] += 1
    return shares


def _hash(seed: str, code: str) -> str:
    return hashlib.sha256(f"{seed}|{code}".encode()).hexdigest()


def _code(candidate: Candidate) -> str:
    return candidate.code


def _pick_department_minimum(picked: dict[str, Reason], by_hash: Sequence[Candidate], least: int) -> None:
    for department in sorted({c.department for c in by_hash}):
        members = [c for c in by_hash if c.department == department]
        missing = least - sum(c.code in picked for c in members)
        for candidate in [c for c in members if c.code not in picked][: max(0, missing)]:
            picked[candidate.code] = Reason.DEPARTMENT_MINIMUM


def _pick_random(picked: dict[str, Reason], by_hash: Sequence[Candidate], seats: int) -> None:
    if seats <= 0:
        return
    sizes: dict[str, int] = {}
    for candidate in by_hash:
        sizes[candidate.department] = sizes.get(candidate.department, 0) + 1
    for department, share in sorted(largest_remainder(seats, sizes).items()):
        free = [c for c in by_hash if c.department == department and c.code not in picked]
        for candidate in free[:share]:
            picked[candidate.code] = Reason.RANDOM
            seats -= 1
    for candidate in [c for c in by_hash if c.code not in picked][:seats]:
        picked[candidate.code] = Reason.RANDOM


def _pick_largest(picked: dict[str, Reason], by_hash: Sequence[Candidate], ratio: Decimal) -> None:
    wanted = sum((c.amount for c in by_hash), ZERO) * ratio / HUNDRED
    for candidate in sorted(by_hash, key=lambda c: (-c.amount, c.code)):
        if _amount_of(by_hash, picked) >= wanted:
            return
        picked.setdefault(candidate.code, Reason.AMOUNT_TOPUP)


def _amount_of(population: Iterable[Candidate], picked: Mapping[str, Reason]) -> Decimal:
    return sum((c.amount for c in population if c.code in picked), ZERO)
