"""Which files go to LFS, and what git keeps in their place."""

import fnmatch
from collections.abc import Callable, Iterable

LARGE = 10 * 1024 * 1024
_LINE = "{pattern} filter=lfs diff=lfs merge=lfs -text\n"

_EVERYWHERE = (
    "*.7z *.arrow *.avro *.bin *.bz2 *.ckpt *.ftz *.gz *.h5 *.joblib *.lfs.* *.lz4 *.mds *.mlmodel *.model "
    "*.msgpack *.npy *.npz *.onnx *.ot *.parquet *.pb *.pickle *.pkl *.pt *.pth *.rar *.safetensors saved_model/**/* "
    "*.tar.* *.tar *.tflite *.tgz *.wasm *.xz *.zip *.zst *tfevents* *.gguf"
).split()
_DATASETS = (
    "*.pcm *.sam *.raw *.aac *.flac *.mp3 *.ogg *.wav "
    "*.bmp *.gif *.png *.tiff *.jpg *.jpeg *.webp *.mp4 *.webm"
).split()


def starting_attributes(type: str) -> bytes:
    """The .gitattributes every new repository begins with."""
    patterns = [*_EVERYWHERE, *(_DATASETS if type == "dataset" else ())]
    return "".join(_LINE.format(pattern=pattern) for pattern in patterns).encode()


def with_paths(attributes: bytes, paths: Iterable[str]) -> bytes:
    """The same .gitattributes, with large files no pattern covers named one by one."""
    lines = "".join(_LINE.format(pattern=path.replace(" ", "[[:space:]]")) for path in sorted(paths))
    return attributes + (b"" if not attributes or attributes.endswith(b"\n") else b"\n") + lines.encode()


def patterns(attributes: bytes) -> list[str]:
    """The patterns a .gitattributes sends to LFS."""
    found = []
    for line in attributes.decode("utf-8", "replace").splitlines():
        words = line.split()
        if words and not words[0].startswith("#") and "filter=lfs" in words[1:]:
            found.append(words[0].replace("[[:space:]]", " "))
    return found


def large(path: str, size: int, known: Iterable[str]) -> bool:
    """Whether a content goes to LFS; an empty one never does."""
    return size > 0 and (size > LARGE or covered(path, known))


def covered(path: str, known: Iterable[str]) -> bool:
    """A pattern without a slash speaks of the file's name, one with a slash of its whole path."""
    name = path.rpartition("/")[2]
    return any(
        fnmatch.fnmatchcase(path, pattern.lstrip("/").replace("**/", "*"))
        if "/" in pattern
        else fnmatch.fnmatchcase(name, pattern)
        for pattern in known
    )


def ignored(text: str) -> Callable[[str], bool]:
    """Whether a .gitignore leaves a path out."""
    from pathspec import GitIgnoreSpec

    known = GitIgnoreSpec.from_lines(text.splitlines())
    return lambda path: bool(known.match_file(path))


def pointer(sha256: str, size: int) -> bytes:
    """The text git keeps instead of the content."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{sha256}\nsize {size}\n".encode()
