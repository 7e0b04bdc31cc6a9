"""How many answers of models are kept, where, and what that means."""

from __future__ import annotations

from hf_nb.render import page, units
from hf_nb.values.remembered import KeptAnswers


def text(value: KeptAnswers) -> str:
    """Sentences, a line each."""
    return "\n".join(_lines(value))


def html(value: KeptAnswers) -> str:
    """The same."""
    first, *rest = _lines(value)
    return page.frame(f"<div>{page.escape(first)}</div>{''.join(page.foot(line) for line in rest)}")


def _lines(value: KeptAnswers) -> list[str]:
    many = "answer" if value.entries == 1 else "answers"
    if value.cleared:
        return [f"{value.entries:,} {many} removed, {units.size(value.bytes)}."]
    if not value.budget:
        return [
            "No answer is kept: answers_cache is 0.",
            "To keep them: %hf settings answers_cache=256000000",
        ]
    size = f"{units.size(value.bytes)} of at most {units.size(value.budget)}"
    lines = [
        f"{value.entries:,} {many} of models, {size}, in {value.folder}",
        "The same question to the same commit has one of them at once, and marked. To ask anew: %hf infer --fresh …",
    ]
    if value.latest:
        lines.append(f"{value.latest:,} in this kernel's memory.")
    if value.problem:
        lines.append(value.problem)
    return [*lines, "To remove them: %hf cache answers --clear"] if value.entries or value.latest else lines
