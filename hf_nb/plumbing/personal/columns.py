"""What the column is called that a value stands in: in a table, the word that says what it is stands far above it."""

from __future__ import annotations

import re
from bisect import bisect_right

_WIDEST = 2_000  # characters of a row that are read
_HIGHEST = 1_000_000  # characters between a row and its head
_MARKS = ",;\t|"
_CELL = re.compile(r"[,;\t|][ \"']{0,2}$")
_EMPTY = re.compile(r"\n[ \t]*\r?\n")


class Columns:
    """Of one text; its tables are looked for when they are first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._begins: list[int] | None = None

    def name(self, start: int) -> str:
        """The name at the head of the column, where a cell begins here; else nothing."""
        row = self._text.rfind("\n", max(0, start - _WIDEST), start) + 1
        before = self._text[row:start]
        if not row or (before.strip(" \"'") and not _CELL.search(before)):
            return ""
        head = self._head(start)
        marks = [mark for mark in _MARKS if mark in head]
        mark = max(marks, key=head.count, default="")
        names = head.split(mark) if mark else []
        at = before.count(mark) if mark else 0
        return names[at].strip(" \"'") if at < len(names) and not re.search(r"\d{3}", names[at]) else ""

    def _head(self, start: int) -> str:
        if self._begins is None:
            self._begins = [0, *(one.end() for one in _EMPTY.finditer(self._text))]
        begin = self._begins[bisect_right(self._begins, start) - 1]
        if start - begin > _HIGHEST:
            return ""
        end = self._text.find("\n", begin, begin + _WIDEST)
        return "" if end < 0 or end >= start else self._text[begin:end]
