"""A comparison taken along: into the notebook as a DataFrame or as itself, into a file as lines, a page, pairs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from hf_nb.errors import BadInput, Refused
from hf_nb.panels.compare import meant, study
from hf_nb.panels.compare.book import Book
from hf_nb.panels.data import taking

if TYPE_CHECKING:
    from hf_nb.panels.desk import Ask

WRITES = {"lines": "to_jsonl", "report": "report", "pairs": "preferences"}


def take(ask: Ask, *, run: str, name: str, what: Literal["frame", "comparison"] = "frame") -> dict[str, Any]:
    """`compare.take`: a variable of the notebook; whether it was another before is said."""
    taking.check(name)
    shell = taking.shell_here()
    made = study.find(run).so_far()
    value = made.to_pandas() if what == "frame" else made
    with ask.in_one_piece():
        replaced = name in shell.user_ns
        shell.user_ns[name] = value
    return {"name": name, "rows": made.rows, "replaced": replaced}


def save(
    ask: Ask, *, run: str, path: str, what: Literal["lines", "report", "pairs"], replace: bool = False
) -> dict[str, Any]:
    """`compare.save`: whole or not at all, and over no other file unless that was said."""
    _named(path)
    made = study.find(run).so_far()
    getattr(made, WRITES[what])(path, replace=replace)
    return {"path": path, "bytes": Path(path).stat().st_size}


def pairs(
    ask: Ask, *, contenders: list[dict[str, Any]], path: str, task: str = "", replace: bool = False
) -> dict[str, Any]:
    """`compare.pairs`: every decided vote on these contenders, chosen and rejected, as TRL's DPO reads them."""
    _named(path)
    if Path(path).exists() and not replace:
        raise Refused(f"{path} is there already.", "Choose another name, or replace it.")
    decided = [one for one in Book(meant.contenders(contenders, task)).cast() if one.vote.outcome != "tie"]
    if not decided:
        raise BadInput("No vote has preferred one of two answers yet.", "Vote first.")
    lines = []
    for one in decided:
        left, right = one.answers
        chosen, rejected = (left, right) if one.vote.outcome == "left" else (right, left)
        lines.append(
            json.dumps({"prompt": one.input, "chosen": chosen, "rejected": rejected}, ensure_ascii=False)
        )
    beside = Path(f"{path}.part")
    beside.write_text("\n".join(lines) + "\n", "utf-8")
    beside.replace(path)
    return {"path": path, "bytes": Path(path).stat().st_size}


def _named(path: str) -> None:
    if not path.strip() or "\0" in path:
        raise BadInput("The file has no name.", "For example comparison.html")
