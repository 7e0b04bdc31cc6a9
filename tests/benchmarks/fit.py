"""What `fit` says of a model, held against what the model takes, over every architecture of `tests/infer/fit`.

    python -m tests.benchmarks.fit speed [TYPE …]     one pass, one thread, CPU time, the least of many
    python -m tests.benchmarks.fit memory [TYPE …]    a child process's high-water mark above where it was before

Speed is told without the architecture's own part in it: the three figures of `reckon` are fitted on all the others.
A classifier's last layer is for the token that is read, as the engine has it.
Real passes and replayed steps take turns, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hf_nb.infer import machine
from hf_nb.infer.fit import reckon, replay, shapes, trace
from tests.infer.fit.architectures import BUILT

TOKENS, SOUND = 27, 2.0
TURNS, SPAN = 3, 0.04
ANSWER = 64_000
PROCESSES = 3
Row = dict[str, Any]


def made(kind: str, auto: str, config: dict[str, Any]) -> Any:
    """The model of shapes."""
    return shapes.built(shapes.config_of({**config, "model_type": kind}), auto)


def speed(names: list[str]) -> list[Row]:
    """A row per architecture and size: what it took, and what its steps took alone."""
    import torch
    import transformers

    from hf_nb.infer.backends.local import matmul, narrow

    torch.set_num_threads(1)
    rows = []
    for kind, auto, config in BUILT:
        if names and kind not in names:
            continue
        model = made(kind, auto, config)
        narrowed = narrow.shapes(model)
        watched, _ = trace.watched(model, shapes.inputs(model, TOKENS, SOUND))
        weights = sum(one.numel() * one.element_size() for one in model.parameters())
        real = (
            getattr(transformers, auto).from_config(shapes.config_of({**config, "model_type": kind})).eval()
        )
        matmul.quickest(real)
        if narrowed:
            narrow.again(real)
        given = shapes.inputs(real, TOKENS, SOUND, device="cpu")
        took = steps = unit = float("inf")
        with torch.inference_mode():
            real(**given)
            for _ in range(TURNS):
                took = min(took, _least(lambda: real(**given)))  # noqa: B023 -- called before the next turn
                here = machine.Machine(None)
                steps, unit = min(steps, replay.seconds(watched, weights, here, 1)), min(unit, here.unit)
        row = {
            "kind": kind,
            "narrow": narrowed,
            "real": took,
            "steps": steps,
            "unit": unit,
            "modules": watched.modules,
        }
        row |= {"calls": watched.calls, "weights": weights}
        rows.append(row)
        said = reckon.STEPS * steps + unit * (reckon.MODULES * watched.modules + reckon.CALLS * watched.calls)
        print(json.dumps(row | {"said": said, "off": said / took - 1}), flush=True)
    return rows


def _least(call: Callable[[], Any]) -> float:
    until, best = time.perf_counter() + SPAN, float("inf")
    while True:
        began = time.process_time()
        call()
        best = min(best, time.process_time() - began)
        if time.perf_counter() > until:
            return best


def left_out(rows: list[Row]) -> None:
    """Each architecture by figures fitted on the others."""
    import numpy as np

    unit = np.median([one["unit"] for one in rows])
    told = np.array([[one["steps"], unit * one["modules"], unit * one["calls"]] for one in rows])
    real = np.array([one["real"] for one in rows])
    kinds = np.array([one["kind"] for one in rows])
    scaled = told / real[:, None]
    off = np.empty(len(rows))
    for at, kind in enumerate(kinds):
        others = kinds != kind
        off[at] = scaled[at] @ _fitted(scaled[others]) - 1
    print(f"\n{'architecture':32}{'took':>10}{'said':>10}{'off':>8}")
    for one, by in sorted(zip(rows, off, strict=True), key=lambda pair: abs(pair[1])):
        print(f"{one['kind']:32}{one['real'] * 1e3:8.2f}ms{one['real'] * (1 + by) * 1e3:8.2f}ms{by:+8.1%}")
    size = np.abs(off)
    print(
        f"\n{len(set(kinds))} architectures, {len(rows)} models, leave one architecture out: median "
        f"{np.median(size):.1%}, nine of ten within {np.quantile(size, 0.9):.1%}, worst {size.max():.1%}"
    )
    print("fitted on all: STEPS, MODULES, CALLS =", [round(float(one), 3) for one in _fitted(scaled)])
    shipped = np.abs(scaled @ np.array([reckon.STEPS, reckon.MODULES, reckon.CALLS]) - 1)
    print(
        f"by the figures of `reckon`: median {np.median(shipped):.1%}, nine of ten within "
        f"{np.quantile(shipped, 0.9):.1%}, worst {shipped.max():.1%}"
    )


def _fitted(scaled: Any) -> Any:
    """Least absolute error, by weighting what is far off less and less; no figure below zero."""
    import numpy as np

    weight = np.ones(len(scaled))
    figures = np.ones(3)
    for _ in range(20):
        figures = np.linalg.lstsq(scaled * weight[:, None], weight, rcond=None)[0]
        if figures.min() < 0:
            keep = figures > 0
            figures = np.where(keep, figures, 0.0)
            figures[keep] = np.linalg.lstsq(scaled[:, keep] * weight[:, None], weight, rcond=None)[0]
        weight = 1 / np.sqrt(np.maximum(np.abs(scaled @ figures - 1), 0.02))
    return figures


def memory(names: list[str]) -> None:
    """Each as float32 and as bfloat16 on the disk: said, taken. 1/4 as the first name: so large a part of them.

    Taken is the middle of three processes': where the C library finds room differs by chance, up to a quarter.
    """
    import torch
    import transformers
    import transformers.generation
    import transformers.modeling_utils

    from hf_nb.infer.backends.local import matmul

    assert matmul  # what a process has loaded before its first model is no part of the model
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    torch.set_num_threads(1)
    offs: list[float] = []
    part = names.pop(0) if names and "/" in names[0] else "1/1"
    first, step = (int(one) for one in part.split("/"))
    for kind, auto, config in list({one[0]: one for one in BUILT}.values())[first - 1 :: step]:
        if names and kind not in names:
            continue
        for dtype in ("float32", "bfloat16"):
            with tempfile.TemporaryDirectory() as folder:
                _child(lambda: _save(kind, auto, config, dtype, folder))  # noqa: B023
                quick = _child(lambda: _quick(kind, auto, config))  # noqa: B023
                said = _child(lambda: _said(kind, auto, config, folder, quick=quick))  # noqa: B023
                each = [_child(lambda: _took(auto, folder, quick=quick)) for _ in range(PROCESSES)]  # noqa: B023
            if not all(isinstance(one, (int, float)) for one in (said, *each)):
                print(f"{kind:32}{dtype:10} not measured: {said} {each}", flush=True)
                continue
            took, wide = sorted(each)[PROCESSES // 2], max(each) / min(each) - 1
            offs.append(said / took - 1)
            line = f"{kind:32}{dtype:10}{took / 1e6:9.1f} MB{said / 1e6:9.1f} MB{offs[-1]:+8.1%}{wide:8.1%}"
            print(line, flush=True)
    offs = sorted(map(abs, offs))
    within = sum(one <= 0.1 for one in offs)
    print(
        f"\n{len(offs)} measured: median {offs[len(offs) // 2]:.1%}, worst {offs[-1]:.1%}, {within} within 10%"
    )


def _child(work: Callable[[], Any]) -> Any:
    """What a process of its own makes of it, with torch loaded and nothing else."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        try:
            said = work()
        except BaseException as wrong:  # noqa: BLE001 -- told to the parent
            said = f"{type(wrong).__name__}: {wrong}"[:200]
        os.write(writing, json.dumps(said).encode()[:ANSWER])
        os._exit(0)
    os.close(writing)
    raw = os.read(reading, ANSWER)
    os.waitpid(child, 0)
    os.close(reading)
    return json.loads(raw or b"null")


