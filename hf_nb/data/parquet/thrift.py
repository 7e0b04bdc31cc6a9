"""Thrift's compact protocol, as far as Parquet uses it. What is read is a stranger's: every length is checked.

A struct is read as {field number: value}; a list as a list, a struct within as a dict, text as bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
DEEPEST = 40

Fields = dict[int, Any]


class Malformed(ValueError):
    """These bytes are no such structure."""


class Short(Malformed):
    """They end before the structure does."""


def read(raw: bytes, at: int = 0) -> tuple[Fields, int]:
    """The struct that begins here, and where it ends."""
    try:
        return _struct(raw, at, 0)
    except IndexError:
        raise Short("The structure is cut off.") from None


def skip(raw: bytes, at: int) -> int:
    """Where the struct that begins here ends."""
    try:
        return _skip(raw, at, STRUCT, 0)
    except IndexError:
        raise Short("The structure is cut off.") from None


def fields(raw: bytes, at: int = 0) -> Iterable[tuple[int, int, int]]:
    """(number, kind, where its value begins) for each field of a struct; values are skipped over."""
    number = 0
    try:
        while kind := raw[at]:
            step, kind = kind >> 4, kind & 15
            at += 1
            if step:
                number += step
            else:
                number, at = _signed(raw, at)
            yield number, kind, at
            at = _skip(raw, at, kind, 0)
    except IndexError:
        raise Short("The structure is cut off.") from None
    yield 0, 0, at + 1


def number(raw: bytes, at: int) -> int:
    """The whole number that stands here."""
    try:
        return _signed(raw, at)[0]
    except IndexError:
        raise Short("The structure is cut off.") from None


def text(raw: bytes, at: int) -> bytes:
    """The text that stands here."""
    try:
        found: bytes = _value(raw, at, BINARY, 0)[0]
    except IndexError:
        raise Short("The structure is cut off.") from None
    return found


def items(raw: bytes, at: int) -> tuple[int, int, int]:
    """(how many, their kind, where the first begins) of the list that begins here."""
    try:
        return _header(raw, at)
    except IndexError:
        raise Short("The structure is cut off.") from None


def _struct(raw: bytes, at: int, depth: int) -> tuple[Fields, int]:
    if depth > DEEPEST:
        raise Malformed("The structure is nested too deep.")
    found: Fields = {}
    number = 0
    while head := raw[at]:
        step, kind = head >> 4, head & 15
        at += 1
        if step:
            number += step
        else:
            number, at = _signed(raw, at)
        found[number], at = _value(raw, at, kind, depth)
    return found, at + 1


def _value(raw: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in (I16, I32, I64):
        return _signed(raw, at)
    if kind == TRUE:
        return True, at
    if kind == FALSE:
        return False, at
    if kind == BINARY:
        length, at = _unsigned(raw, at)
        if length > len(raw) - at:
            raise Short("A text is longer than what holds it.")
        return raw[at : at + length], at + length
    if kind == STRUCT:
        return _struct(raw, at, depth + 1)
    if kind in (LIST, SET):
        return _list(raw, at, depth)
    if kind == BYTE:
        return raw[at], at + 1
    if kind == DOUBLE:
        if len(raw) - at < 8:
            raise Short("A number is cut off.")
        return struct.unpack_from("<d", raw, at)[0], at + 8
    raise Malformed("There is no such kind of value in Parquet.")


def _list(raw: bytes, at: int, depth: int) -> tuple[list[Any], int]:
    count, kind, at = _header(raw, at)
    if depth > DEEPEST:
        raise Malformed("The structure is nested too deep.")
    found: list[Any] = []
    for _ in range(count):
        if kind in (TRUE, FALSE):  # in a list each takes a byte
            value, at = raw[at] == TRUE, at + 1
        else:
            value, at = _value(raw, at, kind, depth + 1)
        found.append(value)
    return found, at


def _header(raw: bytes, at: int) -> tuple[int, int, int]:
    head = raw[at]
    count, kind, at = head >> 4, head & 15, at + 1
    if count == 15:
        count, at = _unsigned(raw, at)
    if count > len(raw) - at:  # each takes a byte at least
        raise Short("A list is longer than what holds it.")
    return count, kind, at


def _skip(raw: bytes, at: int, kind: int, depth: int) -> int:
    if kind in (I16, I32, I64):
        while raw[at] & 128:
            at += 1
        return at + 1
    if kind in (TRUE, FALSE):
        return at
    if kind == BINARY:
        length, at = _unsigned(raw, at)
        if length > len(raw) - at:
            raise Short("A text is longer than what holds it.")
        return at + length
    if depth > DEEPEST:
        raise Malformed("The structure is nested too deep.")
    if kind == STRUCT:
        while head := raw[at]:
            at += 1
            if not head >> 4:
                _, at = _signed(raw, at)
            at = _skip(raw, at, head & 15, depth + 1)
        return at + 1
    if kind in (LIST, SET):
        count, each, at = _header(raw, at)
        if each in (TRUE, FALSE, BYTE):
            return at + count
        for _ in range(count):
            at = _skip(raw, at, each, depth + 1)
        return at
    if kind in (BYTE, DOUBLE):
        return at + (1 if kind == BYTE else 8)
    raise Malformed("There is no such kind of value in Parquet.")


def _unsigned(raw: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = raw[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise Malformed("A number has no end.")


def _signed(raw: bytes, at: int) -> tuple[int, int]:
    value, at = _unsigned(raw, at)
    return (value >> 1) ^ -(value & 1), at


# Writing: a struct is given as (number, kind, value) in the order of the numbers; a value is a number, bytes, or for
# structs and lists what `struct_of` and `list_of` have made.


def struct_of(*given: tuple[int, int, Any]) -> bytes:
    """A struct's bytes. A field whose value is None is left out."""
    out, last = bytearray(), 0
    for number, kind, value in given:
        if value is None:
            continue
        if 0 < number - last < 16:
            out.append((number - last) << 4 | kind)
        else:
            out.append(kind)
            out += _zigzag(number)
        out += _written(kind, value)
        last = number
    out.append(0)
    return bytes(out)


def list_of(kind: int, values: Iterable[Any]) -> bytes:
    """A list's bytes."""
    items = [_written(kind, value) for value in values]
    count = len(items)
    head = bytes([count << 4 | kind]) if count < 15 else bytes([0xF0 | kind]) + varint(count)
    return head + b"".join(items)


def _written(kind: int, value: Any) -> bytes:
    if kind in (I16, I32, I64):
        return _zigzag(value)
    if kind in (TRUE, FALSE):
        return b""
    if kind == BINARY:
        return varint(len(value)) + bytes(value)
    return bytes(value)


def _zigzag(value: int) -> bytes:
    return varint(value << 1 if value >= 0 else (-value << 1) - 1)


def varint(value: int) -> bytes:
    """A number, seven bits a byte."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
