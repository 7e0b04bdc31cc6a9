"""Why a write cannot be: what is to be made is there, or what it builds on has changed."""

from collections.abc import Sequence

from hf_nb.errors import BadInput, Refused


class Exists(BadInput):
    """There is one of that name already."""


class Outdated(Refused):
    """Somebody was faster."""


class Settled(Refused):
    """A conversation that has come to its end, or has not begun: this cannot be done with it any more, or yet."""


class Conflicting(Refused):
    """Both sides changed the same files."""

    def __init__(self, files: Sequence[str]) -> None:
        super().__init__(f"Merge conflict in: {', '.join(files)}")
        self.files = tuple(files)
