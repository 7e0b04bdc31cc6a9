"""What of a model's weights differs between two commits: both are on this disk by then."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hf_nb.values.bisections import TensorChange

if TYPE_CHECKING:
    import torch

SAFE = ".safetensors"


def between(old: Mapping[str, Path], new: Mapping[str, Path]) -> tuple[TensorChange, ...]:
    """Every tensor that is another, the most changed first. `old`, `new`: the files of both, by their names."""
    with _opened(old) as before, _opened(new) as after:
        found = [
            made
            for name in sorted({*before, *after})
            if (made := _compared(name, before.get(name), after.get(name))) is not None
        ]
    return tuple(sorted(found, key=_size, reverse=True))


def weights(folder: Path) -> dict[str, Path]:
    """The files of weights in the root of a snapshot."""
    return {one.name: one for one in folder.glob(f"*{SAFE}")}


@contextlib.contextmanager
def _opened(files: Mapping[str, Path]) -> Iterator[dict[str, Any]]:
    """Name of a tensor -> the file that holds it; nothing is read yet."""
    from safetensors import safe_open

    with contextlib.ExitStack() as stack:
        found: dict[str, Any] = {}
        for path in files.values():
            handle = stack.enter_context(safe_open(str(path), framework="pt"))
            found |= dict.fromkeys(handle.keys(), handle)
        yield found


def _compared(name: str, old: Any, new: Any) -> TensorChange | None:
    """One tensor, read here and let go."""
    before = None if old is None else old.get_tensor(name)
    after = None if new is None else new.get_tensor(name)
    if before is None or after is None or before.shape != after.shape or before.dtype != after.dtype:
        return TensorChange(name, _said(before), _said(after))
    import torch

    if torch.equal(before, after):
        return None
    apart = (after.double() - before.double()).abs()
    length = float(before.double().norm())
    relative = float(apart.norm()) / length if length else None
    share = float((before != after).sum()) / max(1, before.numel())
    return TensorChange(name, _said(before), _said(after), float(apart.max()), relative, share)


def _said(tensor: torch.Tensor | None) -> str | None:
    if tensor is None:
        return None
    return f"{str(tensor.dtype).removeprefix('torch.')} {'×'.join(map(str, tensor.shape)) or 'scalar'}"


def _size(one: TensorChange) -> float:
    """What came, went or has another shape is above any difference."""
    return float("inf") if one.relative is None else one.relative
