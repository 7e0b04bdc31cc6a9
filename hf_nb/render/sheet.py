"""One repository as HTML: what it is and whether one may use it first; the rest folded under that."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from hf_nb.render import entries, facts, files, licence, markdown, page, steps, units
from hf_nb.values import RepoInfo
from hf_nb.values.info import Subset

MOST_SUBSETS = 20
MOST_COLUMNS = 60
MOST_TAGS = 60
_AWAY = 'target="_blank" rel="noopener noreferrer"'


def html(repo: RepoInfo) -> str:
    """A card; what is folded opens by a click, and what was asked for is open."""
    parts = [_head(repo)]
    if summary := markdown.summary(repo.card):
        parts.append(f"<p>{page.escape(summary)}</p>")
    parts += [_notes(repo), _licence(repo), _app(repo), _facts(repo), _error(repo)]
    parts += [_scores(repo), _memory(repo), _subsets(repo), _files(repo), _card(repo), _tags(repo)]
    parts.append(page.foot(steps.following(repo)))
    return page.frame("".join(parts), "card")


def _head(repo: RepoInfo) -> str:
    name = f'<span class="name">{_linked(repo.page, repo.id)}</span>'
    words = [
        entries.sort(repo),
        repo.title if repo.title and repo.title != repo.id else "",
        repo.private and "private",
    ]
    soft = " · ".join(page.escape(word) for word in words if word)
    return f'<div class="head">{name}<span class="soft">{soft}</span></div>'


def _notes(repo: RepoInfo) -> str:
    lines = [
        f'<li class="bad">{_said(line)}</li>' if bad else f"<li>{_said(line)}</li>"
        for bad, line in facts.notes(repo)
    ]
    if repo.access and not repo.access.granted:
        page_link = f'<a href="{page.escape(repo.access.ask)}" {_AWAY}>ask on its page</a>'
        heading = f"{page.escape(repo.access.heading)}: " if repo.access.heading else "To get in: "
        lines.append(f"<li>{heading}{page_link}, or <code>{page.escape(steps.ask(repo))}</code></li>")
    return f'<ul class="notes">{"".join(lines)}</ul>' if lines else ""


def _said(line: str) -> str:
    """The first word in bold: what kind of thing this is, before what it says."""
    word, space, rest = page.escape(line).partition(": ")
    return f"<b>{word}{space}</b>{rest}" if space and len(word) < 40 else page.escape(line)


def _licence(repo: RepoInfo) -> str:
    said = facts.licence(repo)
    if not said:
        return ""
    terms = repo.terms
    shown = page.escape(said)
    if terms and terms.link and urlsplit(terms.link).scheme in ("http", "https"):
        shown += f" {_linked(terms.link, 'Its text')}"
    hover = page.escape(_hover(repo))
    return f'<div class="line"><div>Licence</div><div title="{hover}">{shown}</div></div>'


def _app(repo: RepoInfo) -> str:
    """Where a Space can be used; the offline Hub runs none."""
    address = facts.app(repo)
    return f'<div class="line"><div>App</div><div>{_linked(address, address)}</div></div>' if address else ""


def _hover(repo: RepoInfo) -> str:
    return f"{repo.terms.name}. {', '.join(licence.answers(repo.terms))}" if repo.terms else ""


def _facts(repo: RepoInfo) -> str:
    cells = "".join(
        f"<div><div>{one.name}</div><div{_title(one.exact)}>{page.escape(one.value)}</div></div>"
        for one in facts.facts(repo)
    )
    return f'<div class="facts">{cells}</div>'


def _title(exact: str) -> str:
    return f' title="{page.escape(exact)}"' if exact else ""


def _error(repo: RepoInfo) -> str:
    error = repo.runtime.error if repo.runtime else None
    if not error:
        return ""
    lines = error.strip().splitlines()
    shown = page.escape("\n".join(lines[-60:]))
    return _fold(f"Why it does not run: {lines[-1][:160]}", f"<pre>{shown}</pre>")


def _scores(repo: RepoInfo) -> str:
    if not repo.scores:
        return ""
    more = len(repo.scores) - entries.MOST_SCORES
    grid = _grid(("evaluated on", "metric", "value", "checked"), entries.scores(repo), right=(2,))
    foot = page.foot(f"… {more} more") if more > 0 else ""
    return _fold(f"Evaluation as the card states it ({len(repo.scores)})", grid + foot)


def _memory(repo: RepoInfo) -> str:
    rows = entries.memory(repo)
    variants = [
        [one.format, one.precision or "", entries.paths(one.paths), units.size(one.bytes)]
        for one in repo.weights[:40]
    ]
    if not rows and len(variants) < 2:
        return ""
    body = (
        _grid(("weights in memory as", "size"), rows, right=(1,)) + page.foot(entries.ASSUMED) if rows else ""
    )
    if len(variants) > 1:
        body += _grid(("format", "precision", "files", "size"), variants, right=(3,))
    return _fold("Memory and formats", body)


def _subsets(repo: RepoInfo) -> str:
    if not repo.subsets:
        return ""
    rows = [
        [one.name, entries.splits(one), units.size(one.bytes), units.size(one.download)]
        for one in repo.subsets[:MOST_SUBSETS]
    ]
    grid = _grid(("subset", "splits (rows)", "in memory", "download"), rows, right=(2, 3))
    left = len(repo.subsets) - MOST_SUBSETS
    body = grid + (page.foot(f"… {left} more subsets") if left > 0 else "")
    for one in repo.subsets[:MOST_SUBSETS]:
        if one.columns:
            body += _columns(one, alone=len(repo.subsets) == 1)
    several = len(repo.subsets) > 1
    return _fold(f"{len(repo.subsets)} subsets" if several else "Splits and columns", body, opened=True)


def _columns(one: Subset, *, alone: bool) -> str:
    rows = [[name, kind] for name, kind in list(one.columns.items())[:MOST_COLUMNS]]
    left = len(one.columns) - MOST_COLUMNS
    grid = _grid(("column", "type"), rows) + (page.foot(f"… {left} more columns") if left > 0 else "")
    return grid if alone else _fold(f"{one.name}: {len(one.columns)} columns", grid)


def _files(repo: RepoInfo) -> str:
    if not repo.files:
        return ""
    asked = repo.view == "files"
    most = files.MOST_ROWS * (10 if asked else 1)
    return _fold(f"Files: {files.title(repo.files)}", files.html(repo.files, most=most), opened=asked)


def _card(repo: RepoInfo) -> str:
    if not repo.card:
        return ""
    asked = repo.view == "card"
    most = markdown.MOST_ASKED if asked else markdown.MOST
    body = markdown.rendered(repo.card, base(repo), most)
    if asked:
        body = body.replace('class="card ', 'class="card all ', 1)
    if len(repo.card) > most:
        body += page.foot(
            f"The beginning. The rest: %hf info {repo.full} --card" if not asked else "The beginning."
        )
    return _fold("Card", body, opened=asked)


def _tags(repo: RepoInfo) -> str:
    named = [("Used by", repo.spaces), ("Papers", tuple(f"arXiv {one}" for one in repo.papers))]
    lines = "".join(
        f'<div class="line"><div>{name}</div><div>{page.escape(", ".join(some[:20]))}</div></div>'
        for name, some in named
        if some
    )
    chips = "".join(f"<span>{page.escape(tag)}</span>" for tag in repo.tags[:MOST_TAGS])
    architecture = (
        f'<div class="line"><div>Architecture</div><div>{page.escape(repo.architecture)}</div></div>'
        if repo.architecture
        else ""
    )
    if not (lines or chips or architecture):
        return ""
    return _fold("Tags and links", f'{architecture}{lines}<div class="chips">{chips}</div>')


def base(repo: RepoInfo) -> str:
    """Where a card's relative links lead."""
    if facts.is_local(repo.hub):
        return ""
    return f"{repo.page}/blob/{quote(repo.revision or 'main', safe='')}/README.md"


def _linked(address: str, words: str) -> str:
    """A link where the address will be the same tomorrow, else the words alone."""
    shown = page.escape(words)
    if facts.is_local(address) or urlsplit(address).scheme not in ("http", "https"):
        return shown
    return f'<a href="{page.escape(address)}" {_AWAY}>{shown}</a>'


def _grid(headings: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    def line(cells: Sequence[str], name: str) -> str:
        return "".join(
            f"<{name}{_kind(place, right)}>{page.escape(cell)}</{name}>" for place, cell in enumerate(cells)
        )

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    head = f"<thead><tr>{line(headings, 'th')}</tr></thead>"
    return f'<div class="scroll"><table>{head}<tbody>{body}</tbody></table></div>'


def _kind(place: int, right: Sequence[int]) -> str:
    return ' class="num"' if place in right else ' class="wide"' if place == 0 else ""


def _fold(title: str, body: str, *, opened: bool = False) -> str:
    return f"<details{' open' if opened else ''}><summary>{page.escape(title)}</summary>{body}</details>"
