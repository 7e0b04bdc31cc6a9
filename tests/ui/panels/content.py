"""What the Hub of these tests has beside its demo content: long lists, Spaces to start anew, strangers' tricks."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hf_nb.offline.content import space_card
from hf_nb.offline.people import LEARNER
from hf_nb.offline.running import Running, demo_copy, start
from hf_nb.offline.store import Store
from tests.render.hostile import CALL, CARD

DAY = datetime(2025, 3, 1, 12, tzinfo=UTC)
MANY = 60
SOME = 30  # datasets: two pages of the panel's
MODEL = """---
license: cc0-1.0
language: sv
library_name: timm
pipeline_tag: image-classification
---
# Number {0}
"""
SPACE = """---
title: {0}
sdk: {1}
app_file: app.py
---
# A Space
"""
DATASET = """---
license: mit
language: sv
pretty_name: Herbs
tags: [medical, benchmark]
task_categories: [text-classification]
size_categories: [n<1K]
---
# Herbs of number {0}
"""
HERBS = b"name,grams\nmint,3\nsage,5\nthyme,8\n"
# Names as hostile as the Hub lets them be, and texts that are freer.
LONG = "odd/" + "w" * 90
TITLE = f"<img src=x onerror={CALL}> $\\\\href{{javascript:{CALL}}}{{x}}$ " + "wide" * 60
FILE = f"<img src=x onerror={CALL}>.txt"
LOG = f"Traceback: <script>{CALL}</script>\n\x1b[31m<img src=x onerror={CALL}>\n" + "e" * 3_000


def spaces() -> dict[str, tuple[str, str, dict[str, object]]]:
    """Id -> its title, its kit, how it stands."""
    return {
        "learner/shop": ("A shop", "gradio", space_card.runtime("SLEEPING")),
        "learner/stall": ("A stall", "gradio", space_card.runtime("RUNNING")),
        "learner/cart": ("A cart", "streamlit", space_card.runtime("SLEEPING")),
        "learner/booth": ("A booth", "docker", space_card.runtime("STOPPED")),
        "learner/studio": ("A studio", "gradio", space_card.runtime("PAUSED", hardware="t4-small")),
        "odd/trap": (f'"{TITLE}"', "gradio", space_card.runtime("RUNTIME_ERROR", error=LOG)),
    }


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Running]:
    """It, running; whoever uses its variables is the learner."""
    root = demo_copy(folder / "store")
    store = Store.open(root)
    store.organisation("odd", "Odd", members={"teacher": "admin"})
    for number in range(MANY):
        files = {"README.md": MODEL.format(number).encode()}
        made = DAY + timedelta(hours=number)
        store.create_repo(
            "model", f"learner/many-{number:02}", created_at=made, downloads=MANY - number, files=files
        )
    for id, name in (("odd/hostile", FILE), (LONG, "x.txt")):
        store.create_repo("model", id, created_at=DAY, files={"README.md": CARD.encode(), name: b"x"})
        front = f"---\npretty_name: '{FILE}'\n---\n"
        texts = {"README.md": (front + CARD).encode(), name: b"x", "data/train.csv": HERBS}
        store.create_repo("dataset", id, created_at=DAY, files=texts)
    for number in range(SOME):
        files = {"README.md": DATASET.format(number).encode(), "train.csv": HERBS}
        made = DAY + timedelta(hours=number)
        store.create_repo("dataset", f"learner/herbs-{number:02}", created_at=made, downloads=1, files=files)
    for id, (title, kit, standing) in spaces().items():
        readme = SPACE.format(title, kit) + (CARD if id.startswith("odd/") else "")
        store.create_repo(
            "space", id, created_at=DAY, runtime=standing, files={"README.md": readme.encode(), "app.py": b""}
        )
    store.close()
    with start(root, answer="hf_nb.infer.serving") as running:
        running.environment["HF_TOKEN"] = LEARNER
        yield running
