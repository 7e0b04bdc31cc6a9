"""A repository's metadata, worked out from its files as the Hub does; nobody passes it in.

card.py      README.md: front matter and the text under it
weights.py   tensors counted from safetensors headers
gguf.py      what a GGUF file says of itself
pickles.py   what a pickle would import, read without loading it
models.py    library, task, config, tags
datasets.py  formats, sizes, tags
spaces.py    sdk, what it uses
"""

from hf_nb.offline.derive.datasets import dataset
from hf_nb.offline.derive.facts import Facts, Snapshot
from hf_nb.offline.derive.models import model
from hf_nb.offline.derive.spaces import space

_BY_TYPE = {"model": model, "dataset": dataset, "space": space}


def derive(type: str, id: str, files: Snapshot) -> Facts:
    """Everything the Hub says about a repository with these files."""
    return _BY_TYPE[type](id, files)


__all__ = ["Facts", "Snapshot", "derive"]
