"""A text with places marked in it; of a long one, what stands round the places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from hf_nb.render import page

WHOLE = 1200  # characters shown without being asked
ROUND = 160  # characters on either side of a place
MOST = 20_000  # characters of the fold: an output is stored with its notebook
Place = tuple[int, int]  # start, end


def apart(places: Sequence[Place], length: int) -> list[int]:
    """Which places can be drawn: inside the text, from left to right, none over another."""
    kept, at = [], 0
    for index in sorted(range(len(places)), key=lambda one: places[one]):
        start, end = places[index]
        if at <= start < end <= length:
            kept.append(index)
            at = end
    return kept


def html(text: str, places: Sequence[Place], mark: Callable[[int], str]) -> str:
    """The text, each place as `mark` draws it; a long text is shortened, and whole in a fold."""
    drawn = apart(places, len(text))
    if len(text) <= WHOLE:
        return f'<div class="read">{_marked(text, places, drawn, mark, 0, len(text))}</div>'
    pieces = [_marked(text, places, drawn, mark, start, end) for start, end in _windows(text, places, drawn)]
    shown = " … ".join(pieces)
    before = "… " if drawn and places[drawn[0]][0] > ROUND else ""
    whole = _marked(text, places, drawn, mark, 0, min(len(text), MOST))
    rest = f" … {len(text) - MOST:,} more characters" if len(text) > MOST else ""
    return (
        f'<div class="read">{before}{shown} …</div>'
        f'<details><summary>The whole text</summary><div class="read">{whole}{rest}</div></details>'
    )


def _windows(text: str, places: Sequence[Place], drawn: Sequence[int]) -> Iterator[Place]:
    """Stretches round the places, joined where they meet; the beginning, where there is no place."""
    if not drawn:
        yield 0, WHOLE // 2
        return
    start, end, shown = -1, -1, 0
    for index in drawn:
        left, right = max(0, places[index][0] - ROUND), min(len(text), places[index][1] + ROUND)
        if start < 0:
            start, end = _at_words(text, left, right)
        elif left <= end:
            end = _at_words(text, left, right)[1]
        else:
            yield start, end
            shown += end - start
            if shown > WHOLE:
                return
            start, end = _at_words(text, left, right)
    yield start, end


def _at_words(text: str, start: int, end: int) -> Place:
    """Not in the middle of a word, where a space is near."""
    if start and (space := text.find(" ", start, start + 24)) >= 0:
        start = space + 1
    if end < len(text) and (space := text.rfind(" ", end - 24, end)) >= 0:
        end = space
    return start, end


def _marked(
    text: str,
    places: Sequence[Place],
    drawn: Sequence[int],
    mark: Callable[[int], str],
    start: int,
    end: int,
) -> str:
    parts, at = [], start
    for index in drawn:
        left, right = places[index]
        if left >= start and right <= end:
            parts += [page.escape(text[at:left]), mark(index)]
            at = right
    return "".join([*parts, page.escape(text[at:end])])
