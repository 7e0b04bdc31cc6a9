"""A model is the same bytes whichever instructions the processor would rather use."""

from pathlib import Path

import pytest

from hf_nb.offline.content import build, catalogue, rounding

DRAFT = catalogue.of_id("hfnb-lab/sentiment-en-draft")  # five seconds of training
ELSEWHERE = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE", "ONEDNN_MAX_CPU_ISA": "SSE41"}


@pytest.mark.skipif("MKL_CBWR" not in rounding.settings(), reason="no AVX2 here")
def test_a_training_gives_the_same_weights_where_other_instructions_are_preferred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []
    for name, preferred in (("here", {}), ("elsewhere", ELSEWHERE)):
        for variable, value in preferred.items():
            monkeypatch.setenv(variable, value)
        build.provide([DRAFT], tmp_path / name, lambda _: None)
        built.append((build.built_folder(DRAFT, tmp_path / name) / "model.safetensors").read_bytes())
    assert built[0] == built[1]


def test_a_processor_without_these_instructions_trains_as_it_does(tmp_path: Path) -> None:
    info = tmp_path / "cpuinfo"
    info.write_text("flags\t\t: fpu sse4_2 avx f16c\n")
    assert rounding.settings(info) == {"OMP_NUM_THREADS": "1"}
    assert rounding.settings(tmp_path / "none") == {"OMP_NUM_THREADS": "1"}
    info.write_text("flags\t\t: fpu sse4_2 avx f16c avx2 bmi2\n")
    assert "ATEN_CPU_CAPABILITY" in rounding.settings(info)
