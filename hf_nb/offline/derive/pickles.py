"""What a pickle would import when it is loaded, read from its instructions. Nothing is ever loaded here.

torch saves a zip with a pickle in it, everybody else the pickle itself.
"""

import contextlib
import io
import pickletools
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

from hf_nb.offline.blobs import Blob

Read = Callable[[Blob, int], bytes]
ENDS = (".pkl", ".pickle", ".bin", ".pt", ".pth", ".ckpt", ".joblib", ".dat", ".data")
LONGEST = 64 << 20
_MOST_IMPORTS = 200
_DANGEROUS = frozenset(
    """
    os posix nt sys subprocess socket shutil runpy pty ctypes importlib pickle marshal code codeop webbrowser
    multiprocessing asyncio signal builtins.eval builtins.exec builtins.compile builtins.open builtins.getattr
    builtins.setattr builtins.__import__ builtins.input builtins.breakpoint builtins.globals requests.api urllib.request
    httplib http.client types.FunctionType types.CodeType operator.attrgetter functools.partial bdb pdb timeit
    """.split()
)
_INNOCUOUS = frozenset(
    """
    collections.OrderedDict collections.defaultdict collections.Counter collections.deque builtins.set
    builtins.frozenset builtins.dict builtins.list builtins.tuple builtins.bytearray builtins.complex builtins.slice
    builtins.range builtins.int builtins.float builtins.str builtins.bytes builtins.bool datetime.datetime
    datetime.date datetime.timedelta decimal.Decimal fractions.Fraction copyreg._reconstructor _codecs.encode
    numpy.core.multiarray._reconstruct numpy._core.multiarray._reconstruct numpy.core.multiarray.scalar
    numpy._core.multiarray.scalar numpy.ndarray numpy.dtype torch._utils._rebuild_tensor_v2
    torch._utils._rebuild_parameter torch.Size torch.device torch.FloatStorage torch.HalfStorage
    torch.BFloat16Storage torch.DoubleStorage torch.LongStorage torch.IntStorage torch.BoolStorage torch.ByteStorage
    torch.CharStorage torch.ShortStorage torch.storage.UntypedStorage
    """.split()
)
_UNSCANNED = {"status": "unscanned"}


def status(path: str, blob: Blob, read: Read) -> dict[str, Any]:
    """`securityFileStatus` of one file."""
    scan = _scan(path, blob, read)
    worst = scan["status"] if scan["status"] != "unscanned" else "safe"
    return {
        "status": worst,
        "jFrogScan": _UNSCANNED,
        "protectAiScan": _UNSCANNED,
        "avScan": {"status": "safe"},
        "pickleImportScan": scan,
    }


def repository(blobs: Mapping[str, Blob], read: Read) -> dict[str, Any]:
    """`securityRepoStatus`: the files somebody should look at."""
    found = [(path, _scan(path, blob, read)["status"]) for path, blob in sorted(blobs.items())]
    issues = [{"path": path, "level": level} for path, level in found if level in ("suspicious", "unsafe")]
    return {"scansDone": True, "filesWithIssues": issues}


def imports(content: bytes) -> list[tuple[str, str]]:
    """(module, name) of everything the pickles in a file would import."""
    found: list[tuple[str, str]] = []
    for stream in _streams(content):
        found += _imports(stream)
    return list(dict.fromkeys(found))[:_MOST_IMPORTS]


def safety(module: str, name: str) -> str:
    """innocuous, suspicious or dangerous."""
    module = {"__builtin__": "builtins", "copy_reg": "copyreg"}.get(module, module)
    if {f"{module}.{name}", module, module.partition(".")[0]} & _DANGEROUS:
        return "dangerous"
    return "innocuous" if f"{module}.{name}" in _INNOCUOUS else "suspicious"


def _scan(path: str, blob: Blob, read: Read) -> dict[str, Any]:
    if not path.endswith(ENDS) or blob.length > LONGEST:
        return dict(_UNSCANNED)
    found = _known.get(blob.oid)
    if found is None:
        found = _known[blob.oid] = _judged(imports(read(blob, LONGEST)))
        while len(_known) > 1000:
            _known.pop(next(iter(_known)))
    return found


_known: dict[str, dict[str, Any]] = {}


def _judged(found: list[tuple[str, str]]) -> dict[str, Any]:
    named = [{"module": module, "name": name, "safety": safety(module, name)} for module, name in found]
    levels = {one["safety"] for one in named}
    level = "unsafe" if "dangerous" in levels else "suspicious" if "suspicious" in levels else "safe"
    return {"status": level, "pickleImports": named, "version": "0.0.0"}


def _streams(content: bytes) -> list[bytes]:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [content]
    found: list[bytes] = []
    # a zip may be broken, encrypted, or packed in a way nobody here knows: what could be read counts
    broken = contextlib.suppress(zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError)
    with broken, zipfile.ZipFile(io.BytesIO(content)) as archive:
        found.extend(archive.read(entry) for entry in archive.infolist() if _is_pickle(entry))
    return found


def _is_pickle(entry: zipfile.ZipInfo) -> bool:
    return entry.filename.endswith((".pkl", ".pickle")) and entry.file_size <= LONGEST


def _imports(content: bytes) -> list[tuple[str, str]]:
    """Names stand in the instruction, or are the last two texts before it."""
    found: list[tuple[str, str]] = []
    texts: list[str] = []
    kept: dict[int, str] = {}
    last: object = None
    try:
        for code, given, _ in pickletools.genops(content):
            argument: Any = given
            if code.name in ("GLOBAL", "INST"):
                module, _, name = str(argument).partition(" ")
                found.append((module, name))
            elif code.name == "STACK_GLOBAL":
                module, name = ["?", "?", *texts][-2:]
                found.append((module, name))
            elif code.name == "MEMOIZE":
                kept[len(kept)] = str(last)
            elif code.name in ("PUT", "BINPUT", "LONG_BINPUT"):
                kept[int(argument)] = str(last)
            elif code.name in ("GET", "BINGET", "LONG_BINGET"):
                texts.append(kept.get(int(argument), "?"))
            if isinstance(argument, str) and code.name not in ("GLOBAL", "INST"):
                texts.append(argument)
            if code.name not in ("MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"):
                last = argument
            del texts[:-4]
    except Exception:  # noqa: BLE001, S110 -- whatever a file may hold: what was read until there counts
        pass
    return found
