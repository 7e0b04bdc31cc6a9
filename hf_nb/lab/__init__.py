"""What JupyterLab finds of hf_nb: its extension, a route of the Jupyter server, a comm of the kernel.

comm      the sidebar's line to a kernel that has loaded hf_nb
routes    the same questions asked of the Jupyter server, where no kernel is needed; files of the Hub
static    the built extension (from `labextension/`)
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

NAME = "hf-nb"


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": str(Path(__file__).parent / "static"), "dest": NAME}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    return [{"module": "hf_nb.lab"}]


def _load_jupyter_server_extension(server: Any) -> None:
    from hf_nb.lab import routes

    routes.load(server)
