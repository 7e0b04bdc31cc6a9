"""A value as text and as HTML: one file per kind, each with `text(value)` and `html(value)`."""

import importlib
from typing import Any

RENDERERS: dict[str, str] = {
    "Row": "hf_nb.render.repos",
    "SearchResult": "hf_nb.render.repos",
    "RepoInfo": "hf_nb.render.card",
    "Licence": "hf_nb.render.licence",
    "Labels": "hf_nb.render.labels",
    "Spans": "hf_nb.render.spans",
    "Extract": "hf_nb.render.extract",
    "Fills": "hf_nb.render.fills",
    "Cells": "hf_nb.render.cells",
    "Vectors": "hf_nb.render.vectors",
    "Similarities": "hf_nb.render.similarities",
    "Similarity": "hf_nb.render.similarities",
    "Written": "hf_nb.render.texts",
    "Reply": "hf_nb.render.chat",
    "ToolCall": "hf_nb.render.chat",
    "Pushed": "hf_nb.render.push",
    "Table": "hf_nb.render.table",
    "Pulled": "hf_nb.render.transfer",
    "CacheStatus": "hf_nb.render.cache",
    "Trimmed": "hf_nb.render.cache",
    "Panel": "hf_nb.render.login",
    "Who": "hf_nb.render.login",
    "Token": "hf_nb.render.login",
    "Tokens": "hf_nb.render.login",
    "LoggedOut": "hf_nb.render.login",
    "Set": "hf_nb.render.settings",
    "Sets": "hf_nb.render.settings",
    "OfficialRows": "hf_nb.render.official",
    "OfficialRecord": "hf_nb.render.official",
    "OfficialResult": "hf_nb.render.official",
    "OfficialText": "hf_nb.render.official",
    "OfficialParts": "hf_nb.render.official",
    "Ref": "hf_nb.render.history",
    "Refs": "hf_nb.render.history",
    "Commit": "hf_nb.render.history",
    "Log": "hf_nb.render.history",
    "Change": "hf_nb.render.diff",
    "FileChange": "hf_nb.render.diff",
    "Diff": "hf_nb.render.diff",
    "Discussion": "hf_nb.render.discuss",
    "Discussions": "hf_nb.render.discuss",
    "Thread": "hf_nb.render.discuss",
    "AccessRequest": "hf_nb.render.access",
    "AccessRequests": "hf_nb.render.access",
    "Asked": "hf_nb.render.access",
    "Repository": "hf_nb.render.access",
    "Lock": "hf_nb.render.lock",
    "LockCheck": "hf_nb.render.lock",
    "Limits": "hf_nb.render.limits",
    "Allowance": "hf_nb.render.limits",
    "ResponseCache": "hf_nb.render.limits",
    "Checkup": "hf_nb.render.doctor",
    "Symptom": "hf_nb.render.doctor",
    "Stats": "hf_nb.render.numbers",
    "Stat": "hf_nb.render.numbers",
    "Plot": "hf_nb.render.numbers",
    "LoadedModels": "hf_nb.render.loaded",
    "Fit": "hf_nb.render.fits",
    "Pick": "hf_nb.render.picks",
    "Picks": "hf_nb.render.picks",
    "Parity": "hf_nb.render.parity",
    "Way": "hf_nb.render.parity",
    "Bisection": "hf_nb.render.bisections",
    "Trial": "hf_nb.render.bisections",
    "TensorChange": "hf_nb.render.bisections",
    "LoadedModel": "hf_nb.render.loaded",
    "Control": "hf_nb.render.controls",
    "Controls": "hf_nb.render.controls",
    "Run": "hf_nb.render.runs",
    "Runs": "hf_nb.render.runs",
    "KeptAnswers": "hf_nb.render.remembered",
    "Advice": "hf_nb.render.advice",
    "Tip": "hf_nb.render.advice",
    "Unloaded": "hf_nb.render.loaded",
    "Description": "hf_nb.render.description",
    "Rows": "hf_nb.render.rows",
    "Cost": "hf_nb.render.rows",
    "Saved": "hf_nb.render.rows",
    "Estimate": "hf_nb.render.estimates",
    "Quote": "hf_nb.render.estimates",
    "Balance": "hf_nb.render.balance",
    "Duplicates": "hf_nb.render.alike",
    "Leakage": "hf_nb.render.alike",
    "Lengths": "hf_nb.render.lengths",
    "Languages": "hf_nb.render.languages",
    "Personal": "hf_nb.render.personal",
    "Prepared": "hf_nb.render.prepared",
    "Batch": "hf_nb.render.batches",
    "Beside": "hf_nb.render.comparisons",
    "Comparison": "hf_nb.render.comparisons",
    "Contender": "hf_nb.render.comparisons",
    "Forecast": "hf_nb.render.comparisons",
    "Likeness": "hf_nb.render.comparisons",
    "Line": "hf_nb.render.comparisons",
    "Showing": "hf_nb.render.comparisons",
    "Standing": "hf_nb.render.standings",
    "Standings": "hf_nb.render.standings",
    "Text": "hf_nb.render.verbatim",
    "Code": "hf_nb.render.verbatim",
}


# Lines of text that a notebook keeps beside the HTML.
MOST_LINES = 220


def bundle(value: Any) -> dict[str, str]:
    """What a notebook shows: HTML where it can, text where it cannot."""
    return {"text/plain": _short(text(value)), "text/html": html(value)}


def text(value: Any) -> str:
    """For a terminal, a log, a screen reader. Tokens and control characters are taken out here, once for all."""
    from hf_nb.plumbing import redact
    from hf_nb.render import plain

    module = _module(value)
    shown = str(module.text(value)) if module else _fields(value)
    return redact.tokens("\n".join(plain.clean(line) for line in shown.split("\n")))


def html(value: Any) -> str:
    """For a notebook, in light and dark; everything that came from outside is escaped, and no token is in it."""
    from hf_nb.plumbing import redact
    from hf_nb.render import page

    module = _module(value)
    shown = str(module.html(value)) if module else page.frame(f"<pre>{page.escape(_fields(value))}</pre>")
    return redact.tokens(shown)


def _short(text: str) -> str:
    """An output is stored with its notebook: its beginning, and the last lines, which say where it goes on."""
    lines = text.split("\n")
    if len(lines) <= MOST_LINES:
        return text
    left = len(lines) - MOST_LINES
    return "\n".join(
        [*lines[: MOST_LINES - 3], f"… {left:,} more lines: print() shows them all", *lines[-3:]]
    )


def _module(value: Any) -> Any:
    name = RENDERERS.get(type(value).__name__)
    return importlib.import_module(name) if name else None


def _fields(value: Any) -> str:
    return "\n".join(
        f"{key}: {item}" for key, item in value.to_dict().items() if item not in (None, "", [], {})
    )
