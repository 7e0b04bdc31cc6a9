"""Versions, variables, settings, the accelerator: nothing of it is imported to find out."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

from hf_nb.plumbing.session import Session
from hf_nb.values.doctor import Symptom

PACKAGES = (
    "hf-nb",
    "huggingface_hub",
    "ipython",
    "ipykernel",
    "jupyterlab",
    "ipywidgets",
    "anywidget",
    "torch",
    "transformers",
    "datasets",
    "hf_xet",
)
# Each with the value that matters and what it does then; "" for any value.
VARIABLES: dict[str, tuple[str, str]] = {
    "HF_HUB_OFFLINE": ("1", "the official client asks nothing of any network"),
    "TRANSFORMERS_OFFLINE": ("1", "transformers asks nothing of any network"),
    "HF_DATASETS_OFFLINE": ("1", "datasets asks nothing of any network"),
    "HF_HUB_DISABLE_XET": ("1", "files come by plain HTTP, which is slower for large ones"),
    "HF_HUB_DISABLE_SYMLINKS": ("1", "the cache holds copies, and takes more room"),
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": ("1", "the official client sends no token by itself"),
    "HF_HUB_DISABLE_PROGRESS_BARS": ("1", "no bars"),
    "HF_HUB_ENABLE_HF_TRANSFER": ("1", "has no effect any more: Xet took its place"),
    "HF_HUB_DOWNLOAD_TIMEOUT": ("", "seconds a download waits for the next bytes"),
    "HF_HUB_ETAG_TIMEOUT": ("", "seconds a file's metadata is waited for"),
    "HF_HOME": ("", "where cache and token lie"),
    "HF_HUB_CACHE": ("", "where the cache lies"),
}
# The first and the last huggingface_hub our tests have seen; the first is what pyproject.toml asks for.
TRIED = ("2.3", "2.4")
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE")
_ON = ("1", "on", "yes", "true")
_PATIENCE = 2.0
_MB = 1 << 20


def versions(session: Session) -> Iterator[Symptom]:
    """What is installed."""
    yield Symptom(
        "software", "python", "ok", f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    )
    found = {name: _version(name) for name in PACKAGES}
    yield _official(found.pop("huggingface_hub") or "")
    yield from (Symptom("software", name, "ok", version) for name, version in found.items() if version)
    if found["ipykernel"] and not found["ipywidgets"]:
        yield Symptom(
            "software",
            "ipywidgets",
            "warn",
            "not installed: no panels and no bars",
            "%pip install 'hf-nb[lab]'",
        )
    if found["ipywidgets"] and found["ipywidgets"].startswith(("5.", "6.", "7.")):
        step = "%pip install -U 'ipywidgets>=8.1'"
        yield Symptom(
            "software", "ipywidgets", "warn", f"{found['ipywidgets']} is too old for JupyterLab 4", step
        )
    missing = [name for name in ("torch", "transformers") if not found[name]]
    if missing:
        detail = "not installed: no model runs on this machine"
        yield Symptom("software", " and ".join(missing), "note", detail, "%pip install 'hf-nb[local]'")


def _official(version: str) -> Symptom:
    """We lean on parts of it that no release promises."""
    first, last = (_numbers(one) for one in TRIED)
    here = _numbers(version)
    if here < first:
        detail = f"{version or 'none'} is too old: hf_nb needs {TRIED[0]}"
        step = f"%pip install -U 'huggingface_hub>={TRIED[0]}'"
        return Symptom("software", "huggingface_hub", "problem", detail, step)
    if here > last:
        detail = f"{version}; hf_nb was tried with {TRIED[0]} to {TRIED[1]}"
        return Symptom("software", "huggingface_hub", "note", detail)
    return Symptom("software", "huggingface_hub", "ok", version)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in re.findall(r"\d+", version)[:2])


def variables(session: Session) -> Iterator[Symptom]:
    """What the environment says to the official libraries."""
    for name, (value, effect) in VARIABLES.items():
        said = os.environ.get(name, "")
        if not said or (value and said.lower() not in _ON):
            continue
        if name in _OFFLINE:
            step = f'import os; os.environ.pop("{name}"), then restart the kernel'
            yield Symptom("environment", name, "problem", f"is set: {effect}", step)
        else:
            yield Symptom("environment", name, "note", f"{said} – {effect}")


def settings(session: Session) -> Iterator[Symptom]:
    """What is not as it was delivered, and what a project may not say."""
    here = session.settings
    if here.refusal:
        yield Symptom("settings", "project", "problem", here.refusal.problem, here.refusal.next_step)
    for note in here.notes:
        yield Symptom("settings", "note", "note", note)
    for one in here.table():
        if one.value != one.default:
            yield Symptom("settings", one.name, "note", f"{one.value} (from {one.source})")
    if here.local_only:
        detail = "nothing leaves this machine"
        yield Symptom("settings", "local_only", "warn", detail, "%hf settings local_only=false")


def accelerator(session: Session) -> Iterator[Symptom]:
    """A GPU, as its own tool tells; torch is not loaded for it."""
    torch = _version("torch") or ""
    if sys.platform == "darwin" and platform.machine() == "arm64":
        yield Symptom("accelerator", "GPU", "ok", "Apple (MPS); not asked any further")
        return
    cards = _nvidia()
    if not cards:
        yield Symptom("accelerator", "GPU", "note", "none found by nvidia-smi: models run on the processor")
    for card in cards:
        name, total, used = (part.strip() for part in f"{card},,".split(",")[:3])
        yield Symptom("accelerator", "GPU", "ok", f"{name}, {used} of {total} MiB in use")
    if cards and torch.endswith("+cpu"):
        step = "%pip install torch --index-url https://download.pytorch.org/whl/cu128"
        yield Symptom("accelerator", "torch", "warn", f"{torch} cannot use the GPU", step)


def _nvidia() -> list[str]:
    program = shutil.which("nvidia-smi")
    if program is None:
        return []
    asked = [program, "--query-gpu=name,memory.total,memory.used", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [line for line in done.stdout.splitlines() if line.strip()] if done.returncode == 0 else []


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
