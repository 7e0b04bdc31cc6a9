"""Bytes looked through a window at a time: rules where a token could be, live tokens everywhere, and what was found."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from hf_nb.hub.pushing import live, patterns
from hf_nb.hub.pushing.runs import runs
from hf_nb.values import Secret

WINDOW = 1 << 20
OVERLAP = 1 << 14
BINARY_BOUND = (
    64 << 20
)  # bytes of one binary file that patterns are tried on; live tokens are looked for in all
MOST_OF_ONE_FILE = 50
PRAGMA = re.compile(rb"pragma: ?allowlist[ -]secret", re.IGNORECASE)
PRAGMA_NEXT = re.compile(rb"pragma: ?allowlist[ -]nextline[ -]secret", re.IGNORECASE)
UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Place:
    """What stands before a line number: `cell 3, output` and its short form for `allow_secrets`."""

    path: str
    before: str = ""
    spot: str = ""

    def line(self, number: int) -> tuple[str, str]:
        """For people, and for `allow_secrets`."""
        said = f"{self.before}, line {number}" if self.before else f"line {number}"
        return said, f"{self.path}{self.spot}:{number}"

    def byte(self, offset: int) -> tuple[str, str]:
        """The same, where there are no lines."""
        said = f"{self.before}, byte {offset:,}" if self.before else f"byte {offset:,}"
        return said, f"{self.path}{self.spot}:@{offset}"


@dataclass
class Scan:
    """What was found, and what could not be looked at."""

    allow: frozenset[str] = frozenset()
    own: tuple[live.Live, ...] = ()
    found: list[Secret] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)  # paths that hold a secret, and how they are shown
    seconds: float = 0.0
    told: Callable[[int], None] | None = None  # hears of every part of a file that was read

    def add(self, where: Place, at: tuple[str, str], kind: str, *, always: bool = False) -> None:
        """One more, unless it is allowed or one of very many."""
        said, spot = at
        one = Secret(where.path, said, kind, spot)
        if (spot in self.allow and not always) or one in self.found:
            return
        if sum(1 for other in self.found if other.path == where.path) < MOST_OF_ONE_FILE:
            self.found.append(one)


def is_text(head: bytes) -> bool:
    """No zero byte at the beginning, or UTF-16 that says so."""
    return head[:2] in UTF16 or b"\0" not in head


def stream(handle: BinaryIO, where: Place, result: Scan, *, text: bool, bound: int | None) -> None:
    """Every byte. `bound` is how far patterns are tried; None: text all through, binary to the usual."""
    if text and handle.read(2) in UTF16:
        handle.seek(0)
        windows: Iterator[bytes] = _decoded(handle)
    else:
        if handle.seekable():
            handle.seek(0)
        windows = iter(lambda: handle.read(WINDOW), b"")
    limit = bound if bound is not None else None if text else BINARY_BOUND
    _windows(windows, where, result, text=text, limit=limit)


def _windows(windows: Iterator[bytes], where: Place, result: Scan, *, text: bool, limit: int | None) -> None:
    kept, offset, line = b"", 0, 1
    for fresh in windows:
        block = kept + fresh
        if limit is None or offset < limit:
            window(block, where, result, offset=offset, line=line, text=text)
        _live(block, where, result, offset=offset, line=line, text=text)
        if result.told and not where.before:
            result.told(len(fresh))
        done = max(len(block) - OVERLAP, 0)
        offset += done
        line += block.count(b"\n", 0, done) if text else 0
        kept = block[done:]
    if limit and not text and offset > limit:
        result.unread.append(f"{where.path}: patterns were tried on its first {limit >> 20} MB")


def _decoded(handle: BinaryIO) -> Iterator[bytes]:
    reader = io.TextIOWrapper(handle, encoding="utf-16", errors="replace", newline="")
    while piece := reader.read(WINDOW):
        yield piece.encode("utf-8", "replace")
    reader.detach()


def lines(text: str, where: Place, result: Scan) -> None:
    """A text that is in memory."""
    block = text.encode("utf-8", "replace")
    _windows(iter([block]), where, result, text=True, limit=None)


def window(
    block: bytes, where: Place, result: Scan, *, offset: int = 0, line: int = 1, text: bool = True
) -> None:
    """Try the rules on one block."""
    taken: list[tuple[int, int]] = []
    for kind, start, end in _matches(block):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        if not (text and _allowed_inline(block, start)):
            at = where.line(line + block.count(b"\n", 0, start)) if text else where.byte(offset + start)
            result.add(where, at, kind)


def _matches(block: bytes) -> Iterator[tuple[str, int, int]]:
    for low, high in runs(block):
        part = block[low:high]
        here = {word for word in patterns.anchors() if word in part}
        if here:
            yield from _around(block, low, high, here)
    for rule in patterns.RULES:
        if rule.wide and any(word in block for word in rule.anchors):
            yield from _tried(rule, block, 0, len(block))


def _around(block: bytes, low: int, high: int, here: set[bytes]) -> Iterator[tuple[str, int, int]]:
    for rule in patterns.RULES:
        if not rule.wide and not here.isdisjoint(rule.anchors):
            yield from _tried(rule, block, low, high)
    for plugin in patterns.BORROWED:
        if not here.isdisjoint(plugin.anchors):
            for pattern in plugin.patterns:
                for found in pattern.finditer(block, low, high):
                    if patterns.mixed(found[0]) and patterns.begins(block, found.start()):
                        yield plugin.kind, found.start(), found.end()


def _tried(rule: patterns.Rule, block: bytes, low: int, high: int) -> Iterator[tuple[str, int, int]]:
    for found in rule.pattern.finditer(block, low, high):
        start = found.start()
        if rule.before and not rule.before.search(block[max(start - 60, 0) : start]):
            continue
        if rule.holds(rule.secret(found)):
            yield rule.kind, start, found.end()


def _live(block: bytes, where: Place, result: Scan, *, offset: int, line: int, text: bool) -> None:
    for one in result.own:
        for form in one.forms:
            start = block.find(form)
            if start >= 0:
                at = where.line(line + block.count(b"\n", 0, start)) if text else where.byte(offset + start)
                result.add(where, at, one.kind, always=True)
                break


def _allowed_inline(block: bytes, start: int) -> bool:
    begin = block.rfind(b"\n", max(start - 4096, 0), start) + 1
    end = block.find(b"\n", start, start + 4096)
    if PRAGMA.search(block, begin, end if end >= 0 else min(len(block), start + 4096)):
        return True
    before = block.rfind(b"\n", max(begin - 4096, 0), max(begin - 1, 0)) + 1
    return bool(begin) and PRAGMA_NEXT.search(block, before, begin) is not None
