"""A comparison: what may be said first, then a line for each contender, a picture, and the rows that differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from hf_nb.errors import HfNbError
from hf_nb.render import coming, page, plain, standings, units
from hf_nb.render.grid import Html, grid
from hf_nb.values.batches import answer_of, score_of
from hf_nb.values.comparisons import Beside, Comparison, Contender, Forecast, Likeness, Line, Showing

SHOWN, SHOWN_HTML = 5, 10  # rows that differ
ROOM = 8_000  # characters of HTML for them: a cell is kept with its notebook
WHOLE = 9_000  # characters of all answers to one prompt
COMING = 3_000  # characters of a text that is being written
WIDE, WIDE_HTML = 40, 240  # characters of a cell
LONGEST = 400  # words that are looked through for differences
WORD = re.compile(r"\S+\s*|\s+")


def text(value: Any) -> str:
    """The verdict, the figures, some rows that differ."""
    if not isinstance(value, Comparison):
        return _small(value)
    columns, rows = _table(value)
    parts = [str(value.verdict), *_only(value), plain.table(columns, rows)]
    if value.differing and value.rows > 1:
        parts.append(plain.table(*_differing(value, SHOWN, WIDE)))
    return "\n\n".join([*parts, "\n".join(_foot(value))])


def html(value: Any) -> str:
    """The same; the rows are folded."""
    if isinstance(value, Beside):
        return _coming(value)
    if not isinstance(value, Comparison):
        return page.frame(page.foot(*_small(value).split("\n")))
    columns, rows = _table(value)
    head = f'<div class="verdict">{page.escape(str(value.verdict))}</div>'
    drawn = standings.svg(made) if (made := value.plot()).points and len(made.points) > 1 else ""
    answers = _beside(value) if value.rows == 1 else ""
    return page.frame(
        f"{head}{answers}{grid(columns, rows)}{drawn}{_folded(value)}{page.foot(*_foot(value))}",
        "comparisons",
    )


def _coming(value: Beside) -> str:
    """Columns of the texts so far, without what may turn out to be the beginning of a token."""
    cells = []
    for name, said, state in zip(value.names, value.texts, value.states, strict=True):
        words = coming.words(SimpleNamespace(text=said), whole=state == "done")[-COMING:]
        about = f' <span class="soft">{page.escape(state)}</span>' if state else ""
        cells.append(f"<div><div><b>{page.escape(name)}</b>{about}</div>{page.escape(words)}</div>")
    return page.frame(f'<div class="beside">{"".join(cells)}</div>', "comparisons")


def _small(value: Any) -> str:
    if isinstance(value, Beside):
        return "\n".join(f"{name}: {said}" for name, said in zip(value.names, value.texts, strict=True))
    if isinstance(value, Showing):
        return f"{value.contender.name}: {_rows(value.ok, value.failed, value.left)}"
    if isinstance(value, Contender):
        said = (value.task, value.provider, value.copy, value.template)
        return " · ".join([value.name, value.model, *(one for one in said if one and one != "auto")])
    if isinstance(value, Forecast):
        return _left(value)
    if isinstance(value, Likeness):
        return f"{value.first} and {value.second}: the same in {value.same:,} of {value.rows:,} rows"
    if isinstance(value, Line):
        return f"{value.name}: {_rows(value.ok, value.failed, value.left)}"
    return str(value.to_dict())


# -- the figures


def _table(of: Comparison) -> tuple[list[plain.Column], list[list[str]]]:
    """Columns that say something of anybody."""
    metrics = list(dict.fromkeys(name for one in of.lines for name in one.scores))
    columns = [
        plain.Column("contender"),
        *(plain.Column(name.replace("_", " "), right=True, keep=2 + at) for at, name in enumerate(metrics)),
        plain.Column("seconds a row", right=True, keep=1),
        plain.Column("first part", right=True, keep=8),
        plain.Column("tokens/s", right=True, keep=7),
        plain.Column("memory", right=True, keep=9),
        plain.Column("cost", right=True, keep=6),
        plain.Column("rows", right=True),
    ]
    rows = [_line(one, metrics, of.rows) for one in of.lines]
    said = [
        at for at in range(len(columns)) if at == 0 or any(row[at] not in ("", units.NONE) for row in rows)
    ]
    return [columns[at] for at in said], [[row[at] for at in said] for row in rows]


def _line(one: Line, metrics: Sequence[str], rows: int) -> list[str]:
    return [
        one.name,
        *(_figure(one.scores.get(name)) for name in metrics),
        _took(one.seconds),
        units.NONE if one.first is None else units.seconds(one.first),
        units.NONE if one.rate is None else units.figures(one.rate),
        units.size(one.memory),
        units.NONE if one.cost is None else f"${one.cost:.2g}",
        f"{one.ok:,} of {rows:,}" if one.wrong else _rows(one.ok, one.failed, one.left),
    ]


def _rows(ok: int, failed: int, left: int) -> str:
    said = [f"{ok:,}"]
    said += [f"{failed:,} failed"] if failed else []
    said += [f"{left:,} not reached"] if left else []
    return ", ".join(said)


def _figure(one: Any) -> str:
    """0.92 (0.88–0.95)."""
    if one is None:
        return units.NONE
    places = 1 if abs(one.value) > 1.5 else 3
    if one.low is None or one.high is None:
        return f"{one.value:.{places}f}"
    return f"{one.value:.{places}f} ({one.low:.{places}f}–{one.high:.{places}f})"


def _took(one: Any) -> str:
    if one is None:
        return units.NONE
    if one.low is None or one.high is None:
        return units.seconds(one.value)
    return f"{units.seconds(one.value)} ({units.seconds(one.low)}–{units.seconds(one.high)})"


# -- the rows


def _differing(of: Comparison, most: int, wide: int) -> tuple[list[plain.Column], list[list[str]]]:
    columns = [plain.Column("row", right=True), plain.Column("input", keep=1)]
    if of.labels is not None:
        columns.append(plain.Column("label", keep=2))
    columns += [plain.Column(name, keep=0 if at < 2 else 2 + at) for at, name in enumerate(of.names)]
    rows = []
    for at in of.differing[:most]:
        cells = [f"{at:,}", _short(of.inputs[at], wide)]
        if of.labels is not None:
            cells.append(_short(of.labels[at], wide))
        rows.append([*cells, *(_short(answer(of, one, at), wide) for one in of.showings)])
    more = len(of.differing) - len(rows)
    if more > 0:
        rows.append(["…", f"{more:,} more: .to_pandas()", *[""] * (len(columns) - 2)])
    return columns, rows


def answer(of: Comparison, one: Showing, at: int) -> str:
    """A contender's answer to a row, with how sure it is; or why there is none."""
    made = one.outputs[at]
    if made is None:
        failure = next((row.error for row in one.failures if row.row == at), "")
        return f"({failure})" if failure else units.NONE
    if of.kind == "vectors":
        return f"{len(made)} numbers"
    score = score_of(of.kind, made)
    return f"{_said(of.kind, made)}{'' if score is None else f' {score:.2f}'}"


