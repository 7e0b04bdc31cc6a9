"""Will it run here: the sentence first, then what it was reckoned from."""

from __future__ import annotations

from hf_nb.render import page, plain, units
from hf_nb.values.fits import Fit

HOW = {
    "traced": "from its architecture and the speed of this machine; nothing was downloaded",
    "counted": "by the count of its numbers alone: its architecture is none that can be built here",
    "file": "by the size of its file",
}


def text(value: Fit) -> str:
    """Lines of name and value."""
    wide = max(len(name) for name, _ in _facts(value))
    lines = [f"{name:<{wide}}  {said}" for name, said in _facts(value)]
    return "\n".join([f"{value.id}: {value.sentence}", "", *lines, *_notes(value)])


def html(value: Fit) -> str:
    """The same, the verdict as a word of its own."""
    rows = "".join(
        f'<tr><th scope="row">{page.escape(name)}</th><td>{page.escape(said)}</td></tr>'
        for name, said in _facts(value)
    )
    head = f"<div><code>{page.escape(value.id)}</code>: <strong>{page.escape(value.sentence)}</strong></div>"
    return page.frame(f"{head}<table><tbody>{rows}</tbody></table>{page.foot(*_notes(value))}")


def _facts(value: Fit) -> list[tuple[str, str]]:
    memory = f"≈ {units.size(value.memory)}"
    if value.least is not None and value.most is not None:
        memory += f" ({units.size(value.least)} to {units.size(value.most)})"
    took = "" if value.seconds is None else f"≈ {units.seconds(value.seconds)}"
    if value.quickest is not None and value.slowest is not None:
        took += f" ({units.seconds(value.quickest)} to {units.seconds(value.slowest)})"
    size = f"{units.size(value.weights)} in {value.dtype}" if value.weights else ""
    if value.kept:
        size += f", and {units.size(value.kept)} for the text it reads and writes"
    found = [
        ("memory", memory if value.memory is not None else ""),
        ("free", units.size(value.free)),
        ("weights", size),
        ("parameters", units.count(value.parameters) if value.parameters else ""),
        ("one answer" if value.new_tokens else "one pass", f"{took}{_of(value)}" if took else ""),
        ("each token", f"≈ {units.seconds(value.token)}" if value.token else ""),
        ("task", value.task or ""),
        ("reckoned", HOW[value.how]),
        ("read", units.size(value.fetched)),
    ]
    return [(name, plain.clean(said)) for name, said in found if said]


def _of(value: Fit) -> str:
    if value.input != "text":
        return f", of one {value.input}" if value.input else ""
    written = f", {value.new_tokens} tokens written" if value.new_tokens else ""
    return f", of {value.tokens} tokens read{written}"


def _notes(value: Fit) -> list[str]:
    return list(value.notes)
