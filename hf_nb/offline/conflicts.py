"""Why a write cannot be: what is to be made is there, or what it builds on has changed."""

from hf_nb.errors import BadInput, Refused


class Exists(BadInput):
    """There is one of that name already."""


class Outdated(Refused):
    """Somebody was faster."""
