"""One repository as text; as HTML it is a sheet."""

from __future__ import annotations

import textwrap

from hf_nb.render import entries, facts, files, markdown, plain, sheet, steps, units
from hf_nb.values import RepoInfo

html = sheet.html
MOST_SUBSETS = sheet.MOST_SUBSETS
MOST_COLUMNS = sheet.MOST_COLUMNS


def text(repo: RepoInfo) -> str:
    """Facts, results, files; or with --files and --card what was asked for."""
    if repo.view == "files":
        return f"{repo.id}: {files.title(repo.files)}\n\n{files.text(repo.files, whole=True)}"
    if repo.view == "card":
        return repo.card or repo.note or "This repository has no card."
    parts = [_heading(repo)]
    if summary := markdown.summary(repo.card):
        parts.append(textwrap.fill(plain.clean(summary), _room()))
    parts.append("\n".join(_fact_lines(repo)))
    parts += ["\n".join(_wrapped("! ", line) for _, line in facts.notes(repo))] if facts.notes(repo) else []
    if repo.runtime and repo.runtime.error:
        parts.append("\n".join(repo.runtime.error.strip().splitlines()[-6:]))
    parts += [one for one in (_scores_text(repo), _memory_text(repo), _subsets_text(repo)) if one]
    if repo.files:
        parts.append(files.text(repo.files, whole=False))
    parts.append(steps.following(repo))
    return "\n\n".join(parts)


def _heading(repo: RepoInfo) -> str:
    words = [entries.sort(repo), repo.private and "private"]
    return f"{repo.id}  ({', '.join(word for word in words if word)})"


def _fact_lines(repo: RepoInfo) -> list[str]:
    found = [("Licence", facts.licence(repo)), *((one.name, one.value) for one in facts.facts(repo))]
    if address := facts.app(repo):
        found.append(("App", address))
    if repo.access and not repo.access.granted:
        found.append(("To get in", f"{steps.ask(repo)}, or on its page: {repo.access.ask}"))
    return [_wrapped(f"{name + ':':<15}", value) for name, value in found if value]


def _wrapped(lead: str, value: str) -> str:
    return textwrap.fill(
        plain.clean(value),
        _room(),
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _room() -> int:
    return min(plain.width(), 120)


def _scores_text(repo: RepoInfo) -> str:
    if not repo.scores:
        return ""
    columns = [plain.Column("evaluated on"), plain.Column("metric"), plain.Column("value", right=True)]
    rows = [
        [dataset, _cut(metric, 22), _cut(value, 14)] for dataset, metric, value, _ in entries.scores(repo)
    ]
    table = plain.table(columns, rows)
    more = len(repo.scores) - entries.MOST_SCORES
    return f"{table}\n… {more} more" if more > 0 else table


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"


def _memory_text(repo: RepoInfo) -> str:
    rows = entries.memory(repo)
    if not rows:
        return ""
    columns = [plain.Column("weights in memory as"), plain.Column("size", right=True)]
    return f"{plain.table(columns, rows)}\n{textwrap.fill(entries.ASSUMED, _room())}"


def _subsets_text(repo: RepoInfo) -> str:
    if not repo.subsets:
        return ""
    columns = [plain.Column("subset"), plain.Column("splits (rows)"), plain.Column("size", right=True)]
    rows = [[one.name, entries.splits(one), units.size(one.bytes)] for one in repo.subsets[:MOST_SUBSETS]]
    parts = [plain.table(columns, rows)]
    if left := repo.subsets[MOST_SUBSETS:]:
        parts.append(f"… {len(left)} more")
    first = repo.subsets[0]
    if first.columns:
        names = ", ".join(f"{name} ({kind})" for name, kind in list(first.columns.items())[:MOST_COLUMNS])
        parts.append(_wrapped(f"Columns of {first.name}: ", names))
    return "\n".join(parts)
