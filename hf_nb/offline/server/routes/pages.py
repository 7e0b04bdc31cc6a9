"""Pages for a browser: one repository, its folders and files."""

import json
import sqlite3
from itertools import islice
from urllib.parse import quote

from hf_nb.offline import history, people, trees
from hf_nb.offline.blobs import Blob
from hf_nb.offline.derive import card
from hf_nb.offline.server import pages, refusals
from hf_nb.offline.server.answers import Answer
from hf_nb.offline.server.ask import Ask
from hf_nb.offline.server.markdown import rendered
from hf_nb.offline.server.pages import address, shown, size, when
from hf_nb.offline.trees import Entry

_FOLDER, _WITH_COMMITS, _SIDE = 500, 100, 15
_MOST_TAGS, _MOST_REFS = 30, 30
_MOST_TEXT = 200_000
_CARD_READ = 4 * _MOST_TEXT
_EMPTY = '<p class="soft">Nothing here.</p>'


def repository(ask: Ask) -> Answer:
    """`GET /[datasets/|spaces/]{id}`: the card, and beside it what there is."""
    row = ask.repo
    commit = history.resolve(ask.sql, row["rid"], "HEAD")
    tags = json.loads(row["tags"])
    chips = "".join(
        f'<a class="tag" href="/{row["type"]}s?filter={quote(str(tag), errors="replace")}">{shown(tag)}</a>'
        for tag in tags[:_MOST_TAGS]
    ) + (f'<span class="soft">{len(tags) - _MOST_TAGS} more</span>' if len(tags) > _MOST_TAGS else "")
    main = f"<div>{chips}</div>{_card(ask, row, commit)}"
    side = f"{_last(row, commit)}{_top(ask, row, commit)}{_refs(ask, row)}"
    return pages.repository(
        row, "Card", f'<div class="two"><div>{main}</div><div class="side">{side}</div></div>'
    )


def folder(ask: Ask) -> Answer:
    """`GET /{id}/tree/{rev}[/{path}]`."""
    row = ask.repo
    commit = ask.commit(row)
    rev, path = ask.names["rev"], ask.names.get("path", "").strip("/")
    top = trees.find(ask.sql, commit.tree, path)
    if top is None:
        raise refusals.entry_not_found(path, commit.oid)
    if not top.folder:
        raise refusals.Redirect(address(row, "blob", rev, path))
    every = trees.read(ask.sql, top.oid)
    every.sort(key=lambda entry: (not entry.folder, entry.name))
    start = ask.number("p", 0, 10**6, least=0) * _FOLDER
    some = every[start : start + _FOLDER]
    prefix = f"{path}/" if path else ""
    touched = (
        history.last_touched(ask.sql, row["rid"], commit.oid, [prefix + one.name for one in some])
        if len(every) <= _WITH_COMMITS
        else {}
    )
    lines = "".join(_line(ask, row, rev, prefix, entry, touched.get(prefix + entry.name)) for entry in some)
    left = len(every) - start - len(some)
    more = f'<p><a href="?p={start // _FOLDER + 1}" rel="next">{left:,} more</a></p>' if left > 0 else ""
    body = f"{_crumbs(row, rev, path)}{f'<table>{lines}</table>' if lines else _EMPTY}{more}{_refs(ask, row)}"
    return pages.repository(row, "Files", body, title=path or rev, headers={"x-repo-commit": commit.oid})


def file(ask: Ask) -> Answer:
    """`GET /{id}/blob/{rev}/{path}`: a text that is not too long; of everything else its size."""
    row = ask.readable()
    commit = ask.commit(row)
    rev, path = ask.names["rev"], ask.names["path"].strip("/")
    entry = trees.find(ask.sql, commit.tree, path) if path else None
    if entry is None:
        raise refusals.entry_not_found(path, commit.oid)
    if entry.folder:
        raise refusals.Redirect(address(row, "tree", rev, path))
    blob = history.blob(ask.sql, entry.oid)
    links = f'<a href="{address(row, "resolve", rev, path)}" download>Download</a>'
    about = f'<p class="soft">{size(blob.length)} · {links}</p>'
    if blob.sha256:
        about += f'<p class="soft">Large file, SHA-256 <code>{blob.sha256}</code></p>'
    headers = {"x-repo-commit": commit.oid}
    return pages.repository(
        row,
        "Files",
        f"{_crumbs(row, rev, path)}{about}{_content(ask, row, blob)}",
        title=path,
        headers=headers,
    )


