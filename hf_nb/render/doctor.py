"""A checkup: what is wrong first, with what to do; the rest folded under it."""

from __future__ import annotations

from hf_nb.render import page, plain, units
from hf_nb.values.doctor import Checkup, Symptom

_SIGNS = {"problem": "✗", "warn": "!", "note": "·", "ok": "✓"}


def text(value: Checkup | Symptom) -> str:
    """One line a finding, by area."""
    if isinstance(value, Symptom):
        return "\n".join(_lines(value))
    lines = [_head(value)]
    for one in (*value.problems, *value.warnings):
        lines += ["", f"{_SIGNS[one.state]} {one.area}: {one.what} – {one.detail}"]
        lines += [f"  {one.next_step}"] if one.next_step else []
    for area in value.areas:
        rest = [one for one in value.findings if one.area == area and one.state in ("ok", "note")]
        if rest:
            lines += ["", area]
            lines += [line for one in rest for line in _lines(one)]
    return "\n".join(lines)


def html(value: Checkup | Symptom) -> str:
    """Problems as rows with their step; what is in order is folded away."""
    if isinstance(value, Symptom):
        return page.frame(_table((value,)), "doctor")
    wrong = (*value.problems, *value.warnings)
    head = f'<div class="head"><span class="name">{page.escape(_head(value))}</span></div>'
    folded = "".join(
        f"<details><summary>{page.escape(area.capitalize())} ({len(rest)})</summary>{_table(rest)}</details>"
        for area in value.areas
        if (rest := tuple(one for one in value.findings if one.area == area and one not in wrong))
    )
    pasted = (
        "<details><summary>As text, to paste into a report</summary>"
        f"<pre>{page.escape(text(value))}</pre></details>"
    )
    return page.frame(f"{head}{_table(wrong) if wrong else ''}{folded}{pasted}", "doctor")


def _table(findings: tuple[Symptom, ...]) -> str:
    def row(one: Symptom) -> str:
        name = f"{one.area}: {one.what}" if one.state in ("problem", "warn") else one.what
        step = f'<div class="soft"><code>{page.escape(one.next_step)}</code></div>' if one.next_step else ""
        return (
            f'<tr><td title="{one.state}">{_SIGNS[one.state]}</td><td>{page.escape(name)}</td>'
            f'<td class="wide">{page.escape(one.detail)}{step}</td></tr>'
        )

    return f'<div class="scroll symptoms"><table><tbody>{"".join(map(row, findings))}</tbody></table></div>'


def _lines(one: Symptom) -> list[str]:
    line = f"  {_SIGNS[one.state]} {one.what}: {one.detail}"
    width = plain.width()
    return [
        line if len(line) <= width else f"{line[: width - 1]}…",
        *([f"    {one.next_step}"] if one.next_step else []),
    ]


def _head(value: Checkup) -> str:
    problems, warnings = len(value.problems), len(value.warnings)
    took = units.seconds(value.seconds)
    if not problems and not warnings:
        return f"Nothing is wrong as far as can be seen (looked for {took})."
    said = [
        f"{number} {word}{'s' if number > 1 else ''}"
        for number, word in ((problems, "problem"), (warnings, "warning"))
        if number
    ]
    return f"{' and '.join(said)} (looked for {took})."
