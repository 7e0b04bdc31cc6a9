"""What is found of strangers' data, in texts that the patterns were not written for; and what is taken for it.

At first sight, before a pattern was bettered by them: strangers 230 of 307 found and 19 false alarms in 455 texts
(in a table's cell, or beside Japanese or Chinese, no number was found), newcomers 103 of 106 and 3 in 189,
latecomers 95 of 97 (there were no more yet) and 3 in 195. The last two are what may be expected of other texts.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from hf_nb.errors import Refused
from hf_nb.infer.call import Call
from hf_nb.infer.privacy import looking
from hf_nb.infer.privacy.masking import Mask
from hf_nb.plumbing import personal
from tests.infer.privacy.citizens import citizens
from tests.infer.privacy.latecomers import bystanders, latecomers
from tests.infer.privacy.lookalikes import innocents
from tests.infer.privacy.newcomers import newcomers, passers
from tests.infer.privacy.strangers import Planted, planted

RECALL, FALSE_ALARMS = 0.97, 0.01
WIDER = 2  # signs around a value that may go with it
CALLED = {
    "e-mail": "email", "telephone": "phone", "card": "card", "iban": "iban", "address": "ip", "citizen": "id",
}  # fmt: skip
SETS: dict[str, tuple[Any, Any]] = {
    "strangers": (lambda: planted(citizen=citizens), innocents),
    "newcomers": (newcomers, passers),
    "latecomers": (latecomers, bystanders),
}


def holds_a_key(text: str) -> bool:
    try:
        looking.refuse_keys([text])
    except Refused:
        return True
    return False


def is_found(one: Planted) -> bool:
    """Nothing of the value would be sent, under its own name, and little of what stands around it is hidden."""
    if one.kind == "key":
        return holds_a_key(one.text)
    mask = Mask(Call("text-generation", "m", None, one.text))
    masked, pieces = mask.pieces(one.text)
    assert mask.back(masked) == one.text
    start = one.text.index(one.value)
    end = start + len(one.value)
    kinds = {kind for kind, begin, over in personal.places(one.text) if begin < end and over > start}
    return kinds == {CALLED[one.kind]} and any(
        start - WIDER <= piece.start <= start and end <= piece.end <= end + WIDER for piece in pieces
    )


def is_alarm(text: str) -> bool:
    return bool([*personal.found(text)]) or holds_a_key(text)


@pytest.mark.parametrize("name", SETS)
def test_of_what_strangers_wrote_nearly_all_is_found_and_nearly_nothing_else(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    there, clean = (make() for make in SETS[name])
    missed = [one for one in there if not is_found(one)]
    alarms = [text for text in clean if is_alarm(text)]
    of, lost = Counter(one.kind for one in there), Counter(one.kind for one in missed)
    with capsys.disabled():
        print(
            f"\n{name}: {len(there) - len(missed)} of {len(there)} found, {len(alarms)} of {len(clean)} false alarms"
        )
        print("".join(f"  {kind:<10}{of[kind] - lost[kind]:>4} of {of[kind]:>3}\n" for kind in of), end="")
    assert len(missed) <= (1 - RECALL) * len(there), missed
    assert len(alarms) <= FALSE_ALARMS * len(clean), alarms


def test_the_sets_are_as_large_as_they_say_and_no_text_stands_in_two() -> None:
    texts = [text for one, other in SETS.values() for text in (*(one.text for one in one()), *other())]
    sizes = {name: (len(one()), len(other())) for name, (one, other) in SETS.items()}
    assert len(texts) == len(set(texts)), [text for text, times in Counter(texts).items() if times > 1]
    assert all(one >= least for one, least in zip(sizes["strangers"], (250, 400), strict=True)), sizes
    assert all(size[0] >= 100 and size[1] >= 150 for size in sizes.values()), sizes


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("id,name,mobile\n1,Bo,4155550183\n2,Li,4155550184\n", "4155550184"),
        ("id;mobile_no\n4;20611977\n", "20611977"),
        ("name;pesel\nBo;67090740409\n", "67090740409"),
        ('| who | "phone" |\n|---|---|\n| Bo | 45 52 07 61 |\n', "45 52 07 61"),
    ],
)
def test_a_columns_name_says_what_its_numbers_are(text: str, value: str) -> None:
    assert value in [said for _, said in personal.found(text)]
    assert not [
        *personal.found(text.replace("mobile", "orders").replace("pesel", "units").replace("phone", "units"))
    ]
