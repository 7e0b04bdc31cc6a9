"""The 1,797 handwritten digits that come with scikit-learn, as pictures, in one fixed split."""

import hashlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

TEST = 360


@cache
def images() -> list[tuple["Image", int]]:
    """(8x8 grey picture, digit) in scikit-learn's order."""
    from PIL import Image
    from sklearn.datasets import load_digits

    found = load_digits()
    pixels = (found.images * (255 / 16)).round().clip(0, 255).astype("uint8")
    return [
        (Image.fromarray(picture), int(digit)) for picture, digit in zip(pixels, found.target, strict=True)
    ]


@cache
def split(name: str) -> list[int]:
    """Positions of "train" (1,437) or "test" (360). By a hash: in scikit-learn's order 0 to 9 follow each other."""
    shuffled = sorted(range(len(images())), key=lambda i: hashlib.sha256(str(i).encode()).digest())
    return sorted(shuffled[:TEST] if name == "test" else shuffled[TEST:])
