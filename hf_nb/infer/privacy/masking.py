"""Values become placeholders, `[EMAIL_1]`, one for the same value everywhere in a call, and become values again."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from hf_nb.infer.call import Call
from hf_nb.infer.privacy import looking
from hf_nb.plumbing import personal

_KINDS = "|".join(kind.upper() for kind in personal.NAMES)
# As it was sent, and as a model may write it again: in small letters, with spaces.
_PLACEHOLDER = re.compile(rf"(?i)\[\s{{0,2}}({_KINDS})\s{{0,2}}_\s{{0,2}}(\d{{1,5}})\s{{0,2}}\]")
# The beginning of one at the end of a part.
BEGUN = re.compile(r"\[\s{0,2}(?:[A-Za-z]{1,5}\s{0,2}(?:_\s{0,2}(?:\d{1,5}\s{0,2})?)?)?$")


class Piece(NamedTuple):
    """One value: where it stood, and where its placeholder stands."""

    start: int
    end: int
    masked_start: int
    masked_end: int


class Mask:
    """`call`: with placeholders; `kinds`: how many values of each."""

    def __init__(self, call: Call) -> None:
        self._names: dict[str, str] = {}  # a value's placeholder
        self._values: dict[tuple[str, int], str] = {}
        self.kinds: Counter[str] = Counter()
        self._taken = {
            (kind.upper(), int(number))
            for text in looking.texts(call)
            for kind, number in _PLACEHOLDER.findall(text)
        }
        self.call = looking.changed(call, self.text)

    def text(self, text: str) -> str:
        """The text with placeholders."""
        return self.pieces(text)[0]

    def pieces(self, text: str) -> tuple[str, list[Piece]]:
        """And where they stand."""
        made, pieces, at, length = [], [], 0, 0
        for kind, start, end in sorted(personal.places(text), key=lambda one: one[1]):
            name = self._name(kind, text[start:end])
            made += [text[at:start], name]
            length += start - at
            pieces.append(Piece(start, end, length, length + len(name)))
            length += len(name)
            at = end
        return "".join([*made, text[at:]]), pieces

    def back(self, text: str) -> str:
        """Values in the place of placeholders; of those alone that were sent."""
        if "[" not in text:
            return text
        return _PLACEHOLDER.sub(lambda hit: self._values.get((hit[1].upper(), int(hit[2])), hit[0]), text)

    def _name(self, kind: str, said: str) -> str:
        if said not in self._names:
            self.kinds[kind] += 1
            number, word = self.kinds[kind], kind.upper()
            while (word, number) in self._taken:
                number += 1
            self._taken.add((word, number))
            self._values[word, number] = said
            self._names[said] = f"[{word}_{number}]"
        return self._names[said]
