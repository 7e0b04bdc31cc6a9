"""What changed the answer: the one thing first, then what it changed, then how it was found."""

from __future__ import annotations

from hf_nb.render import page, plain, units
from hf_nb.render.grid import grid
from hf_nb.values.bisections import Bisection, TensorChange, Trial

SHORT = 8
TENSORS, CHANGES = 10, 10
LONGEST = 60
TRIALS = (
    plain.Column("tried"),
    plain.Column("like", keep=1),
    plain.Column("answer"),
    plain.Column("fetched", right=True, keep=2),
    plain.Column("seconds", right=True, keep=3),
)
WEIGHTS = (
    plain.Column("tensor"),
    plain.Column("was", keep=2),
    plain.Column("is", keep=1),
    plain.Column("largest difference", right=True, keep=3),
    plain.Column("beside its length", right=True),
)


def text(value: Bisection | Trial | TensorChange) -> str:
    """The sentence, tables, what to do next."""
    match value:
        case Trial():
            return plain.table(TRIALS, [_trial(value, "commit")])
        case TensorChange():
            return plain.table(WEIGHTS, [_tensor(value)])
    parts = ["\n".join(_head(value))]
    if value.tensors:
        parts.append(plain.table(WEIGHTS, [_tensor(one) for one in value.tensors[:TENSORS]]))
    if changes := _changes(value):
        parts.append("\n".join(changes))
    parts.append(plain.table(TRIALS, [_trial(one, value.sought) for one in value.trials]))
    parts.append("\n".join(_foot(value)))
    return "\n\n".join(parts)


def html(value: Bisection | Trial | TensorChange) -> str:
    """The same, the trials folded."""
    if not isinstance(value, Bisection):
        return page.frame(f"<pre>{page.escape(text(value))}</pre>")
    first, *rest = _head(value)
    parts = [f'<div class="head"><span class="name">{page.escape(first)}</span></div>']
    parts += [f"<div>{page.escape(line)}</div>" for line in rest]
    if value.tensors:
        parts.append(grid(WEIGHTS, [_tensor(one) for one in value.tensors[:TENSORS]]))
    parts += [f"<div>{page.escape(line)}</div>" for line in _changes(value)]
    trials = grid(TRIALS, [_trial(one, value.sought) for one in value.trials])
    parts.append(f"<details><summary>How it was found</summary>{trials}</details>")
    return page.frame("".join(parts) + page.foot(*_foot(value)))


def _head(value: Bisection) -> list[str]:
    if value.culprit is None:
        said = value.notes[0] if value.notes else "Nothing has changed the answer."
        return [said, f"It is: {value.new}"] if value.new else [said]
    if value.sought == "parameter":
        first = f"What changes the answer: {value.culprit}"
    elif value.sought == "release":
        first = f"Since {value.culprit} the answer is another one."
    else:
        title = f" ({value.title})" if value.title else ""
        first = f"Commit {value.culprit[:SHORT]}{title} changed the answer."
    lines = [first, f"before: {value.old}", f"since:  {value.new}"]
    if value.untried:
        names = ", ".join(one[:SHORT] if value.sought == "commit" else one for one in value.untried)
        lines.append(f"Between both, and not to be asked: {names}. It may be one of them.")
    return lines


def _changes(value: Bisection) -> list[str]:
    """What else differs: keys of its settings, other files; or the parameters."""
    lines = [f"{name}: {_cut(old)} → {_cut(new)}" for name, old, new in value.changed]
    if value.diff is not None:
        for one in value.diff.files:
            if one.path.endswith(".safetensors") and value.tensors:
                continue
            keys = [f"{key.name}: {_cut(key.old)} → {_cut(key.new)}" for key in one.keys]
            lines += [f"{one.path}: {line}" for line in keys] or [f"{one.path}: {one.status}"]
    left = len(lines) - CHANGES
    return lines[:CHANGES] + ([f"… {left} more: .diff"] if left > 0 else [])


def _trial(one: Trial, sought: str) -> list[str]:
    name = one.name[:SHORT] if sought == "commit" else one.name
    like = {"new": "now", "old": "before"}.get(one.like or "", "?")
    answer = one.answer or one.why
    return [
        name,
        like,
        _cut(answer),
        "same files" if one.same else units.size(one.bytes) if one.bytes else units.NONE,
        units.seconds(one.seconds) if one.seconds else units.NONE,
    ]


def _tensor(one: TensorChange) -> list[str]:
    largest = units.NONE if one.largest is None else f"{one.largest:.3g}"
    relative = units.NONE if one.relative is None else f"{one.relative:.2%}"
    return [one.name, one.old or "not there", one.new or "not there", largest, relative]


def _foot(value: Bisection) -> list[str]:
    counted = {"commit": "commits", "parameter": "parameters", "release": "releases"}[value.sought]
    said = f"{value.asked} answers for {value.candidates:,} {counted}"
    if value.bytes:
        said += f", {units.size(value.bytes)} fetched"
    lines = [f"{value.model}, {value.task}: {said}."]
    if len(value.tensors) > TENSORS:
        lines.append(f"{len(value.tensors) - TENSORS:,} more tensors differ: .tensors")
    lines += value.notes if value.culprit else ()
    if value.sought == "commit" and value.culprit and value.before:
        lines.append(f"All of it: %hf diff {value.model} {value.before[:SHORT]} {value.culprit[:SHORT]}")
    return lines


def _cut(value: object) -> str:
    said = " ".join(str(value).split())
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
