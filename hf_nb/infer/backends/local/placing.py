"""Where a model is put, and how much all of them may take there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hf_nb.errors import OutOfMemory
from hf_nb.infer.backends.local import room
from hf_nb.render import units

if TYPE_CHECKING:
    from hf_nb.plumbing.settings import Settings

SHARE = 0.5  # of what is free, where the settings do not say
# A model works with more than its own numbers: so much of them again is to be free beside it.
WORKING = 1.15


class NoRoom(OutOfMemory):
    """Known before anything was loaded: trying it otherwise is of no use."""


class Placing:
    """Of one session. `devices` and `free` may be others in a test."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.devices: Callable[[], tuple[str, ...]] = room.devices
        self.free: Callable[[str], int] = room.free

    def budget(self, device: str, taken: int) -> int:
        """Bytes the models there may take together, where those now there take `taken`."""
        if self.settings.model_memory:
            return int(self.settings.model_memory)
        return int(SHARE * (self.free(device) + taken))

    def choose(
        self, model: str, takes: Callable[[str], int], idle: Callable[[str], int], device: str | None
    ) -> tuple[str, str]:
        """The first device that holds it once the idle ones are gone, and a word where that is not the best one."""
        wanted = (device,) if device is not None else self.devices()
        passed = ""
        for one in wanted:
            there, need = self.free(one) + idle(one), takes(one)
            if need * WORKING <= there:
                return one, passed and f"on {named(one)}: {passed}"
            passed = f"{named(one)} has {units.size(there)} free, and it takes {units.size(need)}"
        # The last one's memory: nothing has been loaded or fetched yet.
        raise NoRoom(
            f"{model} does not fit into this machine: {passed}.",
            "Ask it elsewhere: --provider hf\nOr choose a smaller model.",
        )


def named(device: str) -> str:
    """A device in a sentence."""
    kind, _, number = device.partition(":")
    if kind == "cuda" and number:
        return f"GPU {number}"
    return {"cuda": "the GPU", "mps": "the GPU", "cpu": "the CPU"}.get(device, device)
