"""How a builder's process rounds: alike on every x86 processor with AVX2, so that a model comes out as the same bytes.

Training makes much of a last bit: where another processor adds in another order, a small model ends up with other
answers, right as often but not to the same questions. Machines without AVX2, or of another kind, train as they do.
"""

import sys
from pathlib import Path

ALIKE = {
    "OMP_NUM_THREADS": "1",
    "ATEN_CPU_CAPABILITY": "avx2",
    "MKL_CBWR": "AVX2",
    "MKL_ENABLE_INSTRUCTIONS": "AVX2",
    "ONEDNN_MAX_CPU_ISA": "AVX2",
    "OPENBLAS_CORETYPE": "Haswell",
}


def settings(processor: Path = Path("/proc/cpuinfo")) -> dict[str, str]:
    """What the environment of such a process says, on this machine."""
    if sys.platform == "linux" and processor.exists() and " avx2 " in processor.read_text(encoding="utf-8"):
        return dict(ALIKE)
    return {"OMP_NUM_THREADS": ALIKE["OMP_NUM_THREADS"]}
