"""One repository: facts first, files and card folded under them."""

import re
from collections.abc import Sequence

from hf_nb.render import page, plain, units
from hf_nb.render.repos import NAMES
from hf_nb.values import RepoInfo

# Bytes one parameter takes in memory.
BYTES: dict[str, float] = {
    "F64": 8,
    "I64": 8,
    "F32": 4,
    "I32": 4,
    "F16": 2,
    "BF16": 2,
    "I16": 2,
    "F8_E4M3": 1,
    "F8_E5M2": 1,
    "I8": 1,
    "U8": 1,
    "BOOL": 1,
}
FILES_SHOWN = 12
CARD_LINES = 8


def text(repo: RepoInfo) -> str:
    """Facts, files, the beginning of the card."""
    facts = "\n".join(f"{name + ':':<12}{value}" for name, value in _facts(repo))
    parts = [f"{repo.id}  ({_sort(repo)})", facts]
    if repo.scores:
        parts.append(
            plain.table(
                [plain.Column("evaluated on"), plain.Column("metric"), plain.Column("value", right=True)],
                [[score.dataset, score.metric, _value(score.value)] for score in repo.scores],
            )
        )
    if repo.files:
        rows = [[file.path, units.size(file.size)] for file in repo.files[:FILES_SHOWN]]
        more = len(repo.files) - FILES_SHOWN
        listing = plain.table([plain.Column("file"), plain.Column("size", right=True)], rows)
        parts.append(f"{listing}\n… {more} more files" if more > 0 else listing)
    if repo.card:
        lines = [plain.clean(line) for line in repo.card.splitlines() if line.strip()]
        parts.append(
            "\n".join(lines[:CARD_LINES])
            + (f"\n… {len(lines) - CARD_LINES} more lines" if len(lines) > CARD_LINES else "")
        )
    if repo.note:
        parts.append(repo.note)
    parts.append(_next(repo))
    return "\n\n".join(parts)


def html(repo: RepoInfo) -> str:
    """A card."""
    name = f'<span class="name">{page.escape(repo.id)}</span> <span class="soft">{_sort(repo)}</span>'
    head = f'<div class="head">{name}</div>'
    facts = "".join(
        f"<div><div>{name}</div><div>{page.escape(value)}</div></div>" for name, value in _facts(repo)
    )
    parts = [head, f'<div class="facts">{facts}</div>']
    if summary := _first_paragraph(repo.card):
        parts.append(f"<p>{_code_marked(summary)}</p>")
    if repo.scores:
        title = f"Evaluation as stated by the card ({len(repo.scores)})"
        rows = [(score.dataset, score.metric, _value(score.value)) for score in repo.scores]
        parts.append(_fold(title, _grid(("evaluated on", "metric", "value"), rows)))
    if repo.files:
        title = f"Files ({len(repo.files)}, {units.size(repo.bytes)})"
        parts.append(
            _fold(title, _grid(("file", "size"), [(one.path, units.size(one.size)) for one in repo.files]))
        )
    if repo.card:
        parts.append(_fold("The whole card", f"<pre>{page.escape(repo.card)}</pre>"))
    if repo.note:
        parts.append(page.foot(repo.note))
    parts.append(page.foot(_next(repo)))
    return page.frame("".join(parts))


def memory(repo: RepoInfo) -> int | None:
    """Bytes the weights take when loaded as they are stored."""
    if not repo.parameters:
        return None
    return round(sum(number * BYTES.get(kind, 4) for kind, number in repo.parameters.items()))


def _facts(repo: RepoInfo) -> list[tuple[str, str]]:
    facts = [
        ("Task", repo.task),
        ("Library", repo.library),
        ("SDK", repo.sdk),
        ("Status", (repo.stage or "").lower().replace("_", " ") or None),
        ("Hardware", repo.hardware),
        ("Licence", repo.licence),
        ("Languages", ", ".join(repo.languages) or None),
        ("Parameters", _parameters(repo)),
        ("In memory", f"≈ {units.size(memory(repo))}" if repo.parameters else None),
        ("Trained on", ", ".join(repo.datasets) or None),
        ("Stated result", _best(repo)),
        ("Downloads", units.count(repo.downloads) if repo.downloads is not None else None),
        ("Likes", units.count(repo.likes) if repo.likes is not None else None),
        ("Updated", units.day(repo.updated)),
        ("Access", _access(repo)),
        ("Commit", repo.commit[:12] if repo.commit else None),
    ]
    return [(name, value) for name, value in facts if value]


def _parameters(repo: RepoInfo) -> str | None:
    if not repo.parameters:
        return None
    return f"{units.count(sum(repo.parameters.values()))} ({', '.join(repo.parameters)})"


def _best(repo: RepoInfo) -> str | None:
    """The first result the card states: what a reader looks for."""
    if not repo.scores:
        return None
    first = repo.scores[0]
    return f"{first.metric} {_value(first.value)} on {first.dataset}"


def _access(repo: RepoInfo) -> str | None:
    gate = {
        "auto": "gated: access is granted at once on request",
        "manual": "gated: the owner lets people in",
    }
    words = [
        gate.get(repo.gated, "gated") if repo.gated else "",
        "private" if repo.private else "",
        "disabled" if repo.disabled else "",
    ]
    return "; ".join(filter(None, words)) or None


def _sort(repo: RepoInfo) -> str:
    return NAMES[repo.kind][0]


# weights that `infer` loads; an adapter's are not among them
_WEIGHTS = {"model.safetensors", "model.safetensors.index.json"}
_PICKLES = (".bin", ".pkl", ".pickle", ".pt", ".pth", ".ckpt")


def _next(repo: RepoInfo) -> str:
    names = [file.path for file in repo.files]
    safe = any(name.endswith((".safetensors", ".safetensors.index.json")) for name in names)
    match repo.kind:
        case "model" if not safe and any(name.endswith(_PICKLES) for name in names):
            return (
                "Its weights are pickles, which can run code when they are loaded: nothing here loads them."
            )
        case "model" if repo.task == "text-classification" and _WEIGHTS & set(names):
            return f'Try it: %hf infer -m {repo.id} "some text"'
        case "model":
            return f"In Python: from_pretrained({repo.id!r})"
        case "dataset":
            return f"In Python: datasets.load_dataset({repo.id!r})"
        case _:
            return (
                f"More: %hf search spaces --author {repo.author}"
                if repo.author
                else "More: %hf search spaces"
            )


def _grid(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    """A table whose last column is a number."""

    def line(cells: tuple[str, ...], name: str) -> str:
        kinds = ['class="wide"', *[""] * (len(cells) - 2), 'class="num"']
        return "".join(
            f"<{name} {kind}>{page.escape(cell)}</{name}>" for kind, cell in zip(kinds, cells, strict=True)
        )

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return f"<table><thead><tr>{line(headings, 'th')}</tr></thead><tbody>{body}</tbody></table>"


def _fold(title: str, body: str) -> str:
    return f"<details><summary>{page.escape(title)}</summary>{body}</details>"


def _first_paragraph(card: str) -> str:
    """The first lines of prose: what the repository is, in its author's words."""
    for paragraph in card.split("\n\n"):
        block = " ".join(paragraph.split())
        if block and block[0] not in "#|<![`-*>":
            return block if len(block) <= 400 else f"{block[:399]}…"
    return ""


def _code_marked(text: str) -> str:
    """Escaped, with the card's `code` set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", page.escape(text))


def _value(value: float | str) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
