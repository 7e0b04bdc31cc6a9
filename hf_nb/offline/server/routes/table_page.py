"""Pages for a browser: a dataset's rows as a table, a hundred at a time, each with an address of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from hf_nb.offline.server import pages, refusals
from hf_nb.offline.server.answers import Answer
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.pages import address, attribute, number, shown
from hf_nb.offline.server.refusals import Redirect, Refusal
from hf_nb.offline.server.routes import viewer
from hf_nb.offline.server.viewer.asked import PAGE
from hf_nb.offline.server.viewer.conversion import Config, Conversion, Split

_MOST_TEXT, _MOST_COLUMNS, _MOST_NAMES = 300, 40, 50


def rows(ask: Ask) -> Answer:
    """`GET /datasets/{id}/viewer[/{config}[/{split}]]?row=N` (or `p`, a page): that row, and those around it."""
    row = ask.readable()
    if row["type"] != "dataset":
        raise refusals.not_found()
    if ask.site.viewer is None:
        return _page(row, '<p class="soft">This Hub was started without anything that reads datasets.</p>')
    found = ask.site.viewer.of(ask, row)
    config, split = _named(ask, row, found)
    if config is None or split is None:
        words = found.wrong or next((one.wrong for one in found.configs if one.wrong), ("", "No rows."))
        return _page(row, f'<p class="soft">The rows cannot be shown: {shown(words[1])}</p>')
    wanted = ask.number("row", -1, 10**12, least=0)
    start = (wanted if wanted >= 0 else ask.number("p", 0, 10**10, least=0) * PAGE) // PAGE * PAGE
    question = viewer.question(ask, "rows", found, config, split, offset=start, length=PAGE)
    head = _head(row, found, config, split)
    return Answer(
        headers={"x-repo-commit": found.revision},
        later=partial(_later, ask, row, question, head, split, start, wanted),
    )


def _named(ask: Ask, row: sqlite3.Row, found: Conversion) -> tuple[Config | None, Split | None]:
    """The configuration and the split of the address; the first ones where it names none."""
    if "config" not in ask.names:
        config = found.default
        if config is not None:
            raise Redirect(address(row, "viewer", config.name) + f"/{quote(config.splits[0].name)}")
        return None, None
    config = found.config(ask.names["config"])
    if config is None:
        raise refusals.not_found()
    if "split" not in ask.names:
        if config.splits:
            raise Redirect(address(row, "viewer", config.name) + f"/{quote(config.splits[0].name)}")
        return config, None
    split = config.split(ask.names["split"])
    if split is None:
        raise refusals.not_found()
    return config, split


async def _later(
    ask: Ask,
    row: sqlite3.Row,
    question: Mapping[str, Any],
    head: str,
    split: Split,
    start: int,
    wanted: int,
) -> Answer:
    assert ask.site.viewer
    try:
        told = await viewer.ask_of(ask.site.viewer, question)
    except Refusal as refusal:
        return pages.refused(ask, refusal)
    return _page(row, head + _table(told, wanted) + _steps(split.rows, start))


def _page(row: sqlite3.Row, body: str) -> Answer:
    return pages.repository(row, "Viewer", body, title="Viewer")


def _head(row: sqlite3.Row, found: Conversion, config: Config, split: Split) -> str:
    """Which table this is, and which others there are."""
    links = [
        f'<a class="tag" href="{attribute(address(row, "viewer", one.name))}/{quote(part.name, safe="")}"'
        f"{' aria-current=page' if (one.name, part.name) == (config.name, split.name) else ''}>"
        f"{shown(one.name)} / {shown(part.name)}</a>"
        for one in found.configs
        for part in one.splits
    ]
    more = f'<span class="soft">{len(links) - _MOST_NAMES} more</span>' if len(links) > _MOST_NAMES else ""
    count = f"{split.rows:,} rows, {len(config.features):,} columns"
    said = f"<b>{shown(config.name)} / {shown(split.name)}</b> · {count}"
    return f'<div>{"".join(links[:_MOST_NAMES])}{more}</div><p class="soft">{said}</p>'


def _table(told: Mapping[str, Any], wanted: int) -> str:
    names = [str(one["name"]) for one in told["features"]]
    cells = "".join(f"<th>{shown(name)}</th>" for name in names[:_MOST_COLUMNS])
    left = len(names) - _MOST_COLUMNS
    more = f'<th class="soft">{left:,} more columns</th>' if left > 0 else ""
    lines = "".join(_row(one, names[:_MOST_COLUMNS], wanted) for one in told["rows"])
    if not lines:
        return '<p class="soft">No rows here.</p>'
    return f'<div class="rows"><table><tr><th class="n">row</th>{cells}{more}</tr>{lines}</table></div>'


def _row(one: Mapping[str, Any], names: list[str], wanted: int) -> str:
    number = int(one["row_idx"])
    here = " class=here aria-current=true" if number == wanted else ""
    link = f'<a href="?row={number}" id="row-{number}">{number:,}</a>'
    return (
        f'<tr{here}><td class="n">{link}</td>'
        + "".join(f"<td>{_cell(one['row'][name])}</td>" for name in names)
        + "</tr>"
    )


def _cell(value: Any) -> str:
    """A picture as one, everything else as text that is not too long."""
    if value is None:
        return '<span class="soft">null</span>'
    if isinstance(value, dict) and value.keys() == {"src", "height", "width"} and _ours(value["src"]):
        return f'<img src="{attribute(value["src"])}" alt="" loading="lazy">'
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shown(text[:_MOST_TEXT]) + (
        f'<span class="soft"> … {number(len(text))} characters</span>' if len(text) > _MOST_TEXT else ""
    )


def _ours(src: Any) -> bool:
    """Whether this is an address we made: one of the data's own is text."""
    return isinstance(src, str) and "/datasets-server/assets/" in src and "&Signature=" in src


def _steps(rows: int, start: int) -> str:
    at, last = start // PAGE, max(0, rows - 1) // PAGE
    links = []
    if at > 0:
        links += ['<a href="?p=0">first</a>', f'<a href="?p={at - 1}" rel="prev">before</a>']
    if at < last:
        links += [f'<a href="?p={at + 1}" rel="next">next</a>', f'<a href="?p={last}">last</a>']
    form = (
        f'<form><label>Row <input type="number" name="row" min="0" max="{max(0, rows - 1)}"></label></form>'
    )
    return f"<p>{' · '.join(links)}</p>{form}"
