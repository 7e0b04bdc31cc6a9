"""Advice: what was seen, what to change, what that gains and how it is known; the line to type below."""

from __future__ import annotations

from hf_nb.render import page, plain, units
from hf_nb.values.advice import Advice, Tip


def text(value: Advice | Tip) -> str:
    """A few lines each, the largest gain first."""
    if isinstance(value, Tip):
        return "\n".join(_lines(value))
    blocks = [
        "\n".join([f"{at}. {first}", *(f"   {line}" for line in rest)])
        for at, (first, *rest) in enumerate(map(_lines, value.tips), 1)
    ]
    return "\n\n".join([head(value), *blocks, *_foot(value)])


def html(value: Advice | Tip) -> str:
    """The same; the lines as code, ready to be marked and copied."""
    if isinstance(value, Tip):
        return page.frame(_block(value))
    top = f'<div class="head"><span class="name">{page.escape(head(value))}</span></div>'
    blocks = "".join(f"<li>{_block(one)}</li>" for one in value.tips)
    feet = "".join(page.foot(line) for line in _foot(value))
    return page.frame(f"{top}{f'<ol>{blocks}</ol>' if blocks else ''}{feet}")


def _block(tip: Tip) -> str:
    gain, *rest = _lines(tip)
    said = "".join(f"<div>{page.escape(line)}</div>" for line in rest[:2])
    code = f"<div><code>{page.escape(tip.line)}</code></div>"
    back = f'<div class="soft">Back: <code>{page.escape(tip.undo)}</code></div>' if tip.undo else ""
    how = f'<div class="soft">{page.escape(known(tip))}</div>'
    return f"<div><strong>{page.escape(gain)}</strong></div>{said}{code}{back}{how}"


def _lines(tip: Tip) -> list[str]:
    back = [f"Back: {tip.undo}"] if tip.undo else []
    return [plain.clean(one) for one in (gain(tip), tip.seen, tip.change, tip.line, *back, known(tip))]


def gain(tip: Tip) -> str:
    """Would have saved 3.2 s and $0.01, and brought 3 answers to their end."""
    parts = [units.seconds(tip.seconds)] if tip.seconds else []
    parts += [f"${tip.dollars:.2g}"] if tip.dollars else []
    said = [f"saved {'' if tip.measured else '≈ '}{' and '.join(parts)}"] if parts else []
    if tip.whole:
        said.append(
            f"brought {'one answer to its' if tip.whole == 1 else f'{tip.whole:,} answers to their'} end"
        )
    return f"Would have {', and '.join(said)}."


def known(tip: Tip) -> str:
    """How sure the gain is, and why."""
    return f"{'Measured' if tip.measured else 'Reckoned'}: {tip.how}."


def head(value: Advice) -> str:
    """What the session came to, and how many changes are told."""
    if not value.answers:
        return "Nothing was answered in this session yet, so there is nothing to advise."
    spent = f"{value.answers:,} answers took {units.seconds(value.seconds)}"
    spent += f" and ${value.dollars:.2g}" if value.dollars else ""
    if not value.tips:
        return f"{spent}: no change would have saved much."
    return (
        f"{spent}. {len(value.tips)} {'change' if len(value.tips) == 1 else 'changes'} would have saved most:"
    )


def _foot(value: Advice) -> list[str]:
    if not value.answers:
        return ['Try: %hf infer "I love it"']
    settings = [at for at, one in enumerate(value.tips, 1) if one.setting is not None]
    if not settings:
        return []
    return [
        f"To take one: %hf advice --take {settings[0]}",
        f"To take it back: %hf advice --undo {settings[0]}",
        "By a click, under Advice: %hf panel inference",
    ]
