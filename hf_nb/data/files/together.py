"""Which requests bring which ranges: near ones come together, large ones in pieces at the same time."""

from __future__ import annotations

from collections.abc import Iterable

from hf_nb.data.files.file import Range

# Bytes between two ranges that cost less than one more request: 50 ms at 50 MB/s would be 2.5 MB, but connections
# work side by side, and whoever pays for bytes pays for these.
GAP = 128 * 1024
# A range larger than this comes in pieces over several connections.
LARGE = 16 * 1024 * 1024
PIECE = 8 * 1024 * 1024


def requests(ranges: Iterable[Range], gap: int = GAP) -> list[Range]:
    """What to ask for so that each range lies within one answer, or within answers that follow each other."""
    merged: list[Range] = []
    for one in sorted(each for each in ranges if len(each)):
        if merged and one.begin - merged[-1].end <= gap:
            last = merged.pop()
            merged.append(Range(last.begin, max(last.end, one.end)))
        else:
            merged.append(one)
    return [piece for one in merged for piece in _pieces(one)]


def _pieces(one: Range) -> list[Range]:
    if len(one) <= LARGE:
        return [one]
    count = -(-len(one) // PIECE)
    step = -(-len(one) // count)
    return [Range(begin, min(begin + step, one.end)) for begin in range(one.begin, one.end, step)]
