"""How far a piece of work is: one line of text, one bar in a notebook."""

from hf_nb.plumbing.progress import Progress
from hf_nb.render import page, plain, units

LONGEST_BAR, SHORTEST_BAR, SHORTEST_NAME = 24, 6, 16
# What the numbers take at most, so that the bar stands still while they change.
NUMBERS = 54
# An estimate made of the first moments misleads.
TIME_LEFT_AFTER = 3.0


def text(progress: Progress, room: int | None = None) -> str:
    """The name, a bar, numbers; on a narrow screen the bar gives way, then the last numbers, then the name."""
    room = room or plain.width()
    numbers = _numbers(progress)
    name = _cut(plain.clean(progress.what), max(SHORTEST_NAME, room - NUMBERS + SHORTEST_BAR))
    if progress.share is None or _over(progress):
        return f"{name}: {' · '.join(numbers)}"
    wide = min(LONGEST_BAR, room - plain.measure(name) - len("  100% ") - NUMBERS)
    bar = f" {_bar(progress.share, wide)}" if wide >= SHORTEST_BAR else ""
    line = f"{name}{bar} {progress.share:4.0%} "
    while len(numbers) > 1 and plain.measure(line + " · ".join(numbers)) > room:
        numbers.pop()
    return line + " · ".join(numbers)


def _bar(share: float, wide: int) -> str:
    filled = int(share * wide * 2)
    return f"{'━' * (filled // 2)}{'╸' * (filled % 2)}".ljust(wide, "─")


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


def stopped(progress: Progress) -> str:
    """How far it came: what stands still has no bar."""
    share = f" at {progress.share:.0%}" if progress.share is not None else ""
    return f"{progress.what}: stopped{share}, {_amount(progress)}"


def _numbers(progress: Progress) -> list[str]:
    over = _over(progress)
    said = [_amount(progress)]
    if progress.speed and progress.seconds:
        said.append(f"{_of_unit(progress, progress.speed)}/s")
    if over:
        said.append(f"in {units.seconds(progress.seconds)}")
    elif progress.left and progress.seconds >= TIME_LEFT_AFTER:
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


def _cut(name: str, room: int) -> str:
    """The end of an id says more than its beginning."""
    while plain.measure(name) > room:
        name = f"…{name[2:]}"
    return name
