"""How FEEL values are written down: JSON with a tag for every type that JSON lacks; packed for snapshots.

A tag is an object with one key that begins with U+0001: `{"\\u0001n": "12.50"}` is the number 12.50 with its digits.
An object of the user's that looks like one is wrapped in `{"\\u0001m": …}`. Decoding gives back value and type.

    text    JSON, for rows that people and reports read: documents, history, messages
    packed  one byte format version, one byte compression, then the same JSON: for state snapshots
    piece   a big value packed on its own, which snapshot after snapshot takes along as it is
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import zstandard

from engine.feel.conversion import DICT
from engine.feel.values import DaysTimeDuration, Range, Time, WideDate, WideDateTime, YearsMonthsDuration
from engine.model.errors import ExecutionFailed

#: Format of packed values. Raise it with every change, and add the step that reads the one before to MIGRATIONS.
CODEC_VERSION = 2
#: From format n to n + 1: the decoded JSON of the old one in, of the new one out. Format 2 says the same as format 1;
#: an older release could not read how it is packed.
MIGRATIONS: Mapping[int, Callable[[Any], Any]] = {1: lambda same: same}

_MARK = "\x01"
_NUMBER = _MARK + "n"
_MARK_IN_JSON = b'"\\u0001'
#: How a packed value continues: JSON; one frame; one frame with a hole for each frame that follows; the same with the
#: first as JSON, behind its length in four bytes.
_PLAIN, _ZSTD, _PIECES, _PLAIN_WITH_PIECES = 0, 1, 2, 3
#: Below this many bytes compression costs more than it saves: once for a piece, again and again for a snapshot.
_PIECE_WORTH_COMPRESSING, _WORTH_COMPRESSING = 512, 1024
#: Stands where a piece belongs: a bare control byte, which JSON never holds.
_HOLE = b"\x01"
HOLE = orjson.Fragment(_HOLE)
_OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


class NotStorable(ExecutionFailed):
    """A value that no process variable or document may hold: a binary float, a function, a key that is no text."""

    code = "not-storable"


class UnknownFormat(ValueError):
    """Packed bytes of a later release."""


# --- tags -------------------------------------------------------------------------------------------------------------


def _zone(zone: tzinfo | None) -> str | int | None:
    """None, the name of a named zone, or the offset in microseconds."""
    if zone is None:
        return None
    if isinstance(zone, ZoneInfo):
        return zone.key
    offset = zone.utcoffset(None)
    if offset is None:
        raise NotStorable(f"Expected a named zone or a fixed offset, but found {zone!r}.")
    return offset // timedelta(microseconds=1)


def _zone_of(written: str | int | None) -> tzinfo | None:
    if written is None:
        return None
    if isinstance(written, str):
        return ZoneInfo(written)
    return timezone(timedelta(microseconds=written)) if written else UTC


def _write_number(value: Decimal) -> Any:
    if not value.is_finite():
        raise NotStorable(f"Expected a finite number, but found {value}.")
    return str(value)


def _write_date_time(value: datetime) -> Any:
    if value.tzinfo is UTC and not value.fold:
        # nearly all that the engine itself writes
        return [_in_utc(value).decode(), 0]
    local = value.replace(tzinfo=None, fold=0).isoformat()
    return [local, _zone(value.tzinfo), value.fold] if value.fold else [local, _zone(value.tzinfo)]


def _in_utc(value: datetime) -> bytes:
    """`isoformat` of an instant in UTC without its offset, in a fifth of the time."""
    return orjson.dumps(value)[1:-7]


def _read_date_time(written: list[Any]) -> datetime:
    local = datetime.fromisoformat(written[0])
    return local.replace(tzinfo=_zone_of(written[1]), fold=written[2] if len(written) > 2 else 0)


def _write_wide(value: WideDateTime) -> Any:
    time = value.time
    return [value.year, value.month, value.day, time.nanoseconds, _zone(time.zone)]


def _read_wide(written: list[Any]) -> WideDateTime:
    year, month, day, nanoseconds, zone = written
    return WideDateTime(year, month, day, Time(nanoseconds, _zone_of(zone)))


_WRITERS: Mapping[type, tuple[str, Callable[[Any], Any]]] = {
    Decimal: ("n", _write_number),
    date: ("d", date.isoformat),
    datetime: ("i", _write_date_time),
    Time: ("t", lambda value: [value.nanoseconds, _zone(value.zone)]),
    DaysTimeDuration: ("s", lambda value: str(value.nanoseconds)),
    YearsMonthsDuration: ("y", lambda value: str(value.months)),
    Range: ("r", lambda value: [value.start, value.end, value.start_included, value.end_included, value.operator]),
    WideDate: ("D", lambda value: [value.year, value.month, value.day]),
    WideDateTime: ("I", _write_wide),
}

#: Types whose values hold no others.
_LEAVES = frozenset({str, int, bool, type(None), orjson.Fragment, *_WRITERS}) - {Range}

_CONTAINERS = frozenset({dict, list})
_LEAVES_AND_CONTAINERS = _LEAVES | _CONTAINERS

_READERS: Mapping[str, Callable[[Any], Any]] = {
    _MARK + "n": Decimal,
    _MARK + "d": date.fromisoformat,
    _MARK + "i": _read_date_time,
    _MARK + "t": lambda written: Time(written[0], _zone_of(written[1])),
    _MARK + "s": lambda written: DaysTimeDuration(int(written)),
    _MARK + "y": lambda written: YearsMonthsDuration(int(written)),
    _MARK + "r": lambda written: Range(*map(_restored, written)),
    _MARK + "D": lambda written: WideDate(*written),
    _MARK + "I": _read_wide,
    _MARK + "m": lambda written: _restored_values(written),
}


# --- writing ----------------------------------------------------------------------------------------------------------


def encode(value: Any) -> bytes:
    """Tagged JSON.

    Raises:
        NotStorable: the value or one inside it has no tag; binary floats never have one.
    """
    check(value)
    return _encode(value)


def _encode(value: Any) -> bytes:
    tags = 0

    def tag(foreign: Any) -> Any:
        nonlocal tags
        tags += 1
        if type(foreign) is Decimal and foreign.is_finite():
            # nearly all that JSON has no type for
            return {_NUMBER: str(foreign)}
        letter, write = _WRITERS[type(foreign)]
        return {_MARK + letter: write(foreign)}

    try:
        written = orjson.dumps(value, tag, _OPTIONS)
        if written.count(_MARK_IN_JSON) != tags:
            # some text of the user's begins with the mark: look at every object
            written = orjson.dumps(_wrapped(value), tag, _OPTIONS)
    except orjson.JSONEncodeError as error:
        if isinstance(error.__cause__, NotStorable):
            raise error.__cause__ from None
        raise NotStorable(f"Expected a value that can be written down, but: {error}.") from error
    return written


def encode_text(value: Any, *, checked: bool = False) -> str:
    """Tagged JSON as text.

    Args:
        checked: as for `pack`.

    Raises:
        NotStorable: as for `encode`.
    """
    if not checked:
        check(value)
    return _encode(value).decode()


def instant_text(value: datetime) -> str:
    """What `encode_text` gives for an instant; the history holds one for each timer."""
    if value.tzinfo is UTC and not value.fold:
        return f'{{"\\u0001i":["{_in_utc(value).decode()}",0]}}'
    return encode_text(value)


def piece(written: bytes) -> bytes | None:
    """An encoded big value to be put into many snapshots; None if it is too small for that."""
    return _zstd().compressor.compress(written) if len(written) >= _PIECE_WORTH_COMPRESSING else None


def filled(written: bytes, pieces: Sequence[bytes]) -> bytes:
    """JSON with each `HOLE` filled by the JSON that belongs there, in order."""
    first, *others = written.split(_HOLE)
    return b"".join([first, *(each for pair in zip(pieces, others, strict=True) for each in pair)])


def pack(value: Any, pieces: Sequence[bytes] = (), *, checked: bool = False) -> bytes:
    """A snapshot.

    Args:
        pieces: what belongs where the value has a `HOLE`, in that order. With 20 KB of variables that do not change,
            writing a snapshot takes 5 instead of 37 µs.
        checked: the caller has checked whatever of the value is not its own.

    Raises:
        NotStorable: as for `encode`.
    """
    written = _encode(value) if checked else encode(value)
    length = len(written)
    if length >= _WORTH_COMPRESSING:
        frames = _zstd().compressor.compress(written) + b"".join(pieces)
        return bytes((CODEC_VERSION, _PIECES if pieces else _ZSTD)) + frames
    if pieces:
        return b"".join((bytes((CODEC_VERSION, _PLAIN_WITH_PIECES)), length.to_bytes(4), written, *pieces))
    return bytes((CODEC_VERSION, _PLAIN)) + written


def check(value: Any) -> None:
    """Refuse what has no tag, before orjson writes a float as if it were harmless. Raises NotStorable."""
    if type(value) is DICT and _LEAVES.issuperset(map(type, value.values())):
        # nearly all that is written
        return
    waiting = [value]
    while waiting:
        current = waiting.pop()
        kind = type(current)  # pyright: ignore[reportUnknownVariableType]
        if kind is dict:
            # orjson itself refuses keys that are no text
            inner = current.values()
        elif kind is list:
            inner = current
        elif kind is Range:
            inner = (current.start, current.end)
        elif kind in _LEAVES:
            continue
        else:
            raise NotStorable(
                f"Expected a FEEL value, but found {current!r} of type {kind.__name__}.", found=kind.__name__
            )
        if not _LEAVES.issuperset(map(type, inner)):
            waiting += [item for item in inner if type(item) not in _LEAVES]


def check_leaves(values: dict[str, Any]) -> None:
    """As `check`, where the lists and objects among the values were encoded before. Raises NotStorable."""
    if not _LEAVES_AND_CONTAINERS.issuperset(map(type, values.values())):
        check(values)


def _wrapped(value: Any) -> Any:
    kind = type(value)  # pyright: ignore[reportUnknownVariableType]
    if kind is list:
        return [_wrapped(item) for item in value]
    if kind is Range:
        return Range(
            _wrapped(value.start), _wrapped(value.end), value.start_included, value.end_included, value.operator
        )
    if kind is dict:
        inner = {key: _wrapped(item) for key, item in value.items()}
        return {_MARK + "m": inner} if any(key.startswith(_MARK) for key in inner) else inner
    return value


# --- reading ----------------------------------------------------------------------------------------------------------


def decode(written: bytes | str) -> Any:
    """The value that was encoded."""
    value = orjson.loads(written)
    mark = _MARK_IN_JSON if isinstance(written, bytes) else '"\\u0001'
    return _restored(value) if mark in written else value  # pyright: ignore[reportOperatorIssue]


def items_of(written: str, *, last_first: bool = False) -> Iterator[tuple[int, Any]]:
    """The items of a list that was encoded, each with its number, as they stand in the JSON; `restored` gives their
    values.

    A list may be long of which one item is asked for: nothing is read beyond what is taken, and from the end no item is
    kept that is not.
    """
    if not last_first:
        for number, (item, _, _) in enumerate(_placed(written)):
            yield number, item
        return
    places = [(begins, ends) for _, begins, ends in _placed(written)]
    for number in range(len(places) - 1, -1, -1):
        begins, ends = places[number]
        yield number, orjson.loads(written[begins:ends])


#: Reads one value and tells where it ends.
_SCAN = json.JSONDecoder().raw_decode


def _placed(written: str) -> Iterator[tuple[Any, int, int]]:
    """Each item with where it begins and ends; nothing stands between two but a comma."""
    begins = 1
    while begins < len(written) - 1:
        item, ends = _SCAN(written, begins)
        yield item, begins, ends
        begins = ends + 1


def restored(value: Any) -> Any:
    """The value that stands in the JSON."""
    return _restored(value)


def unpack(written: bytes) -> Any:
    """The value that was packed, by this release or an earlier one.

    Raises:
        UnknownFormat: packed by a later release.
    """
    version, compression = written[0], written[1]
    if version > CODEC_VERSION:
        raise UnknownFormat(f"Expected a snapshot of format {CODEC_VERSION} or older, but found format {version}.")
    value = decode(_UNPACKERS[compression](bytes(written[2:])))
    for step in range(version, CODEC_VERSION):
        value = MIGRATIONS[step](value)
    return value


def _joined(body: bytes) -> bytes:
    """The first frame, with the others in its holes."""
    frames = _frames(body)
    return filled(frames[0], frames[1:])


def _plainly_joined(body: bytes) -> bytes:
    """The JSON at the beginning, with the frames after it in its holes."""
    end = 4 + int.from_bytes(body[:4])
    return filled(body[4:end], _frames(body[end:]))


def _frames(body: bytes) -> list[bytes]:
    frames: list[bytes] = []
    while body:
        frame = _zstd().decompressor.decompressobj()
        frames.append(frame.decompress(body))
        body = frame.unused_data
    return frames


_UNPACKERS: Mapping[int, Callable[[bytes], bytes]] = {
    _PLAIN: lambda body: body,
    _ZSTD: lambda body: _zstd().decompressor.decompress(body),
    _PIECES: _joined,
    _PLAIN_WITH_PIECES: _plainly_joined,
}


def _restored(value: Any) -> Any:
    kind = type(value)  # pyright: ignore[reportUnknownVariableType]
    if kind is list:
        return [_restored(item) if type(item) in _CONTAINERS else item for item in value]
    if kind is not dict:
        return value
    if len(value) == 1:
        ((key, inner),) = value.items()
        read = _READERS.get(key)
        if read is not None:
            return read(inner)
    return _restored_values(value)


def _restored_values(value: dict[str, Any]) -> dict[str, Any]:
    return {key: _restored(item) if type(item) in _CONTAINERS else item for key, item in value.items()}


# --- compression ------------------------------------------------------------------------------------------------------


class _Zstd(threading.local):
    """One pair a thread: neither may be shared."""

    def __init__(self) -> None:
        self.compressor = zstandard.ZstdCompressor(level=1)
        self.decompressor = zstandard.ZstdDecompressor()


_ZSTD_OF_THREAD = _Zstd()


def _zstd() -> _Zstd:
    return _ZSTD_OF_THREAD