def _said(kind: str, made: Any) -> str:
    found = answer_of(kind, made)
    if kind == "spans":
        return (
            ", ".join(f"{one.get('word')} ({one.get('entity_group') or one.get('entity')})" for one in found)
            or "none"
        )
    return str(found)


def _only(of: Comparison) -> list[str]:
    """Of one prompt the answers themselves, one below the other."""
    if of.rows != 1:
        return []
    most = WHOLE // len(of.showings)
    return ["\n\n".join(f"{one.contender.name}:\n{answer(of, one, 0)[:most]}" for one in of.showings)]


def _beside(of: Comparison) -> str:
    """The same side by side, the words marked that the first does not have."""
    said = [answer(of, one, 0)[: WHOLE // len(of.showings)] for one in of.showings]
    first = said[0] if of.kind == "text" and of.showings[0].ok else None
    cells = [
        f"<div><div><b>{page.escape(one.contender.name)}</b></div>"
        f"{marked(first, words) if at and first is not None and one.ok else page.escape(words)}</div>"
        for at, (one, words) in enumerate(zip(of.showings, said, strict=True))
    ]
    return f'<div class="beside">{"".join(cells)}</div>'


def _folded(of: Comparison) -> str:
    if not of.differing or of.rows == 1:
        return ""
    for most in (SHOWN_HTML, 5, 2, 1):
        columns, rows = _differing(of, most, WIDE_HTML)
        if of.kind == "text":
            rows = [_marked(of, row) for row in rows]
        if sum(len(page.escape(cell)) for row in rows for cell in row) < ROOM:
            break
    count = "1 row" if len(of.differing) == 1 else f"{len(of.differing):,} rows"
    return f"<details><summary>{count} that differ</summary>{grid(columns, rows, wide=1)}</details>"


def _marked(of: Comparison, row: list[str]) -> list[str]:
    """Texts with the words marked that the first contender's does not have."""
    first = 3 if of.labels is not None else 2
    if row[0] == "…" or len(row) <= first + 1:
        return row
    return [*row[: first + 1], *(Html(marked(row[first], other)) for other in row[first + 1 :])]


def marked(before: str, after: str) -> str:
    """HTML of `after`, the words marked that `before` does not have."""
    one, every = WORD.findall(before)[:LONGEST], WORD.findall(after)
    other, rest = every[:LONGEST], page.escape("".join(every[LONGEST:]))
    parts = []
    for kind, _, _, begin, end in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        said = page.escape("".join(other[begin:end]))
        parts.append(f"<mark>{said}</mark>" if kind in ("insert", "replace") and said.strip() else said)
    return "".join(parts) + rest


def _short(value: Any, wide: int) -> str:
    if value is None:
        return units.NONE
    if isinstance(value, dict):
        value = " · ".join(str(one)[:wide] for one in list(value.values())[:4])
    line = " ".join(str(value)[: 4 * wide].split())
    return line if len(line) <= wide else f"{line[: wide - 1]}…"


# -- the last lines


def _foot(of: Comparison) -> list[str]:
    lines = [one for one in (_asked(of), _flips(of), _judged(of), _timed(of)) if one]
    lines += [
        f"{one.contender.name}: {one.wrong.next_step}"
        for one in of.showings
        if one.wrong is not None and one.wrong.next_step
    ]
    lines += [f"{one.contender.name}: {said}" for one in of.showings for said in one.notes]
    lines += of.notes
    if of.stopped:
        lines.append("Stopped: this is what was done. The same call goes on from here.")
    return lines


def _asked(of: Comparison) -> str:
    rows = "1 row" if of.rows == 1 else f"{of.rows:,} rows"
    labels = ", with labels" if of.labels is not None else ""
    return f"{of.task} · {rows}{labels} · {units.seconds(of.seconds)}"


def _timed(of: Comparison) -> str:
    """How many rows the seconds stand on, where it is not all."""
    count = max((len(one.alone) for one in of.showings), default=0)
    return f"Seconds are of {count:,} rows that were asked one at a time." if 0 < count < of.rows else ""


def _flips(of: Comparison) -> str:
    """The parts in which the other one is ahead."""
    if not of.wanted or not of.scores or len(of.scores) < 2:
        return ""
    said = []
    try:
        parts = of.slices(*of.wanted)
    except HfNbError as wrong:  # a column that makes no parts is no reason to show nothing
        return f"No parts: {wrong.problem}"
    for (first, second), made in parts.items():
        for one in made.flips:
            better = first if one.ahead > 0 else second
            said.append(
                f"{better} is ahead where {one.column} is {one.value} (n = {one.paired.difference.n:,})"
            )
    return (
        f"The other way round: {'; '.join(said)}."
        if said
        else f"In no part by {' or '.join(of.wanted)} is it shown to be the other way round."
    )


def _judged(of: Comparison) -> str:
    made = of.judged
    if made is None:
        return ""
    steady = (
        f"gave the same in both orders in {made.steady.value:.0%} of {made.steady.n:,}"
        if made.steady.n
        else "gave no readable answer"
    )
    biased = "; it prefers what it reads first" if made.biased and made.first.value > 0.5 else ""
    biased = "; it prefers what it reads last" if made.biased and made.first.value < 0.5 else biased
    unread = f", {made.unanswered:,} not readable" if made.unanswered and made.steady.n else ""
    return f"The judge {steady}{unread}{biased}."


def _left(one: Forecast) -> str:
    time = "" if one.seconds is None else f"≈ {units.seconds(one.seconds)}"
    cost = "" if one.dollars is None else f"≈ ${one.dollars:.2g}"
    said = ", ".join(part for part in (time, cost) if part) or "nobody knows how long"
    return f"{one.rows:,} rows more: {said} (by {one.measured:,} rows asked alone)"