def _save(kind: str, auto: str, config: dict[str, Any], dtype: str, folder: str) -> None:
    import torch
    import transformers

    model = getattr(transformers, auto).from_config(shapes.config_of({**config, "model_type": kind}))
    model.to(getattr(torch, dtype)).save_pretrained(folder)


def _quick(kind: str, auto: str, config: dict[str, Any]) -> bool:
    """Which order of weights is quicker here is settled before: told and taken are then of the same order."""
    layers = [one.weight for one in made(kind, auto, config).modules() if type(one).__name__ == "Linear"]
    if not layers:
        return False
    return replay.quick(trace.shape_of(max(layers, key=lambda one: one.numel())), machine.this())


def _said(kind: str, auto: str, config: dict[str, Any], folder: str, *, quick: bool) -> int:
    from hf_nb.infer.backends.local import narrow

    model = made(kind, auto, config)
    replay.quick, replay.anew = lambda *_: quick, lambda *_: False
    narrow.shapes(model)
    found = reckon.reckon(
        model, machine.Machine(None), tokens=TOKENS, new_tokens=1, seconds=SOUND, writes=False, timed=False
    )
    stored = sum(one.stat().st_size for one in Path(folder).glob("*.safetensors"))
    return reckon.peak(found, model, stored)


def _took(auto: str, folder: str, *, quick: bool) -> int:
    """Loaded as the engine does it, asked twice, and every weight looked at, as many questions do together."""
    import torch
    import transformers

    from hf_nb.infer.backends.local import matmul, narrow

    kind = getattr(transformers, auto)
    kind._model_mapping[type(transformers.AutoConfig.from_pretrained(folder))]
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    before = _kilobytes("VmRSS")
    model = kind.from_pretrained(folder, use_safetensors=True, dtype=torch.float32).eval()
    matmul.gain = lambda *_, **__: float(quick) * matmul.GAIN
    matmul.quickest(model)
    if narrow.classifies(model):
        narrow.narrow(model, narrow.example())
    with torch.inference_mode():
        for _ in range(2):
            model(**shapes.inputs(model, TOKENS, SOUND, device="cpu"))
        for one in model.parameters():
            one.sum()
    return (_kilobytes("VmHWM") - before) * 1024


def _kilobytes(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    return 0


if __name__ == "__main__":
    what, *only = sys.argv[1:] or ["speed"]
    if what == "memory":
        memory(only)
    else:
        left_out(speed(only))
