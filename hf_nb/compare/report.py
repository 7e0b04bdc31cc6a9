"""A comparison as one page of HTML: no script, nothing from elsewhere, every answer escaped."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from hf_nb.compare import slicing
from hf_nb.compare.exports import written
from hf_nb.plumbing import redact
from hf_nb.render import comparisons, grid, page, plain
from hf_nb.values.base import Text
from hf_nb.values.comparisons import Comparison, Showing

ROWS = 2_000  # rows in a page; more makes a browser slow, and JSON lines hold them all
LONGEST = 2_000  # characters of an answer in it
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = (
    "body{margin:24px auto;max-width:1120px;padding:0 16px;font:14px/1.45 system-ui,sans-serif;color-scheme:light dark}"
    "h1{font-size:20px}h2{font-size:15px;margin:24px 0 8px}td.wide{white-space:pre-wrap}"
)


def report(of: Comparison, path: str | os.PathLike[str], *, replace: bool = False) -> Text:
    """The page, written whole or not at all."""
    written(path, iter([redact.tokens("".join(_page(of)))]), replace=replace)
    return Text(f"{of.rows:,} rows of {len(of.showings)} contenders: {path}")


def _page(of: Comparison) -> Iterator[str]:
    title = page.escape(" · ".join(of.names))
    yield "<!doctype html>"
    yield f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield f"<style>{STYLE}</style></head><body><h1>{title}</h1>"
    yield comparisons.html(of)
    yield f"<h2>Who took part</h2>{_contenders(of)}"
    for heading, columns, rows in _further(of):
        yield f"<h2>{page.escape(heading)}</h2>{page.frame(grid.grid(columns, rows))}"
    yield f"<h2>All rows</h2>{_rows(of)}{page.frame(page.foot(_versions(of)))}</body></html>"


def _contenders(of: Comparison) -> str:
    columns = [
        plain.Column(name) for name in ("contender", "model", "commit", "run by", "parameters", "template")
    ]
    rows = []
    for one in of.showings:
        who = one.contender
        method = one.source.method if one.source is not None else who.provider
        params = ", ".join(f"{key}={value!r}" for key, value in who.params.items())
        asked = "\n".join(said for said in (who.system and f"system: {who.system}", who.template) if said)
        rows.append([who.name, who.model, _commit(one), f"{method} {who.copy}".strip(), params, asked])
    return page.frame(grid.grid(columns, rows, wide=5))


def _commit(one: Showing) -> str:
    return one.contender.revision or (one.source.revision if one.source is not None else None) or ""


def _further(of: Comparison) -> Iterator[tuple[str, list[plain.Column], list[list[str]]]]:
    """Every test, parts of the rows, votes: what the sentence stands on."""
    found = of.verdict.findings
    if found:
        columns = [plain.Column("between"), plain.Column("metric"), plain.Column("difference", right=True)]
        columns += [
            plain.Column("p, corrected", right=True),
            plain.Column("test"),
            plain.Column("rows", right=True),
        ]
        yield "Every pair on every metric", columns, [_finding(one) for one in found]
    if of.wanted and len(of.scores) > 1:
        columns = [plain.Column("part"), plain.Column("between"), plain.Column("difference", right=True)]
        columns += [plain.Column("p, corrected", right=True), plain.Column("rows", right=True)]
        yield "Parts of the rows", columns, [*_slices(of)]
    if of.voted:
        yield (
            "Votes",
            [plain.Column("between"), plain.Column("what they support")],
            [[f"{first}, {second}", said] for (first, second), said in of.voted.items()],
        )


def _finding(one: Any) -> list[str]:
    made = one.paired
    shown = made.times if made.scale == "ratio" else made.difference
    unit = "×" if made.scale == "ratio" else ""
    return [
        f"{one.first}, {one.second}",
        made.metric.replace("_", " "),
        _interval(shown, unit),
        f"{one.p:.3g}",
        made.test,
        f"{made.difference.n:,}",
    ]


def _slices(of: Comparison) -> Iterator[list[str]]:
    for (first, second), made in of.slices(*of.wanted).items():
        for one in made.all:
            yield [
                f"{one.column}: {one.value}",
                f"{first}, {second}",
                _interval(one.paired.difference, ""),
                f"{one.p:.3g}",
                f"{one.paired.difference.n:,}",
            ]
        for column, value, count in made.small:
            yield [f"{column}: {value}", f"{first}, {second}", "too few rows", "", f"{count:,}"]


def _interval(one: Any, unit: str) -> str:
    if one.low is None or one.high is None:
        return f"{one.value:.3g}{unit}"
    return f"{one.value:.3g}{unit} ({one.low:.3g} to {one.high:.3g})"


def _rows(of: Comparison) -> str:
    columns = [plain.Column("row", right=True), plain.Column("input")]
    columns += [plain.Column("label")] if of.labels is not None else []
    columns += [plain.Column(name) for name in of.names]
    rows = []
    for at in range(min(of.rows, ROWS)):
        cells = [f"{at:,}", slicing.text(of.inputs[at])[:LONGEST]]
        cells += [str(of.labels[at])] if of.labels is not None else []
        rows.append([*cells, *(comparisons.answer(of, one, at)[:LONGEST] for one in of.showings)])
    more = page.foot(f"{of.rows - ROWS:,} more rows: .to_jsonl(path)") if of.rows > ROWS else ""
    return page.frame(f"{grid.grid(columns, rows, wide=1)}{more}")


def _versions(of: Comparison) -> str:
    return ", ".join(f"{name} {version}" for name, version in of.versions.items())
