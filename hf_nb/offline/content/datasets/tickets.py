"""hfnb-lab/tickets: nested JSONL, and made-up personal data in what people write."""

import json
import random
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, day

ID = "hfnb-lab/tickets"
COUNTS = {"train": 1_200, "test": 300}
FIRST = (
    "Ada Ben Cleo Dana Emil Fay Gus Hana Ivo June Kofi Lena Milo Nora Omar Pia Quinn Rosa Sven Tara".split()
)
LAST = (
    "Abel Brook Castle Dunne Ember Frost Garner Holt Ives Jarvis Kestrel Lund Marsh North Oakes Pike".split()
)
TROUBLES = (
    "my parcel never came",
    "the lamp flickers after an hour",
    "I was charged twice",
    "the app forgets my address",
    "the clock runs backwards",
    "I cannot log in since Tuesday",
)
TAGS = ("delivery", "payment", "account", "broken", "praise", "urgent")
# Nobody's: the domains, telephone numbers, card numbers and addresses that are kept free for examples.
KINDS = ("email", "phone", "card", "ip", "iban", "none")
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "language": ["en"],
    "task_categories": ["token-classification", "text-classification"],
    "size_categories": ["1K<n<10K"],
    "pretty_name": "Tickets with personal data",
    "source_datasets": ["original"],
    "annotations_creators": ["machine-generated"],
    "tags": ["json", "pii", "synthetic", "demo"],
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    dice = random.Random(11)  # noqa: S311 -- tickets, not secrets
    (folder / "data").mkdir()
    for split, count in COUNTS.items():
        lines = [json.dumps(_ticket(dice, number), ensure_ascii=False) for number in range(count)]
        (folder / "data" / f"{split}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    card.write(
        folder,
        FRONT,
        f"""
# Tickets with personal data

{sum(COUNTS.values()):,} made-up conversations with a help desk, a JSON object to a line: `customer` is an object,
`messages` a list of objects, `resolution` an object or nothing, `tags` may be empty.

Most first messages hold a piece of personal data, and `planted` says which and of what kind
({", ".join(kind for kind in KINDS if kind != "none")}): something to find, with the answer beside it. None of it is
anybody's: addresses at `example.com` and `example.org`, telephone numbers and IP addresses that are reserved for
stories and documentation, test numbers of cards, account numbers of a bank that does not exist.

```python
from datasets import load_dataset

load_dataset("{ID}", split="test")[0]["messages"]
```
""",
    )
    return f"{sum(COUNTS.values()):,} tickets"


def _ticket(dice: random.Random, number: int) -> dict[str, Any]:
    first, last = dice.choice(FIRST), dice.choice(LAST)
    kind = dice.choice(KINDS)
    value = _personal(dice, kind, first, last)
    said = f"Hello, {dice.choice(TROUBLES)}." + (f" {_sentence(kind, value)}" if value else "")
    messages = [{"from": "customer", "text": f"{said} Thank you, {first}"}]
    for place in range(dice.choice((0, 1, 1, 2, 3))):
        who = ("agent", "customer")[place % 2]
        text = ("We are looking into it.", "Any news?", "It is on its way.")[place]
        messages.append({"from": who, "text": text})
    solved = dice.random() < 0.7
    return {
        "id": f"T{number:05d}",
        "customer": {"name": f"{first} {last}", "since": dice.randint(2015, 2026)},
        "messages": messages,
        "tags": dice.sample(TAGS, dice.choice((0, 1, 2, 2))),
        "resolution": {"days": dice.randint(0, 9), "refund": round(dice.uniform(0, 80), 2)}
        if solved
        else None,
        "planted": {"kind": kind, "text": value} if value else None,
    }


def _sentence(kind: str, value: str) -> str:
    return {
        "email": f"Please write to {value}.",
        "phone": f"You can call me on {value} in the evening.",
        "card": f"I paid with {value}, if that helps.",
        "ip": f"Your page says I come from {value}.",
        "iban": f"The refund can go to {value}.",
    }[kind]


def _personal(dice: random.Random, kind: str, first: str, last: str) -> str:
    match kind:
        case "email":
            return f"{first}.{last}{dice.randint(1, 99)}@example.{dice.choice(('com', 'org'))}".lower()
        case "phone":
            return dice.choice(
                (f"+44 7700 900{dice.randint(0, 999):03d}", f"(212) 555-01{dice.randint(0, 99):02d}")
            )
        case "card":
            return dice.choice(("4111 1111 1111 1111", "5500-0000-0000-0004", "340000000000009"))
        case "ip":
            return f"{dice.choice(('192.0.2', '198.51.100', '203.0.113'))}.{dice.randint(1, 254)}"
        case "iban":
            return _iban(f"{dice.randint(0, 10**18 - 1):018d}")
        case _:
            return ""


def _iban(account: str) -> str:
    """With the check digits a real one would have: DE, and a bank number nobody has."""
    digits = f"{'00000000' + account[8:]}131400"  # D is 13, E is 14
    return f"DE{98 - int(digits) % 97:02d}00000000{account[8:]}"


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them, and whether what was planted stands in the first message."""
    from datasets import load_dataset  # type: ignore[import-untyped]

    found = load_dataset(str(folder), cache_dir=str(folder.parent / f".cache-{folder.name}"))
    planted = [row for row in found["train"] if row["planted"]]
    there = [row["planted"]["text"] in row["messages"][0]["text"] for row in planted]
    return {
        **{f"{name}_rows": float(len(found[name])) for name in found},
        "planted": float(len(planted)),
        "found_in_text": sum(there) / len(there),
    }


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-08-14T12:00"),
    updated_at=day("2026-08-14T12:30"),
    build=build,
    seconds=0.5,
    later=True,
    front=FRONT,
    files=("data/train.jsonl", "data/test.jsonl"),
    downloads=51,
    likes=3,
    trending=0.25,
    check=check,
    floor={"train_rows": 1_200, "test_rows": 300, "planted": 900, "found_in_text": 1.0},
    ceiling={"train_rows": 1_200, "test_rows": 300},
)
