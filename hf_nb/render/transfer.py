"""What a pull brought: one line, what was left out and why, where it lies."""

from collections import defaultdict
from collections.abc import Iterable

from hf_nb.render import page, plain, units
from hf_nb.values import Pulled, PulledFile

SHOWN = 40
NAMED = 3


def text(pulled: Pulled) -> str:
    """The answer first, then what needs a thought."""
    lines = [_head(pulled), *_remarks(pulled)]
    if pulled.dry_run:
        lines += ["", _table(pulled)]
    else:
        lines.append(pulled.path)
    return "\n".join(lines)


def html(pulled: Pulled) -> str:
    """The same, files and folder folded under it: a notebook that is kept need not begin with this machine's paths."""
    name, _, rest = _head(pulled).partition(": ")
    remarks = "".join(f"<div>{page.escape(line)}</div>" for line in _remarks(pulled))
    path = (
        "" if pulled.dry_run else f'<div class="scroll soft">In <code>{page.escape(pulled.path)}</code></div>'
    )
    rows = "".join(_row(file) for file in pulled.files[:SHOWN])
    more = len(pulled.files) - SHOWN
    foot = page.foot(f"{more} more: .files has them all") if more > 0 else ""
    opened = " open" if pulled.dry_run else ""
    head = '<th scope="col">file</th><th scope="col" class="num">size</th><th scope="col">state</th>'
    table = f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    return page.frame(
        f'<div class="head"><span class="name">{page.escape(name)}</span><span>{page.escape(rest)}</span></div>'
        f"{remarks}<details{opened}><summary>{_count(len(pulled.files))}</summary>{path}"
        f"{table}{foot}</details>{page.foot(_next(pulled)) if pulled.dry_run else ''}"
    )


def _next(pulled: Pulled) -> str:
    return "To fetch it: the same line without --dry-run." if pulled.of("to fetch") else "It is here."


def _head(pulled: Pulled) -> str:
    full = pulled.repo if pulled.kind == "model" else f"{pulled.kind}s/{pulled.repo}"
    name = f"{full} @ {_revision(pulled)}"
    return f"{name}: {_plan(pulled) if pulled.dry_run else _done(pulled)}"


def _plan(pulled: Pulled) -> str:
    coming, here = pulled.of("to fetch"), pulled.of("cached")
    if not coming:
        return f"everything is here, {_files(here)}"
    fits = "it fits" if pulled.fits else "it does not fit"
    return f"{_files(coming)} to fetch{_already(here)}; {units.size(pulled.free)} free, {fits}"


def _done(pulled: Pulled) -> str:
    came, here = pulled.of("fetched"), pulled.of("cached")
    if not came:
        return f"everything was here, {_files(here)}"
    rate = f" ({units.size(int(pulled.rate))}/s)" if pulled.rate and pulled.seconds >= 1 else ""
    # what an earlier try left need not come again
    size = sum(file.size or 0 for file in came)
    new = f", {units.size(pulled.moved)} of it now," if pulled.moved < 0.95 * size else ""
    return f"{_files(came)}{new} in {units.seconds(pulled.seconds)}{rate}{_already(here)}"


def _already(here: tuple[PulledFile, ...]) -> str:
    return f", {len(here)} here already" if here else ""


def _remarks(pulled: Pulled) -> list[str]:
    """What was left out, the licence, and what else is to be known."""
    reasons: dict[str, list[PulledFile]] = defaultdict(list)
    for file in pulled.of("left out"):
        reasons[file.why].append(file)
    lines = [_left(why, files) for why, files in reasons.items()]
    if pulled.licence and not pulled.licence.endswith("(open)"):
        lines.append(f"Licence: {pulled.licence}")
    if pulled.note:
        lines.append(pulled.note)
    return lines


def _left(why: str, files: list[PulledFile]) -> str:
    step = f" To have one all the same, name it: {files[0].path}" if why.startswith("a pickle") else ""
    return f"Left out ({why}): {_named(files)}.{step}"


def _named(files: list[PulledFile]) -> str:
    names = ", ".join(file.path for file in files[:NAMED])
    return names if len(files) <= NAMED else f"{names} and {len(files) - NAMED} more"


def _table(pulled: Pulled) -> str:
    columns = [
        plain.Column("file"),
        plain.Column("size", right=True),
        plain.Column("state", keep=1),
    ]
    rows = [[file.path, units.size(file.size), file.state] for file in pulled.files[:SHOWN]]
    table = plain.table(columns, rows)
    more = len(pulled.files) - SHOWN
    return f"{table}\n{more} more: --json lists them all" if more > 0 else table


def _row(file: PulledFile) -> str:
    exact = f' title="{file.size:,} bytes"' if file.size is not None else ""
    state = f"{file.state}: {file.why}" if file.why else file.state
    return (
        f'<tr><td class="wide"><code>{page.escape(file.path)}</code></td>'
        f'<td class="num"{exact}>{units.size(file.size)}</td><td>{page.escape(state)}</td></tr>'
    )


def _files(files: Iterable[PulledFile]) -> str:
    listed = list(files)
    return f"{_count(len(listed))} ({units.size(sum(file.size or 0 for file in listed))})"


def _count(number: int) -> str:
    return f"{number} file" if number == 1 else f"{number} files"


def _revision(pulled: Pulled) -> str:
    short = pulled.commit[:7]
    return short if pulled.revision == pulled.commit else f"{pulled.revision} ({short})"
