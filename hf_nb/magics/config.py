"""`%config HF`: the settings as IPython's own configuration."""

from __future__ import annotations

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


def _mirror(settings: Settings) -> Configurable:
    """A class named HF with the same traits: `%config` knows objects by their class's name."""
    traits = {
        name: type(trait)(getattr(settings, name), help=trait.help).tag(config=True)
        for name, trait in sorted(settings.traits().items())
    }
    mirror: Configurable = type("HF", (Configurable,), {"__doc__": "The settings of hf_nb.", **traits})()

    def hand_over(change: Any) -> None:
        # What the setting makes of the value (a refused one raises, and the old one stands in both).
        if getattr(settings, change["name"]) != change["new"]:
            setattr(settings, change["name"], change["new"])

    def follow(change: Any) -> None:
        if change["name"] in traits and getattr(mirror, change["name"]) != change["new"]:
            setattr(mirror, change["name"], change["new"])

    mirror.observe(hand_over, names=list(traits))
    settings.observe(follow)
    return mirror
