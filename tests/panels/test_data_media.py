"""Pictures and sounds of cells: small, or whole where they fit; nothing of a stranger's bytes runs or explodes."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any

import pytest

from hf_nb.offline.running import Running
from hf_nb.panels.data import held
from hf_nb.panels.data.media.shown import LONGEST
from tests.panels.asking import Page, Wrong
from tests.panels.shapes import fits

pyarrow = pytest.importorskip("pyarrow")
Image = pytest.importorskip("PIL.Image")

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"><script>x()</script></svg>'


class Seen(Page):
    """A page that keeps what came beside an answer."""

    beside: Any = ()

    def _hear(self, message: dict[str, Any], buffers: Any) -> None:
        if "ok" in message:
            self.beside = list(buffers)
        super()._hear(message, buffers)


@pytest.fixture
def seen() -> Seen:
    return Seen()


def table(*cells: Any, kind: str = "Image") -> tuple[dict[str, Any], Any]:
    """A table in memory with one column of media."""
    import json

    note = json.dumps({"info": {"features": {"it": {"_type": kind}}}})
    type_ = pyarrow.struct({"bytes": pyarrow.binary(), "path": pyarrow.string()})
    schema = pyarrow.schema([("it", type_)], metadata={"huggingface": note})
    made = pyarrow.table({"it": pyarrow.array([*cells], type_)}, schema=schema)
    return {"what": held.hold(made)}, made


def cell(content: bytes | None, path: str | None = None) -> dict[str, Any]:
    return {"bytes": content, "path": path}


def drawn(width: int, height: int, form: str = "PNG", mode: str = "RGB", **how: Any) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((width, height), 90).convert(mode).save(out, form, **how)
    return out.getvalue()


def sound(seconds: float, rate: int = 16_000, channels: int = 1) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"\1\2" * int(seconds * rate * channels))
    return out.getvalue()


def test_a_picture_is_as_small_as_asked_for_and_as_it_is_without_a_side(seen: Seen, hub: Running):
    opened = seen.ask("data.open", of={"what": "hfnb-demo/tiny-pictures"})
    small = seen.ask("data.media", of=opened["of"], row=5, column="image", side=32)
    fits("explorer", "Media", small)
    assert (small["width"], small["height"]) == (32, 32)
    assert Image.open(io.BytesIO(seen.beside[0])).size == (32, 32)
    whole = seen.ask("data.media", of=opened["of"], row=5, column="image")
    assert (whole["mime"], whole["width"]) == ("image/png", 64)
    assert whole["text"].startswith("64 × 64, PNG, ")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF", "PPM"])
def test_every_kind_of_picture_leaves_as_one_that_browsers_draw(form: str, seen: Seen):
    of, kept = table(cell(drawn(300, 200, form)))
    for side in (0, 64):
        found = seen.ask("data.media", of=of, row=0, column="it", side=side)
        assert found["mime"] in ("image/png", "image/jpeg", "image/gif", "image/webp")
        assert max(found["width"], found["height"]) == (side or 300)
        assert Image.open(io.BytesIO(seen.beside[0])).size == (found["width"], found["height"])
    assert kept.num_rows == 1


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_every_mode_of_pixels_is_shown(mode: str, seen: Seen):
    out = io.BytesIO()
    form = "TIFF" if mode in ("CMYK", "I;16", "F") else "PNG"
    Image.new(mode, (400, 40)).save(out, form)
    of, kept = table(cell(out.getvalue()))
    assert seen.ask("data.media", of=of, row=0, column="it", side=100)["width"] == 100
    assert kept.num_rows == 1


def test_a_picture_that_was_taken_sideways_stands_upright(seen: Seen):
    exif = Image.Exif()
    exif[0x0112] = 6
    of, kept = table(cell(drawn(300, 200, "JPEG", exif=exif)))
    for side in (0, 150):
        found = seen.ask("data.media", of=of, row=0, column="it", side=side)
        assert found["height"] > found["width"], found
        assert Image.open(io.BytesIO(seen.beside[0])).getexif().get(0x0112, 1) == 1
    assert kept.num_rows == 1


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_large_picture_fits_into_one_message(mode: str, seen: Seen):
    of, kept = table(cell(drawn(1_000, 1_000, mode=mode)))
    found = seen.ask("data.media", of=of, row=0, column="it")
    assert len(seen.beside[0]) <= LONGEST
    assert found["text"].startswith("1,000 × 1,000, PNG")
    assert kept.num_rows == 1


def bomb() -> bytes:
    """A small file that says it has 40,000 × 40,000 pixels."""
    made = bytearray(drawn(10, 10))
    made[16:24] = (40_000).to_bytes(4, "big") * 2
    import zlib

    made[29:33] = zlib.crc32(bytes(made[12:29])).to_bytes(4, "big")
    return bytes(made)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (SVG, "BadInput"),
        (b"%PDF-1.4 something", "BadInput"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "BadInput"),
        (b"", "BadInput"),
        (drawn(200, 200)[:-3_000], "BadInput"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "BadInput"),
        (bomb(), "TooLarge"),
        (None, "NotFound"),
    ],
    ids=["svg", "pdf", "eps", "empty", "cut", "zeros", "bomb", "null"],
)
def test_what_is_no_picture_is_refused_and_nothing_is_sent(content: bytes | None, kind: str, seen: Seen):
    of, kept = table(cell(content))
    with pytest.raises(Wrong) as wrong:
        seen.ask("data.media", of=of, row=0, column="it", side=64)
    assert wrong.value.said["type"] == kind
    assert seen.beside == ()
    assert kept.num_rows == 1


def test_a_sound_is_played_as_it_is_and_a_long_one_from_its_beginning(seen: Seen):
    of, kept = table(cell(sound(1)), cell(sound(60, channels=2)), kind="Audio")
    short = seen.ask("data.media", of=of, row=0, column="it")
    fits("explorer", "Media", short)
    assert (short["mime"], short["seconds"]) == ("audio/wav", 1.0)
    assert seen.beside[0] == sound(1)
    long = seen.ask("data.media", of=of, row=1, column="it")
    assert long["text"].startswith("the first ")
    assert "of 60" in long["text"] or "of 1 min" in long["text"]
    with wave.open(io.BytesIO(seen.beside[0])) as file:
        assert file.getnchannels() == 2
        assert abs(file.getnframes() / file.getframerate() - long["seconds"]) < 0.01
    assert len(seen.beside[0]) <= LONGEST
    assert kept.num_rows == 2


@pytest.mark.parametrize(
    "content", [b"", SVG, b"RIFF\0\0\0\0NOPE", b"<html>"], ids=["empty", "svg", "riff", "html"]
)
def test_what_is_no_sound_is_refused(content: bytes, seen: Seen):
    of, kept = table(cell(content), kind="Audio")
    assert seen.refused("data.media", of=of, row=0, column="it")["type"] == "BadInput"
    assert kept.num_rows == 1


def test_a_file_beside_a_table_is_shown_and_one_outside_of_its_folder_never(seen: Seen, tmp_path: Path):
    from pyarrow import parquet

    folder = tmp_path / "table"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "a.png").write_bytes(drawn(20, 10))
    (tmp_path / "secret.png").write_bytes(drawn(20, 10))
    paths = ["pictures/a.png", "../secret.png", str(tmp_path / "secret.png"), "pictures/gone.png"]
    (folder / "pictures" / "link.png").symlink_to(tmp_path / "secret.png")
    _, made = table(*(cell(None, path) for path in [*paths, "pictures/link.png"]))
    parquet.write_table(made, folder / "rows.parquet")
    of = {"what": str(folder / "rows.parquet")}
    assert seen.ask("data.media", of=of, row=0, column="it")["width"] == 20
    for row in (1, 2, 3, 4):
        wrong = seen.refused("data.media", of=of, row=row, column="it")
        assert wrong["type"] == "NotFound", (row, wrong)


def test_only_media_are_asked_for_as_media(seen: Seen):
    of = {"what": held.hold(made := pyarrow.table({"a": [1]}))}
    assert seen.refused("data.media", of=of, row=0, column="a")["type"] == "BadInput"
    assert seen.refused("data.media", of=of, row=0, column="b")["type"] == "BadInput"
    assert seen.refused("data.media", of=of, row=0, column="a", side=100_000)["type"] == "BadInput"
    assert made.num_rows == 1
