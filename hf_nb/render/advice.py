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
    return "\n\n".join([_head(value), *blocks, *_foot(value)])


def html(value: Advice | Tip) -> str:
    """The same; the lines as code, ready to be marked and copied."""
    if isinstance(value, Tip):
        return page.frame(_block(value))
    head = f'<div class="head"><span class="name">{page.escape(_head(value))}</span></div>'
    blocks = "".join(f"<li>{_block(one)}</li>" for one in value.tips)
    feet = "".join(page.foot(line) for line in _foot(value))
    return page.frame(f"{head}{f'<ol>{blocks}</ol>' if blocks else ''}{feet}")


def _block(tip: Tip) -> str:
    gain, *rest = _lines(tip)
    said = "".join(f"<div>{page.escape(line)}</div>" for line in rest[:2])
    code = f"<div><code>{page.escape(tip.line)}</code></div>"
    back = f'<div class="soft">Back: <code>{page.escape(tip.undo)}</code></div>' if tip.undo else ""
    known = f'<div class="soft">{page.escape(_known(tip))}</div>'
    return f"<div><strong>{page.escape(gain)}</strong></div>{said}{code}{back}{known}"


def _lines(tip: Tip) -> list[str]:
    back = [f"Back: {tip.undo}"] if tip.undo else []
    return [plain.clean(one) for one in (_gain(tip), tip.seen, tip.change, tip.line, *back, _known(tip))]


def _gain(tip: Tip) -> str:
    """Saves 3.2 s and $0.01."""
    parts = [units.seconds(tip.seconds)] if tip.seconds else []
    parts += [f"${tip.dollars:.2g}"] if tip.dollars else []
    return f"Would have saved {'' if tip.measured else '≈ '}{' and '.join(parts)}."


def _known(tip: Tip) -> str:
    return f"{'Measured' if tip.measured else 'Reckoned'}: {tip.how}."


def _head(value: Advice) -> str:
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
    ]
