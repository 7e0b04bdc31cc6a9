"""What was sent, or would be: the outcome first, files and secrets under it."""

from __future__ import annotations

from collections.abc import Sequence

from hf_nb.render import page, plain, units
from hf_nb.values import Pushed, PushedFile

FILES_SHOWN = 12
STATES = ("new", "changed", "deleted", "ignored", "same")
_WORDS = {"ignored": "ignored (.gitignore)", "same": "unchanged", "deleted": "replaced"}
_CARDS = {
    "written": "written, there was none",
    "added to": "entry added",
}


def text(value: Pushed) -> str:
    """Outcome, secrets, files, what was left out."""
    parts = ["\n".join([_outcome(value), *_facts_as_text(value)])]
    if value.secrets:
        rows = [[one.path, one.place, one.kind, one.spot] for one in value.secrets]
        columns = [
            plain.Column("secret in"),
            plain.Column("where"),
            plain.Column("kind"),
            plain.Column("--allow-secret", keep=1),
        ]
        parts.append(f"{plain.table(columns, rows)}\n{_stops(value)}")
    if value.files:
        files = _sorted(value)
        columns = [plain.Column("file"), plain.Column("size", right=True), plain.Column("state")]
        rows = [[one.path, units.size(one.size), _state(one)] for one in files[:FILES_SHOWN]]
        more = len(files) - FILES_SHOWN
        parts.append(plain.table(columns, rows) + (f"\n… {more:,} more files" if more > 0 else ""))
    parts += ["\n".join(f"- {line}" for line in _remarks(value))] if _remarks(value) else []
    parts.append(_next(value))
    return "\n\n".join(part for part in parts if part)


def html(value: Pushed) -> str:
    """The same; the address can be followed."""
    sort = f'<span class="soft">{page.escape(_sort(value))}</span>'
    head = f'<div class="head"><span class="name">{_linked(value)}</span>{sort}</div>'
    facts = "".join(
        f"<div>{name.capitalize()}</div><div>{page.escape(said)}</div>" for name, said in _facts(value)
    )
    parts = [head, f"<p>{page.escape(_done(value))}</p>", f'<div class="line">{facts}</div>']
    if value.secrets:
        rows = [(one.path, one.place, one.kind, one.spot) for one in value.secrets]
        parts.append(
            f"<p><b>{_stops(value)}</b></p>{_grid(('file', 'where', 'kind', '--allow-secret'), rows, code=(0, 3))}"
        )
    if value.files:
        files = _sorted(value)
        rows_ = [(one.path, units.size(one.size), _state(one)) for one in files]
        table = _grid(("file", "size", "state"), rows_, code=(0,), right=(1,))
        shown = " open" if len(files) <= FILES_SHOWN else ""
        parts.append(f"<details{shown}><summary>{_files_said(value)}</summary>{table}</details>")
    parts.append(page.foot(*_remarks(value), *filter(None, [_next(value)])))
    return page.frame("".join(parts))


def _outcome(value: Pushed) -> str:
    return f"{_done(value)}\n{value.url}" if not value.dry_run else _done(value)


def _done(value: Pushed) -> str:
    number, size = (
        len(value.going),
        units.size(sum(one.size for one in value.going if one.state != "deleted")),
    )
    files = "1 file" if number == 1 else f"{number:,} files"
    if value.dry_run:
        if value.secrets:
            return "Nothing would go: there are secrets in it."
        if not number:
            return "Nothing would go: the Hub has all of it."
        return f"Would push {files}, {size}, to {value.id}{_new(value)}. Nothing has left this machine."
    if not number:
        return f"Nothing to push: {value.id} has all of it already."
    asked = f" as pull request {value.pull_request}" if value.pull_request else ""
    return f"Pushed {files}, {size}, to {value.id}{_new(value)}{asked} in {units.seconds(value.seconds)}."


def _new(value: Pushed) -> str:
    """Who will see a repository matters most when it is made."""
    if not value.created:
        return ""
    return " (new, private)" if value.private else " (new and public: everybody can see it)"


