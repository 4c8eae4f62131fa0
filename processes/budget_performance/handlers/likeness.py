"""Whether two texts are so alike that one may have been copied from the other."""

from __future__ import annotations

from difflib import SequenceMatcher

#: Share of equal characters, 0–1, from which on texts count as copied (FORMS F-01, L6; PROP).
ALIKE = 0.8


def is_alike(one: str, other: str) -> bool:
    """Whether the texts agree in four of five characters. Empty texts are like nothing."""
    if not one or not other:
        return False
    compared = SequenceMatcher(None, one, other, autojunk=False)
    # the first two are upper bounds and cheap
    ratios = (compared.real_quick_ratio, compared.quick_ratio, compared.ratio)
    return all(ratio() >= ALIKE for ratio in ratios)
