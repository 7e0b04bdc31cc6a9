"""hfnb-demo/tones: short sounds made by a formula, with what they are."""

import io
import wave
from pathlib import Path
from typing import Any

from hf_nb.offline.content import card, parquet
from hf_nb.offline.content.recipe import Context, Recipe, Step, day

ID = "hfnb-demo/tones"
RATE, SECONDS = 8000, 0.5
COUNTS = {"train": 540, "test": 108}
NOTES = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]
KINDS = {"tone": (0,), "major": (0, 4, 7), "minor": (0, 3, 7)}  # semitones above the root
FRONT: dict[str, Any] = {
    "license": "cc0-1.0",
    "task_categories": ["audio-classification"],
    "size_categories": ["n<1K"],
    "pretty_name": "Tones and chords",
    "source_datasets": ["original"],
    "annotations_creators": ["machine-generated"],
    "tags": ["audio", "music", "synthetic", "demo"],
    "dataset_info": {
        "features": [
            {"name": "audio", "dtype": {"audio": {"sampling_rate": RATE}}},
            parquet.classes("kind", list(KINDS)),
            parquet.classes("root", NOTES),
            parquet.column("hertz", "float64"),
        ],
        "splits": [{"name": name, "num_examples": count} for name, count in COUNTS.items()],
    },
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    import numpy
    import pyarrow
    from datasets import Audio, ClassLabel, Features, Value  # type: ignore[import-untyped]

    features = Features(
        {
            "audio": Audio(sampling_rate=RATE),
            "kind": ClassLabel(names=list(KINDS)),
            "root": ClassLabel(names=NOTES),
            "hertz": Value("float64"),
        }
    )
    dice = numpy.random.default_rng(23)
    tables = {
        split: pyarrow.Table.from_pylist(
            [_row(dice, split, number) for number in range(count)], schema=features.arrow_schema
        )
        for split, count in COUNTS.items()
    }
    described = parquet.write(folder, {"default": tables}, {"default": FRONT["dataset_info"]["features"]})
    card.write(
        folder,
        {**FRONT, **described},
        f"""
# Tones and chords

{sum(COUNTS.values())} sounds of half a second, WAV at {RATE:,} samples a second: a single `tone`, a `major` or a
`minor` chord, on each of the twelve notes in three octaves, a little out of tune, with overtones, a decay and some
hiss. Every kind and note is there equally often; `hertz` is the root's true frequency.

```python
from datasets import Audio, load_dataset

sounds = load_dataset("{ID}", split="train")
sounds = sounds.cast_column("audio", Audio(decode=False))  # the WAV as it is; decoding needs torchcodec
sounds[0]["audio"]["bytes"]
```

In a notebook `IPython.display.Audio(data=sounds[0]["audio"]["bytes"])` plays it. Computed, not recorded: what tells
these apart will not know a piano.
""",
    )
    return f"{sum(COUNTS.values())} sounds"


def _row(dice: Any, split: str, number: int) -> dict[str, Any]:
    import numpy

    kind, root = number % len(KINDS), number // len(KINDS) % len(NOTES)
    octave = int(dice.integers(-1, 2))
    hertz = 440.0 * 2 ** ((root - 9) / 12 + octave) * float(dice.uniform(0.995, 1.005))
    time = numpy.arange(int(RATE * SECONDS)) / RATE
    sound = numpy.zeros_like(time)
    for step in list(KINDS.values())[kind]:
        for overtone, share in ((1, 1.0), (2, float(dice.uniform(0, 0.5))), (3, float(dice.uniform(0, 0.2)))):
            angle = 2 * numpy.pi * hertz * 2 ** (step / 12) * overtone * time + dice.uniform(0, 2 * numpy.pi)
            sound += share * numpy.sin(angle)
    sound *= numpy.exp(-time * dice.uniform(1, 5)) / numpy.abs(sound).max()
    sound += dice.normal(0, 0.01, len(sound))
    samples = (numpy.clip(sound * dice.uniform(0.4, 0.9), -1, 1) * 32767).astype("<i2")
    return {
        "audio": {"bytes": _wav(samples.tobytes()), "path": f"{split}-{number:03d}.wav"},
        "kind": kind,
        "root": root,
        "hertz": round(hertz, 3),
    }


def _wav(samples: bytes) -> bytes:
    kept = io.BytesIO()
    with wave.open(kept, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples)
    return kept.getvalue()


def check(folder: Path) -> dict[str, float]:
    """Rows as `datasets` sees them; in how many single tones the loudest frequency is the one named or its overtone."""
    import numpy
    from datasets import Audio, load_dataset

    found = load_dataset(str(folder), cache_dir=str(folder.parent / f".cache-{folder.name}"))
    found = found.cast_column("audio", Audio(decode=False))
    right = []
    for row in found["test"].filter(lambda row: row["kind"] == 0):
        with wave.open(io.BytesIO(row["audio"]["bytes"])) as sound:
            assert (sound.getframerate(), sound.getnframes()) == (RATE, int(RATE * SECONDS))
            samples = numpy.frombuffer(sound.readframes(sound.getnframes()), "<i2")
        loudest = numpy.abs(numpy.fft.rfft(samples)).argmax() / SECONDS
        right.append(min(abs(loudest - row["hertz"] * overtone) for overtone in (1, 2)) <= 2 / SECONDS)
    return {
        **{f"{name}_rows": float(len(found[name])) for name in found},
        "notes_right": sum(right) / len(right),
    }


RECIPE = Recipe(
    type="dataset",
    id=ID,
    created_at=day("2026-06-02T19:40"),
    updated_at=day("2026-06-03T08:12"),
    build=build,
    shared=("parquet.py",),
    needs=("datasets", "pyarrow", "numpy"),
    seconds=4,
    later=True,
    front=FRONT,
    files=("default/train-00000-of-00001.parquet",),
    downloads=1377,
    likes=9,
    trending=1.1,
    history=(
        Step("Upload sounds", day("2026-06-02T19:44"), ("*.parquet",)),
        Step("Add dataset card", day("2026-06-03T08:12"), ("README.md",)),
    ),
    check=check,
    floor={"train_rows": 540, "test_rows": 108, "notes_right": 1.0},
)
