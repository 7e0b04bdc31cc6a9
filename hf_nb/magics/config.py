"""`%config HF`: the settings as IPython's own configuration."""

from __future__ import annotations

import copy
from typing import Any

from traitlets.config import Configurable

from hf_nb.plumbing.settings import Settings


def register(shell: Any, settings: Settings) -> None:
    """Make `%config HF.search_limit = 50` set the setting; IPython completes the names."""
    unregister(shell)
    shell.configurables.append(_mirror(settings))


def unregister(shell: Any) -> None:
    """Take it away again."""
    shell.configurables[:] = [one for one in shell.configurables if type(one).__name__ != "HF"]


class HF(Configurable):
    """The settings of hf_nb. `%config` knows objects by their class's name."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def update_config(self, config: Any) -> None:
        """Through the settings, which know what is allowed; this object only follows them."""
        for name, value in config.get("HF", {}).items():
            setattr(self._settings, name, value)


def _mirror(settings: Settings) -> Configurable:
    """An `HF` with the settings' own traits, which `%config HF` lists and completes."""
    traits = {
        name: copy.copy(trait).tag(config=True)
        for name, trait in sorted(settings.traits().items())
        if not name.startswith("_")
    }
    mirror: Configurable = type("HF", (HF,), {"__doc__": HF.__doc__, **traits})(settings)

    def follow(change: Any) -> None:
        if change["name"] in traits:
            setattr(mirror, change["name"], change["new"])

    for name in traits:
        setattr(mirror, name, getattr(settings, name))
    settings.observe(follow)
    return mirror
