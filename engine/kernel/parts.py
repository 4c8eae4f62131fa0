"""The parts of a state after a step: those of the step laid over those before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.kernel.state import Part

#: A plain dict of this many parts is copied rather than overlaid; and an overlay of this many is folded into its base.
_SMALL = 64


class OverlaidParts(Mapping[int, Part]):
    """A base that is only asked by number, and the parts that were written or removed since. Never changes."""

    __slots__ = ("_base", "_written")

    def __init__(self, base: Mapping[int, Part], written: Mapping[int, Part | None]) -> None:
        self._base = base
        #: None = removed.
        self._written = written

    @property
    def base(self) -> Mapping[int, Part]:
        """What lies below: for a store that keeps it elsewhere."""
        return self._base

    @property
    def written(self) -> Mapping[int, Part | None]:
        """What was written over the base; None for parts that were removed."""
        return self._written

    def __getitem__(self, number: int) -> Part:
        if number in self._written:
            part = self._written[number]
            if part is None:
                raise KeyError(number)
            return part
        return self._base[number]

    def __contains__(self, number: object) -> bool:
        if number in self._written:
            return self._written[number] is not None  # type: ignore[index]
        return number in self._base

    def __iter__(self) -> Iterator[int]:
        yield from (number for number in self._base if number not in self._written)
        yield from (number for number, part in self._written.items() if part is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        return any(part is not None for part in self._written.values()) or len(self) > 0


def overlay(parts: Mapping[int, Part], written: Mapping[int, Part | None]) -> Mapping[int, Part]:
    """`parts` with some written or removed; costs what was written, not what there is.

    A foreign mapping is never gone through. Of our own, an overlay that has grown is folded into its dict now and then,
    which spreads the cost of one copy over many steps.
    """
    if isinstance(parts, dict):
        if len(parts) <= _SMALL:
            return _merged(parts, written)
        return OverlaidParts(parts, written)
    if type(parts) is OverlaidParts:
        together = {**parts.written, **written}
        if isinstance(parts.base, dict) and len(together) > _SMALL:
            return _merged(parts.base, together)
        return OverlaidParts(parts.base, together)
    return OverlaidParts(parts, written)


def _merged(base: dict[int, Part], written: Mapping[int, Part | None]) -> dict[int, Part]:
    merged = dict(base)
    for number, part in written.items():
        if part is None:
            merged.pop(number, None)
        else:
            merged[number] = part
    return merged
