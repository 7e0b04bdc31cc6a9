"""Where hf_nb keeps its own files."""

import os
import sys
from pathlib import Path

NAME = "hf-nb"
XDG = {
    "user_config_dir": ("XDG_CONFIG_HOME", "~/.config"),
    "site_config_dir": ("XDG_CONFIG_DIRS", "/etc/xdg"),
    "user_data_dir": ("XDG_DATA_HOME", "~/.local/share"),
    "user_cache_dir": ("XDG_CACHE_HOME", "~/.cache"),
}


def config() -> Path:
    """Settings the user wrote."""
    return _folder("HF_NB_CONFIG_DIR", "user_config_dir")


def site() -> Path:
    """Settings for everybody on this machine, kept by whoever keeps it."""
    return _platform("site_config_dir")


def data() -> Path:
    """What hf_nb wrote for the user: traces."""
    return _folder("HF_NB_DATA_DIR", "user_data_dir")


def cache() -> Path:
    """What can be made again."""
    return _folder("HF_NB_CACHE_DIR", "user_cache_dir")


def demo() -> Path:
    """The offline Hub's content, built once: with the caches, or where HF_NB_HUB_CACHE says."""
    named = os.environ.get("HF_NB_HUB_CACHE")
    return Path(named) if named else cache() / "hub"


def _folder(variable: str, kind: str) -> Path:
    if named := os.environ.get(variable):
        return Path(named)
    return _platform(kind)


def _platform(kind: str) -> Path:
    if sys.platform == "linux":
        return _xdg(*XDG[kind]) / NAME
    import platformdirs

    return Path(getattr(platformdirs, kind)(NAME))


def _xdg(variable: str, otherwise: str) -> Path:
    """What platformdirs says on Linux; asking it costs a third of the time the extension takes to load."""
    named = os.environ.get(variable, "").strip().partition(os.pathsep)[0]
    return Path(named) if named.startswith("/") else Path(otherwise).expanduser()
