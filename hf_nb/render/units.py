"""Numbers as people read them: 1.2 M, 438 MB, 2.4 s, 3 weeks ago is a date."""

import re
from datetime import datetime

NONE = "–"


def count(number: int | None) -> str:
    """12, 1.2 k, 67 M."""
    if number is None:
        return NONE
    value = float(number)
    for unit in ("", " k", " M", " B", " T"):
        if abs(value) < 999.5 or unit == " T":
            return (
                f"{value:.0f}{unit}"
                if value >= 99.5 or not unit or value == int(value)
                else f"{value:.2g}{unit}"
            )
        value /= 1000
    return NONE


def size(number: int | None) -> str:
    """Bytes, in steps of a thousand as the Hub counts them."""
    if number is None:
        return NONE
    value = float(number)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 999.5 or unit == "TB":
            return f"{value:.0f} {unit}" if value >= 9.95 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return NONE


def seconds(number: float) -> str:
    """0.4 ms, 85 ms, 2.4 s, 3 min 20 s."""
    if number < 0.01:
        return f"{number * 1000:.1f} ms"
    if number < 1:
        return f"{number * 1000:.0f} ms"
    if number < 120:
        return f"{number:.1f} s"
    whole = round(number)
    return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"


def day(when: datetime | None) -> str:
    """2026-03-02."""
    return when.date().isoformat() if when else NONE


def range_of(category: str | None) -> str:
    """The Hub's size categories: 1K<n<10K is 1 k – 10 k, n<1K is < 1 k, n>1T is > 1 T."""
    if not category:
        return NONE
    spaced = re.sub(r"(\d)([KMBT])", lambda found: f"{found[1]} {found[2].replace('K', 'k')}", category)
    return spaced.replace("<n<", " – ").replace("n<", "< ").replace("n>", "> ")


def figures(number: float) -> str:
    """Three that count: 1,280, 538, 41.5, 0.82."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"
