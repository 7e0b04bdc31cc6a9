"""The texts of a call, and what is in them that belongs to somebody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hf_nb.errors import Refused
from hf_nb.infer.call import Call
from hf_nb.plumbing import personal

_ALLOWED = re.compile("allowlist", re.IGNORECASE)
_PICTURE = re.compile(r"data:[\w.+-]+/[\w.+-]+(?:;[\w=.+-]+)*;base64,[A-Za-z0-9+/=\s]+")
SHORTEST = 12  # characters of the shortest key; nothing shorter is looked through for one


def texts(call: Call) -> list[str]:
    """Every text that would be sent: of messages, of fields, of tables with the names of their columns."""
    found: list[str] = []
    _gather(call.input, found)
    if call.params:
        _gather(call.params, found)
    return found


def _gather(value: Any, found: list[str]) -> None:
    if isinstance(value, str):
        if not is_picture(value):
            found.append(value)
    elif isinstance(value, Mapping):
        for key, one in value.items():
            _gather(key, found)
            _gather(one, found)
    elif isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        for one in value:
            _gather(one, found)


def is_picture(value: str) -> bool:
    """A picture or a sound, and nothing else: a text may begin like one."""
    return value.startswith("data:") and _PICTURE.fullmatch(value) is not None


def changed(call: Call, change: Callable[[str], str]) -> Call:
    """The same call with every text changed."""
    return replace(call, input=_changed(call.input, change), params=_changed(call.params, change))


def _changed(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return value if is_picture(value) else change(value)
    if isinstance(value, Mapping):
        return {_changed(key, change): _changed(one, change) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_changed(one, change) for one in value]
    return value


def kinds(there: Iterable[str]) -> Counter[str]:
    """How many different values of each kind."""
    found = dict.fromkeys(one for text in there for one in personal.found(text))
    return Counter(kind for kind, _ in found)


def words(found: Mapping[str, int]) -> str:
    """`an e-mail address and 2 telephone numbers`."""
    said = [_several(personal.NAMES[kind], number) for kind, number in found.items()]
    return " and ".join(filter(None, (", ".join(said[:-1]), said[-1])))


def _several(name: str, number: int) -> str:
    if number == 1:
        return f"{'an' if name[0] in 'aeiouI' else 'a'} {name}"
    return f"{number} {name}es" if name.endswith("s") else f"{number} {name}s"


def refuse_keys(there: Iterable[str]) -> None:
    """A key or a token, known by its shape or because it is in use here."""
    long = [one for one in there if len(one) >= SHORTEST]
    if not long:
        return
    from hf_nb.hub.pushing import live, windows

    scan = windows.Scan(own=live.tokens())
    # A line may say for a push that what looks like a key is none; here nobody has read it.
    windows.lines(_ALLOWED.sub("", "\n\n".join(long)), windows.Place("the text"), scan)
    if scan.found:
        what = scan.found[0].kind
        raise Refused(
            f"This holds a key ({what}), which goes to no other machine.",
            "Take it out of the text first.",
            found=[what],
        )
