"""What people write in Markdown, as markup: the few forms cards and comments use, and never a tag of theirs.

Each line is looked at once and every pattern stops at the next mark of its own kind, so a hostile megabyte takes no
longer than a harmless one.
"""

import re
from collections.abc import Callable, Iterator

from hf_nb.offline.server.pages import attribute, shown

MOST = 200_000
_FENCE = re.compile(r"\s{0,3}(```|~~~)")
_HEADING = re.compile(r"(#{1,6})[ \t]+(\S.*)")
_ITEM = re.compile(r"\s{0,20}(?:([-*+])|\d{1,6}[.)])[ \t]+(\S.*)")
_RULE = re.compile(r"\s{0,3}(?:-{3,}|\*{3,}|_{3,})\s{0,3}")
_ROW = re.compile(r"\s{0,3}\|.*")
_UNDER = re.compile(r"[\s|:-]{3,}")
_QUOTE = re.compile(r"\s{0,3}>\s?(.*)")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]{1,2000})`|\*\*(?P<bold>[^*\n]{1,2000})\*\*"
    r"|(?P<picture>!?)\[(?P<words>[^\[\]\n]{0,1000})\]\((?P<to>[^()\s]{1,2000})\)"
)


def rendered(text: str) -> str:
    """The markup of a text, as far as it is worth showing."""
    lines = text[:MOST].splitlines()
    found, at = [], 0
    while at < len(lines):
        piece, at = _block(lines, at)
        found.append(piece)
    return "".join(found) + ('<p class="soft">Only the beginning is shown.</p>' if len(text) > MOST else "")


def _block(lines: list[str], at: int) -> tuple[str, int]:
    """One block and where the next begins."""
    line = lines[at]
    if not line.strip():
        return "", at + 1
    if fence := _FENCE.match(line):
        end = at + 1
        while end < len(lines) and not lines[end].lstrip().startswith(fence[1]):
            end += 1
        return _code(lines[at + 1 : end]), end + 1
    if heading := _HEADING.match(line):
        level = min(len(heading[1]) + 1, 6)  # the page's own heading is the first
        return f"<h{level}>{_inline(heading[2].rstrip('# '))}</h{level}>", at + 1
    if _RULE.fullmatch(line):
        return "<hr>", at + 1
    for pattern, render in _RUNS:
        if pattern.match(line):
            end = _run(lines, at, pattern)
            return render(lines[at:end]), end
    end = at + 1
    while end < len(lines) and lines[end].strip() and not _begins(lines[end]):
        end += 1
    return f"<p>{_inline(chr(10).join(lines[at:end]))}</p>", end


def _run(lines: list[str], at: int, pattern: re.Pattern[str]) -> int:
    """Where lines of one kind end; a list's items may go on in indented lines."""
    end = at + 1
    while end < len(lines) and (
        pattern.match(lines[end]) or (pattern is _ITEM and lines[end].startswith("  ") and lines[end].strip())
    ):
        end += 1
    return end


def _begins(line: str) -> bool:
    return any(pattern.match(line) for pattern in (_FENCE, _HEADING, _ITEM, _QUOTE)) or bool(
        _RULE.fullmatch(line)
    )


def _code(lines: list[str]) -> str:
    return f"<pre><code>{shown(chr(10).join(lines))}</code></pre>"


def _list(lines: list[str]) -> str:
    items: list[list[str]] = []
    for line in lines:
        if item := _ITEM.match(line):
            items.append([item[2]])
        else:
            items[-1].append(line.strip())
    first = _ITEM.match(lines[0])
    word = "ul" if first and first[1] else "ol"
    return f"<{word}>{''.join(f'<li>{_inline(chr(10).join(item))}</li>' for item in items)}</{word}>"


def _table(lines: list[str]) -> str:
    if len(lines) < 2 or not _UNDER.fullmatch(lines[1]):
        return f"<p>{_inline(chr(10).join(lines))}</p>"
    return f"<table>{_cells(lines[0], 'th')}{''.join(_cells(line, 'td') for line in lines[2:])}</table>"


def _cells(line: str, word: str) -> str:
    cells = line.strip().strip("|").split("|")
    return f"<tr>{''.join(f'<{word}>{_inline(cell.strip())}</{word}>' for cell in cells)}</tr>"


def _quote(lines: list[str]) -> str:
    return f"<blockquote>{_inline(chr(10).join(line.strip().lstrip('>').strip() for line in lines))}</blockquote>"


_RUNS: tuple[tuple[re.Pattern[str], Callable[[list[str]], str]], ...] = (
    (_ITEM, _list),
    (_ROW, _table),
    (_QUOTE, _quote),
)


def _inline(text: str) -> str:
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    at = 0
    for mark in _INLINE.finditer(text):
        yield shown(text[at : mark.start()])
        at = mark.end()
        if mark["code"]:
            yield f"<code>{shown(mark['code'])}</code>"
        elif mark["bold"]:
            yield f"<b>{_inline(mark['bold'])}</b>"
        elif mark["to"].startswith(("https://", "http://")) and not mark["picture"]:
            yield f'<a href="{attribute(mark["to"])}" rel="noreferrer nofollow">{_inline(mark["words"])}</a>'
        else:
            yield _inline(mark["words"])
    yield shown(text[at:])
