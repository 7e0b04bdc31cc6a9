"""Spans nest, are bounded, redacted, and never break the work they describe."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hf_nb.plumbing import spans

CANARY = "hf_" + "Zz9Yy8Xx7W" * 3


def test_a_span_inside_a_span_shares_its_trace_and_knows_its_parent() -> None:
    sink = spans.Sink()
    with spans.span(sink, "outer") as outer, spans.span(sink, "inner") as inner:
        assert spans.current() is inner
        assert inner.trace_id == outer.trace_id
        assert inner.parent_id == outer.span_id
    assert [one.name for one in sink.recent()] == ["inner", "outer"]
    assert spans.current() is None
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", outer.traceparent)


def test_an_error_is_recorded_and_passes_through() -> None:
    sink = spans.Sink()
    with pytest.raises(ValueError, match="boom"), spans.span(sink, "op"):
        raise ValueError(f"boom {CANARY}")
    record = sink.recent()[0].to_dict()
    assert record["error"].startswith("ValueError: boom")
    assert CANARY not in json.dumps(record)


def test_the_file_holds_one_json_line_per_span_without_tokens_and_only_for_its_owner(tmp_path: Path) -> None:
    sink = spans.Sink(tmp_path / "traces")
    with spans.span(sink, "op", {"note": f"Bearer {CANARY}", "n": 1}):
        pass
    sink.flush()
    file = tmp_path / "traces" / "spans.jsonl"
    line = json.loads(file.read_text())
    assert line["name"] == "op"
    assert line["attributes"]["n"] == 1
    assert CANARY not in file.read_text()
    assert file.stat().st_mode & 0o077 == 0


def test_a_huge_attribute_does_not_make_a_huge_line(tmp_path: Path) -> None:
    sink = spans.Sink(tmp_path)
    with spans.span(sink, "op", {"text": "x" * 1_000_000}):
        pass
    sink.flush()
    assert (tmp_path / "spans.jsonl").stat().st_size < spans.LINE_BYTES


def test_files_rotate_and_the_oldest_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spans, "FILE_BYTES", 1_000)
    sink = spans.Sink(tmp_path)
    for number in range(100):
        with spans.span(sink, f"op-{number}"):
            pass
        sink.flush()
    files = sorted(tmp_path.iterdir())
    assert len(files) == spans.FILES
    assert sum(file.stat().st_size for file in files) < 1_500 * spans.FILES
    assert "op-99" in (tmp_path / "spans.jsonl").read_text()


def test_a_folder_that_cannot_be_written_loses_the_line_and_not_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    sink = spans.Sink(tmp_path / "file" / "traces")
    with spans.span(sink, "op"):
        pass
    assert len(sink.recent()) == 1


def test_memory_is_bounded() -> None:
    sink = spans.Sink()
    for _ in range(spans.KEPT_IN_MEMORY + 50):
        with spans.span(sink, "op"):
            pass
    assert len(sink.recent()) == spans.KEPT_IN_MEMORY


def lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


def test_spans_are_written_many_together_and_before_long(tmp_path: Path) -> None:
    sink = spans.Sink(tmp_path)
    file = tmp_path / "spans.jsonl"
    with spans.span(sink, "outer"), spans.span(sink, "inner"):
        pass
    assert not file.exists()
    until = time.monotonic() + 30
    while len(lines(file)) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert [json.loads(line)["name"] for line in lines(file)] == ["inner", "outer"]
    for number in range(spans.TOGETHER):
        with spans.span(sink, f"op-{number}"):
            pass
    assert len(lines(file)) >= spans.TOGETHER


def test_what_went_wrong_or_took_long_is_written_at_once_and_what_came_before_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = spans.Sink(tmp_path)
    file = tmp_path / "spans.jsonl"
    with spans.span(sink, "quick"):
        pass
    with pytest.raises(ValueError, match="boom"), spans.span(sink, "wrong"):
        raise ValueError("boom")
    assert [json.loads(line)["name"] for line in lines(file)] == ["quick", "wrong"]
    monkeypatch.setattr(spans, "SOON", 0.0)
    with spans.span(sink, "long"):
        pass
    assert len(lines(file)) == 3


def test_a_token_that_was_in_use_when_a_span_ended_or_is_when_it_is_written_stands_in_no_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone, new = "a company's own kind 1", "another of that kind 2"
    sink = spans.Sink(tmp_path)
    monkeypatch.setenv("HF_TOKEN", gone)
    with spans.span(sink, "op", {"note": f"{gone} and {new}"}):
        pass
    monkeypatch.setenv("HF_TOKEN", new)
    sink.flush()
    (line,) = lines(tmp_path / "spans.jsonl")
    assert gone not in line
    assert new not in line


def test_what_waits_is_written_when_the_process_ends(tmp_path: Path) -> None:
    line = (
        "import sys; from pathlib import Path; from hf_nb.plumbing import spans;"
        "sink = spans.Sink(Path(sys.argv[1]))\nwith spans.span(sink, 'last'): pass"
    )
    subprocess.run([sys.executable, "-c", line, str(tmp_path)], check=True)
    assert [json.loads(one)["name"] for one in lines(tmp_path / "spans.jsonl")] == ["last"]


def test_a_fork_writes_nothing_of_its_parents(tmp_path: Path) -> None:
    line = (
        "import os, sys; from pathlib import Path; from hf_nb.plumbing import spans;"
        "sink = spans.Sink(Path(sys.argv[1]))\n"
        "with spans.span(sink, 'parents'): pass\n"
        "child = os.fork()\n"
        "with spans.span(sink, 'childs' if not child else 'waits'): pass\n"
        "if child: os.waitpid(child, 0)"
    )
    subprocess.run([sys.executable, "-c", line, str(tmp_path)], check=True)
    found = [json.loads(one) for one in lines(tmp_path / "spans.jsonl")]
    assert sorted(one["name"] for one in found) == ["childs", "parents", "waits"]
    assert len({one["span_id"] for one in found}) == 3
