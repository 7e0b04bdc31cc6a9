"""Names with a share of one: bars, the first one accented, the rest folded."""

from __future__ import annotations

from collections.abc import Sequence

from hf_nb.render import page, plain

BLOCKS = 24
Scored = Sequence[tuple[str, float]]


def text(scored: Scored, *, percent: bool = True) -> list[str]:
    """Lines with bars of blocks."""
    names = [plain.clean(name) for name, _ in scored]
    wide = max((plain.measure(name) for name in names), default=0)
    return [
        f"{name}{' ' * (wide - plain.measure(name))}  {'█' * round(_share(score) * BLOCKS):<{BLOCKS}}  "
        f"{number(score, percent=percent)}"
        for name, (_, score) in zip(names, scored, strict=True)
    ]


def html(scored: Scored, shown: int, *, percent: bool = True, prose: bool = False) -> str:
    """The same, drawn; `prose`: the names are sentences, and take the room they need."""
    made = _drawn(scored[:shown], percent=percent, first=True, prose=prose)
    if rest := scored[shown:]:
        more = _drawn(rest, percent=percent, first=False, prose=prose)
        made += f"<details><summary>{len(rest)} more</summary>{more}</details>"
    return made


def number(score: float, *, percent: bool = True) -> str:
    """As it is printed beside its bar."""
    return f"{score:.1%}" if percent else f"{score:.3f}".replace("-", "−")


def _drawn(scored: Scored, *, percent: bool, first: bool, prose: bool) -> str:
    rows = (
        _row(name, score, first=first and i == 0, percent=percent) for i, (name, score) in enumerate(scored)
    )
    return f'<div class="bars{" prose" if prose else ""}">{"".join(rows)}</div>'


def _row(name: str, score: float, *, first: bool, percent: bool) -> str:
    mark = " first" if first else ""
    return (
        f'<div class="{mark.strip()}">{page.escape(name)}</div>'
        f'<div class="bar{mark}" aria-hidden="true"><div style="width:{_share(score):.1%}"></div></div>'
        f'<div class="num{mark}" title="{score:.6f}">{number(score, percent=percent)}</div>'
    )


def _share(score: float) -> float:
    return min(1.0, max(0.0, score))
