"""How far a piece of work is: one line of text, one bar in a notebook."""

from hf_nb.plumbing.progress import Progress
from hf_nb.render import page, plain, units

BAR = 24
# An estimate made of the first moments misleads.
TIME_LEFT_AFTER = 3.0


def text(progress: Progress, room: int | None = None) -> str:
    """The name, a bar, numbers; the bar gives way first, then the name, where the screen is narrow."""
    room = room or plain.width()
    numbers = " · ".join(_numbers(progress))
    if progress.share is None or _over(progress):
        return _fitting(progress.what, f": {numbers}", room)
    filled = int(progress.share * BAR * 2)
    bar = "━" * (filled // 2) + "╸" * (filled % 2)
    percent = f"{progress.share:4.0%}"
    whole = f" {bar:<{BAR}} {percent} · {numbers}"
    return _fitting(
        progress.what, whole if len(whole) + 20 <= room else f" {percent.strip()} · {numbers}", room
    )


def html(progress: Progress) -> str:
    """The same with a bar that a screen reader can read."""
    name, numbers = page.escape(progress.what), page.escape(" · ".join(_numbers(progress)))
    if progress.share is None or _over(progress):
        return page.frame(f'<div class="soft">{name}: {numbers}</div>')
    percent = f"{progress.share:.0%}"
    bar = (
        f'<div class="bar first" role="progressbar" aria-label="{name}" aria-valuemin="0" aria-valuemax="100" '
        f'aria-valuenow="{progress.share * 100:.0f}"><div style="width:{progress.share * 100:.1f}%"></div></div>'
    )
    return page.frame(
        f'<div class="going"><div class="name">{name}</div>{bar}<div class="num">{percent}</div></div>'
        f'<div class="soft nums">{numbers}</div>'
    )


def _numbers(progress: Progress) -> list[str]:
    over = _over(progress)
    said = [_amount(progress)]
    if progress.speed and progress.seconds:
        said.append(f"{_of_unit(progress, progress.speed)}/s")
    if over:
        said.append(f"in {units.seconds(progress.seconds)}")
    elif progress.left is not None and progress.seconds >= TIME_LEFT_AFTER:
        said.append(f"{_roughly(progress.left)} left")
    if progress.detail and not over:
        said.append(progress.detail)
    return said


def _amount(progress: Progress) -> str:
    if progress.total is None or _over(progress):
        return _of_unit(progress, progress.done)
    return f"{_of_unit(progress, progress.done)} of {_of_unit(progress, progress.total)}"


def _of_unit(progress: Progress, number: float) -> str:
    if progress.unit == "bytes":
        return units.size(int(number))
    return f"{units.count(int(number))} {progress.unit}"


def _roughly(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 100 else f"{max(2, round(seconds / 60))} min"


def _over(progress: Progress) -> bool:
    return progress.total is not None and progress.done >= progress.total and not progress.detail


def _fitting(name: str, rest: str, room: int) -> str:
    spare = max(8, room - plain.measure(rest))
    name = plain.clean(name)
    return (name if plain.measure(name) <= spare else f"…{name[-(spare - 1) :]}") + rest