def _card(ask: Ask, row: sqlite3.Row, commit: history.Commit | None) -> str:
    if row["disabled"]:
        return "<p>Access to this repository is disabled.</p>"
    if row["gated"] and not people.granted(ask.sql, row["rid"], row["namespace"], ask.who):
        return "<p>The files of this repository are for those who asked for access and were let in.</p>"
    entry = trees.find(ask.sql, commit.tree, "README.md") if commit else None
    if entry is None or entry.folder:
        return '<p class="soft">There is no card: no README.md.</p>'
    content = _read(ask, row, history.blob(ask.sql, entry.oid), _CARD_READ)
    if content is None:
        return '<p class="soft">The card cannot be read. Run <code>hf-nb hub verify</code>.</p>'
    _, text = card.split(content.decode("utf-8", "replace"))
    return rendered(text) if text.strip() else '<p class="soft">The card says nothing yet.</p>'


def _read(ask: Ask, row: sqlite3.Row, blob: Blob, most: int) -> bytes | None:
    """How a content begins; None where it is not on disk as it should be, or was taken out for good."""
    known = blob.sha256 is None or ask.database.one(
        "SELECT 1 FROM uploads WHERE rid = ? AND sha256 = ?", row["rid"], blob.sha256
    )
    path = ask.site.store.blobs.path_of(blob)
    try:
        if not known or path.stat().st_size != blob.length:
            return None
        with path.open("rb") as source:
            return source.read(most)
    except OSError:
        return None


def _content(ask: Ask, row: sqlite3.Row, blob: Blob) -> str:
    if blob.length > _MOST_TEXT:
        return "<p>Too long to be shown here.</p>"
    content = _read(ask, row, blob, _MOST_TEXT)
    if content is None:
        return "<p>The content of this file is missing or damaged. Run <code>hf-nb hub verify</code>.</p>"
    if not content:
        return '<p class="soft">The file is empty.</p>'
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = "\0"
    return "<p>Not text.</p>" if "\0" in text else f"<pre>{shown(text)}</pre>"


def _last(row: sqlite3.Row, commit: history.Commit | None) -> str:
    if commit is None:
        return ""
    return (
        f'<h2>Last commit</h2><p><a href="{address(row, "commit", commit.oid)}">{shown(commit.title)}</a><br>'
        f"<small>{shown(commit.author)} · {when(commit.date)}</small></p>"
    )


def _top(ask: Ask, row: sqlite3.Row, commit: history.Commit | None) -> str:
    every = trees.read(ask.sql, commit.tree) if commit else []
    every.sort(key=lambda entry: (not entry.folder, entry.name))
    lines = "".join(_line(ask, row, "main", "", entry) for entry in every[:_SIDE])
    left = len(every) - _SIDE
    more = f'<p><a href="{address(row, "tree", "main")}">{left:,} more</a></p>' if left > 0 else ""
    return f"<h2>Files</h2>{f'<table>{lines}</table>' if lines else _EMPTY}{more}"


def _line(
    ask: Ask, row: sqlite3.Row, rev: str, prefix: str, entry: Entry, last: history.Commit | None = None
) -> str:
    """One file or folder: name, size, and where it is known what changed it."""
    kind = "tree" if entry.folder else "blob"
    link = f'<a href="{address(row, kind, rev, prefix + entry.name)}">{shown(entry.name)}</a>'
    length = "" if entry.folder else size(history.blob(ask.sql, entry.oid).length)
    change = (
        f'<td class="wide soft"><a class="soft" href="{address(row, "commit", last.oid)}">{shown(last.title)}</a></td>'
        f'<td class="n soft">{when(last.date)}</td>'
        if last
        else ""
    )
    return f'<tr><td>{link}{"/" if entry.folder else ""}</td><td class="n">{length}</td>{change}</tr>'


def _crumbs(row: sqlite3.Row, rev: str, path: str) -> str:
    """The way down to a path, each step a link."""
    parts = path.split("/") if path else []
    steps = [f'<a href="{address(row, "tree", rev)}">{shown(rev)}</a>']
    steps += [
        f'<a href="{address(row, "tree", rev, "/".join(parts[: place + 1]))}">{shown(part)}</a>'
        for place, part in enumerate(parts[:-1])
    ]
    return f"<p>{' / '.join([*steps, *(f'<b>{shown(part)}</b>' for part in parts[-1:])])}</p>"


def _refs(ask: Ask, row: sqlite3.Row) -> str:
    found = ask.sql.execute(
        "SELECT name FROM refs WHERE rid = ? ORDER BY name != 'refs/heads/main', name", (row["rid"],)
    )
    names = [one["name"] for one in islice(found, _MOST_REFS + 1)]
    links = [
        f'<a class="tag" href="{address(row, "tree", _short(name))}">{shown(_short(name))}</a>'
        for name in names[:_MOST_REFS]
    ]
    more = '<span class="soft">and more</span>' if len(names) > _MOST_REFS else ""
    return f"<h2>Branches and tags</h2><div>{''.join(links)}{more}</div>" if links else ""


def _short(name: str) -> str:
    """A branch or a tag by its own name, everything else by the whole."""
    return name.removeprefix("refs/heads/").removeprefix("refs/tags/")
