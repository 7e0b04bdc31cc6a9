"""Where hf_nb keeps its own files."""

import os
from pathlib import Path

NAME = "hf-nb"


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
    import platformdirs  # 4 ms, and not needed where the variable is set

    return Path(getattr(platformdirs, kind)(NAME))
