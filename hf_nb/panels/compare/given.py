"""Where many rows come from: a variable of the notebook, lines that were pasted, a split of a dataset."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hf_nb.errors import BadInput, NotFound
from hf_nb.panels import in_code
from hf_nb.panels.data import held

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask
    from hf_nb.plumbing.session import Session

KINDS = ("variable", "lines", "dataset")
LONGEST = 2_000_000  # characters of pasted lines
MOST = 200  # variables and columns that are offered
# Names by which a column of labels, or of texts, gives itself away.
LABELS = ("label", "labels", "target", "class", "answer", "category", "sentiment")
TEXTS = ("text", "input", "prompt", "sentence", "question", "content", "review", "document")


@dataclass(frozen=True)
class Given:
    """What is asked, as `compare.run` takes it, and how one would write it.

    `written`: the inputs in Python; `what`: in a line of the notebook, where one word says them.
    """

    inputs: Any
    named: Mapping[str, Any] = field(default_factory=dict)
    written: str = ""
    what: str | None = None


def read(said: Mapping[str, Any], session: Session | None = None) -> Given:
    """Rows as a page says them."""
    kind = said.get("kind")
    if kind not in KINDS:
        raise BadInput(f"No rows are named by {kind!r:.40}.", f"Known: {', '.join(KINDS)}.")
    if wrong := [name for name in ("column", "labels", "split", "config") if not _text(said.get(name))]:
        raise BadInput(f"{wrong[0]} is the name of one.")
    limit = said.get("limit")
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        raise BadInput("A limit is a number of rows, from 1.")
    named = {name: said[name] for name in ("column", "labels", "limit") if said.get(name)}
    if kind == "lines":
        return _lines(str(said.get("text") or ""), limit)
    if kind == "dataset":
        id = str(said.get("id") or "").strip()
        if not id:
            raise BadInput("No dataset was named.", "For example owner/name.")
        named |= {name: said[name] for name in ("split", "config") if said.get(name)}
        return Given(id, named, in_code.literal(id), id)
    name = str(said.get("name") or "")
    if name.startswith("$"):
        return Given(held.held(name), named, held.name_of(name) or "inputs")
    value = names().get(name)
    if value is None:
        raise NotFound(f"There is no variable {name!r:.60}.", "Run the cell that makes it.")
    return Given(value, named, name, f"${name}")


def _text(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _lines(text: str, limit: int | None) -> Given:
    """A line each; where every line has a tab, as a spreadsheet gives them, what follows it is the label."""
    if len(text) > LONGEST:
        raise BadInput(f"That is {len(text):,} characters.", "Put them into a variable or a file.")
    rows = [line.strip("\r") for line in text.split("\n") if line.strip()][:limit]
    if not rows:
        raise BadInput(
            "There is nothing to ask.", "A text a line; a tab and its label after it, where there is one."
        )
    if all("\t" in one.strip() for one in rows):
        pairs = [one.rpartition("\t") for one in rows]
        texts, labels = [one.strip() for one, _, _ in pairs], [one.strip() for _, _, one in pairs]
        return Given(texts, {"labels": labels}, in_code.literal(texts))
    return Given(rows, {}, in_code.literal(rows))


def inputs(ask: Ask) -> dict[str, Any]:
    """`compare.inputs`: the notebook's variables that have rows."""
    found = [made for name, value in names().items() if (made := _variable(name, value)) is not None]
    return {"variables": found[-MOST:][::-1]}


def columns(ask: Ask, *, given: dict[str, Any]) -> dict[str, Any]:
    """`compare.columns`: of a variable or a dataset, and which of them are likely meant."""
    meant = read(given)
    if given.get("kind") == "dataset":
        ask.official()
        listed, rows, splits = _dataset(given, ask.session)
    else:
        listed, rows, splits = _columns(meant.inputs), _rows(meant.inputs), []
    label = _likely(listed, LABELS)
    texts = [one for one in listed if one != label]
    return {
        "columns": listed[:MOST],
        "rows": rows,
        "splits": splits,
        "column": _likely(texts, TEXTS) or (texts[0] if texts else None),
        "labels": label,
    }


def _dataset(said: Mapping[str, Any], session: Session) -> tuple[list[str], int | None, list[str]]:
    from hf_nb.data.finding import layout
    from hf_nb.data.finding import open as opened

    id, config, split = (
        str(said.get("id") or "").strip(),
        said.get("config") or None,
        said.get("split") or None,
    )
    found = layout(id, session=session)
    splits = list(found.configs.get(config or found.config or "", {}))
    table = opened(id, config=config, split=split, session=session)
    return [str(one) for one in table.schema.names], table.rows, splits


def names() -> dict[str, Any]:
    """The notebook's variables, as they are called there."""
    library = sys.modules.get("IPython")
    shell = library.get_ipython() if library else None
    found = dict(shell.user_ns) if shell else {}
    hidden = getattr(shell, "user_ns_hidden", {})
    return {
        name: value
        for name, value in found.items()
        if isinstance(name, str) and name.isidentifier() and not name.startswith("_") and name not in hidden
    }


def _variable(name: str, value: Any) -> dict[str, Any] | None:
    """One that is a table or a list of texts; anything else is none."""
    listed = _columns(value)
    if not listed and not _texts(value):
        return None
    return {"name": name, "kind": type(value).__name__, "rows": _rows(value), "columns": listed[:MOST]}


def _texts(value: Any) -> bool:
    if type(value).__name__ == "Series":
        return True
    plain = isinstance(value, (list, tuple)) and len(value) > 0
    return plain and all(isinstance(one, str) for one in value[:20])


def _columns(value: Any) -> list[str]:
    """Of a DataFrame, a table, a dataset, a mapping of lists, a list of mappings."""
    for attribute in ("column_names", "columns"):
        found = getattr(value, attribute, None)
        if found is not None and not callable(found) and not isinstance(value, type):
            listed = found if not isinstance(found, Mapping) else next(iter(found.values()), [])
            return [str(one) for one in listed]
    if isinstance(value, Mapping) and value and all(isinstance(one, (list, tuple)) for one in value.values()):
        return [str(one) for one in value]
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], Mapping):
        return [str(one) for one in value[0]]
    return []


def _rows(value: Any) -> int | None:
    if isinstance(value, Mapping):
        return len(next(iter(value.values()), ()))
    try:
        return len(value)
    except TypeError:
        return None


def _likely(listed: Sequence[str], known: Sequence[str]) -> str | None:
    return next((one for name in known for one in listed if one.lower() == name), None)