def _sort(value: Pushed) -> str:
    access = {True: "private", False: "public", None: ""}[value.private]
    return f"{value.kind}, {access}" if access else value.kind


def _facts(value: Pushed) -> list[tuple[str, str]]:
    told = [
        ("what", value.what),
        ("branch", value.revision or ""),
        ("commit", (value.commit or "")[:7] if not value.dry_run and value.going else ""),
        ("message", value.message if value.going and not value.message.startswith("Push ") else ""),
        ("card", _CARDS.get(value.card, "") if any(one.path == "README.md" for one in value.going) else ""),
    ]
    if value.bytes_skipped and value.going and not value.dry_run:
        spared = units.size(value.bytes_skipped)
        told.append(("sent", f"{units.size(value.bytes_sent)}, {spared} were there already"))
    if value.scan_seconds >= 0.5:
        told.append(("looked for secrets", units.seconds(value.scan_seconds)))
    return [(name, said) for name, said in told if said]


def _facts_as_text(value: Pushed) -> list[str]:
    return [f"{name + ':':<9}{said}" for name, said in _facts(value) if name != "looked for secrets"]


def _sorted(value: Pushed) -> list[PushedFile]:
    return sorted(value.files, key=lambda one: (STATES.index(one.state), one.path))


def _state(one: PushedFile) -> str:
    return _WORDS.get(one.state, one.state)


def _files_said(value: Pushed) -> str:
    counts = [(state, sum(1 for one in value.files if one.state == state)) for state in STATES]
    said = ", ".join(f"{number:,} {_WORDS.get(state, state)}" for state, number in counts if number)
    return f"Files: {said}"


def _stops(value: Pushed) -> str:
    number = len(value.secrets)
    return f"{'1 secret stops' if number == 1 else f'{number} secrets stop'} this push."


def _remarks(value: Pushed) -> list[str]:
    left = list(value.left_out)
    lines = list(value.notes)
    if left:
        more = f" and {len(left) - 6} more" if len(left) > 6 else ""
        lines.append(f"Left out: {', '.join(left[:6])}{more}.")
    unread = list(value.unread)
    lines += [f"Not looked through for secrets beyond this: {one}." for one in unread[:5]]
    if len(unread) > 5:
        lines.append(f"… and {len(unread) - 5} more files not looked through whole.")
    return lines


def _next(value: Pushed) -> str:
    address = value.id if value.kind == "model" else f"{value.kind}s/{value.id}"
    if value.secrets:
        spot = next((one.spot for one in value.secrets if not one.kind.endswith(", live")), None)
        one = len(value.secrets) == 1
        allow = f" If it is none: --allow-secret {spot}" if spot else ""
        return f"Take {'it' if one else 'them'} out, and revoke what was shared before.{allow}"
    if value.dry_run:
        return "To push it: the same line without --dry-run." if value.going else ""
    if value.pull_request:
        return f"Read it: %hf discuss {address} {value.pull_request}"
    return f"Get it back: %hf pull {address}"


def _linked(value: Pushed) -> str:
    shown = page.escape(value.id)
    if (value.dry_run and value.created) or not value.url.startswith(("https://", "http://")):
        return shown
    return f'<a href="{page.escape(value.url)}" target="_blank" rel="noopener">{shown}</a>'


def _grid(
    headings: tuple[str, ...],
    rows: Sequence[tuple[str, ...]],
    *,
    code: tuple[int, ...] = (),
    right: tuple[int, ...] = (),
) -> str:
    def cell(column: int, said: str, name: str) -> str:
        shown = page.escape(said)
        shown = f"<code>{shown}</code>" if column in code and name == "td" else shown
        kind = ' class="num"' if column in right else ' class="wide"' if column == 0 and name == "td" else ""
        return f"<{name}{kind}>{shown}</{name}>"

    head = "".join(cell(column, said, "th") for column, said in enumerate(headings))
    body = "".join(f"<tr>{''.join(cell(i, said, 'td') for i, said in enumerate(row))}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
