"""A file behind an address: on the Hub at a commit, or at any URL. Only the ranges asked for are moved.

Remote("https://example.org/table.parquet", session)
Remote(HubFile("owner/name", "data/train.parquet", commit), session)
"""

from __future__ import annotations

import bisect
import contextlib
import re
import threading
import time
from collections.abc import Hashable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from hf_nb.data.files import meter, troubles
from hf_nb.data.files.file import Range
from hf_nb.data.files.kept import kept
from hf_nb.data.files.place import COMMIT, MOVED, HubFile, Place, named
from hf_nb.data.files.stopping import at_once
from hf_nb.data.files.together import requests
from hf_nb.errors import BadInput, Broken, HfNbError, Passing, Stopped
from hf_nb.plumbing import http
from hf_nb.plumbing import session as sessions

if TYPE_CHECKING:
    from hf_nb.plumbing.session import Session
    from hf_nb.plumbing.transports.sockets import Line

# A server that sends files only whole is listened to for so long.
WHOLE = 4_000_000
# A file of so few bytes comes whole at the first question: its parts would be asked for one after another.
SMALL = 512 * 1024
TRIES = 3
PAUSE = 0.2
LONGEST_PAUSE = 5.0
# Storages say so of an address whose time is over; 400 is what some say of an expired signature.
_OVER = frozenset({400, 401, 403, 404, 410})
_NO_SUFFIX = frozenset({400, 405, 416, 501})
_LOGIN = "Does this network want a login first? Open any page in a browser, then try again."
_SPAN = re.compile(r"bytes (?:(\d{1,18})-(\d{1,18})|\*)/(\d{1,18}|\*)")


class Remote:
    """Reading is thread-safe; what was read lately is kept, by all files together (`files.kept`)."""

    remote = True

    def __init__(
        self, address: str | HubFile, session: Session | None = None, *, size: int | None = None
    ) -> None:
        self.session = http.install(session or sessions.current())
        self._size, self._etag = size, None
        self._pinned = False
        hub = None
        if isinstance(address, HubFile):
            hub, url = address, address.url(self.session.settings.endpoint)
            self.name = address.path
            self._size = size if address.size is None else address.size
            self._pinned = COMMIT.fullmatch(address.revision) is not None
        else:
            url, self.name = address, named(address)
        self.place = Place(url, self.session, hub)
        self._address: Hashable = url if self._pinned else object()
        self._listed = self._size  # as whoever names the file says
        self._lock = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes; asked for when nobody knows it yet."""
        if self._size is None:
            self.tail(1)
        if self._size is None:
            raise Broken(f"The server does not say how large {self.name} is.")
        return self._size

    def tail(self, count: int) -> bytes:
        """The last bytes: one request, which tells the size too."""
        if self._size is None:
            with meter.fetching(count, f"The end of {self.name}"):
                found = at_once([count], self._suffix)[0]
            if found is not None:
                self._ends_with(Range(self.size - len(found), self.size), found)
                return found
            if self._size is None:
                self.read([Range(0, 1)])
        end = Range(max(0, self.size - count), self.size)
        content = self.read([end])[0]
        self._ends_with(end, content)
        return content

    def read(self, ranges: Sequence[Range]) -> list[bytes]:
        """The bytes of each range. Those kept are not moved again; near ones are asked for together."""
        wanted, who = [self._within(one) for one in ranges], self._identity
        whole = self._whole(who)
        if whole is not None and any(self._here(who, one) is None for one in wanted):
            content = self._got([whole], who)[whole]
            kept.prefer(who, [whole])
            return [content[one.begin : max(one.begin, one.end)] for one in wanted]
        found = self._got(wanted, who)
        return [found[one] for one in wanted]

    def cost(self, ranges: Sequence[Range]) -> int:
        """Bytes that would be moved by reading them now."""
        who = self._identity
        missing = [one for one in {self._within(each) for each in ranges} if self._here(who, one) is None]
        whole = self._whole(who) if missing else None
        gaps = [gap for one in ([whole] if whole else missing) for gap in self._gaps(who, one)]
        return sum(len(one) for one in requests(gaps))

    @property
    def known_size(self) -> int | None:
        """Bytes, where they are known without asking."""
        return self._size

    def keep(self, one: Range, content: bytes) -> None:
        """This was part of something read: for whoever asks for it by itself."""
        kept.put(self._identity, one, content)

    def prefer(self, ranges: Sequence[Range]) -> None:
        """These will be wanted again: they stay longest."""
        kept.prefer(self._identity, map(self._within, ranges))

    def forget(self) -> None:
        """What came was not this file, but somebody's page, or is damaged: it will be asked for anew."""
        kept.forget(self._identity)
        with self._lock:
            self._size, self._etag = self._listed, None

    @property
    def _identity(self) -> Hashable:
        """Under which its bytes are kept: what came for one person's token is for nobody else."""
        return self._address, self.place.asker()

    def _ends_with(self, end: Range, content: bytes) -> None:
        self.keep(end, content)
        self.prefer([end])

    def _whole(self, who: Hashable) -> Range | None:
        """All of a small file, where as much as is missing of it may be moved."""
        if self._size is None or not 0 < self._size <= SMALL:
            return None
        whole = Range(0, self._size)
        return whole if meter.fits(sum(map(len, self._gaps(who, whole)))) else None

    def _here(self, who: Hashable, one: Range) -> bytes | None:
        """These bytes, if they are kept: by themselves, or in parts of other things."""
        if not len(one):
            return b""
        found = kept.get(who, one)
        if found is None:
            parts = kept.within(who, one)
            if sum(len(part) for part, _ in parts) == len(one):
                found = b"".join(raw for _, raw in parts)
        return found

    def _gaps(self, who: Hashable, one: Range) -> list[Range]:
        """What of it is not here."""
        return _between(one, kept.within(who, one))

    def _within(self, one: Range) -> Range:
        if one.begin < 0:
            raise BadInput(f"{self.name} has no bytes before its first.")
        return one if self._size is None else Range(min(one.begin, self._size), min(one.end, self._size))

    def _got(self, wanted: Sequence[Range], who: Hashable) -> dict[Range, bytes]:
        """Each of them: from what is kept, by asking, or by waiting for another thread that asks."""
        found: dict[Range, bytes] = {}
        todo = set(wanted)
        while todo:
            meter.look()
            for one in [*todo]:
                content = self._here(who, one)
                if content is not None:
                    found[one] = content
                    todo.discard(one)
            mine, others = self._claimed(todo, who)
            try:
                if mine:
                    found |= self._fetched(mine, who)
                    todo -= set(mine)
            finally:
                for one in mine:
                    kept.arrived(who, one)
            for event in others:
                while not event.wait(0.05):
                    meter.look()
        return found

    def _claimed(self, todo: set[Range], who: Hashable) -> tuple[list[Range], list[threading.Event]]:
        """What is ours to fetch, and whom to wait for: what another thread fetches already."""
        mine, others = [], []
        for one in todo:
            coming = kept.claim(who, one)
            if coming is None:
                mine.append(one)
            else:
                others.append(coming)
        return mine, others

    def _fetched(self, ranges: list[Range], who: Hashable) -> dict[Range, bytes]:
        """What is missing of these is asked for, and put together with what is here."""
        held = {one: kept.within(who, one) for one in ranges}
        asked = requests(gap for one in ranges for gap in _between(one, held[one]))
        with meter.fetching(sum(map(len, asked)), f"This part of {self.name}"):
            parts = at_once(asked, self._part)
        begins = [one.begin for one in asked]
        found: dict[Range, bytes] = {}
        for one in ranges:
            came = [
                (gap, _cut(gap, bisect.bisect_right(begins, gap.begin) - 1, asked, parts))
                for gap in _between(one, held[one])
            ]
            found[one] = b"".join(raw for _, raw in sorted([*held[one], *came], key=lambda piece: piece[0]))
            if len(found[one]) == len(one):
                kept.put(who, one, found[one])
        return found

    # One request and its repetitions, in a thread of its own.

    def _part(self, line: Line, one: Range) -> bytes:
        """A range's bytes, gone on with where it broke off."""
        got = bytearray()
        for tries in range(TRIES):
            try:
                while len(got) < len(one) and self._more(line, Range(one.begin + len(got), one.end), got):
                    pass
            except _Again as again:
                self._pause(again, line, tries)
            else:
                return bytes(got)
        raise AssertionError  # the last pause has raised

    def _suffix(self, line: Line, count: int) -> bytes | None:
        """The last bytes; None where the server does not know such ranges, and the size is to be had otherwise."""
        for tries in range(TRIES):
            try:
                return self._end(line, count)
            except _Again as again:
                self._pause(again, line, tries)
        raise AssertionError

    def _pause(self, again: _Again, line: Line, tries: int) -> None:
        meter.look()
        if tries == TRIES - 1 or line.gone:
            raise again.wrong from again.__cause__
        told = getattr(again.wrong, "after", None)
        time.sleep(min(LONGEST_PAUSE, told if told is not None else PAUSE * 2**tries))

    def _more(self, line: Line, one: Range, got: bytearray) -> bool:
        """Some of a range, put behind what has come; whether there is more."""
        with self._asking(line, f"bytes={one.begin}-{one.end - 1}") as answer:
            if answer.status_code == 416:
                self._learn(answer)
                if self._size is not None and one.begin < self._size:
                    raise _Again(Broken(f"The server does not send {self.name} from byte {one.begin:,}."))
                return False
            if answer.status_code == 200:
                got += self._from_whole(answer, one)
                return False
            begin, end = self._learn(answer)
            if begin != one.begin or end > one.end or end <= begin:
                raise Broken(f"The server sent another part of {self.name} than was asked for.")
            self._take(answer, end - begin, got)
            return end < min(one.end, self._size if self._size is not None else one.end)

    def _end(self, line: Line, count: int) -> bytes | None:
        with self._asking(line, f"bytes=-{count}", _NO_SUFFIX) as answer:
            if answer.status_code in _NO_SUFFIX:
                if answer.status_code == 416:
                    self._learn(answer)
                return b"" if self._size == 0 else None
            if answer.status_code == 200:
                length = answer.headers.get("content-length", "")
                if length.isdigit():
                    self._size = int(length)
                    if self._size > WHOLE:
                        return None
                return self._from_whole(answer, None)[-count:]
            begin, end = self._learn(answer)
            if self._size is None:
                return None
            if end != self._size or begin != max(0, end - count):
                raise Broken(f"The server sent another part of {self.name} than was asked for.")
            got = bytearray()
            self._take(answer, end - begin, got)
            return bytes(got)

    @contextlib.contextmanager
    def _asking(self, line: Line, span: str, unless: frozenset[int] = frozenset()) -> Iterator[Any]:
        """An answer worth reading; a forgotten or expired address is asked for anew, once."""
        from huggingface_hub.utils import get_session

        headers = {"Range": span, "Accept-Encoding": "identity"}
        began = False
        with line:
            try:
                answer = self.place.ask(get_session(), headers)
                meter.moved(0, requests=1)
                if answer.status_code in MOVED or (answer.status_code in _OVER and self.place.led):
                    answer.close()
                    self.place.forget(str(answer.request.url))
                    answer = self.place.ask(get_session(), headers)
                    meter.moved(0, requests=1)
                with contextlib.closing(answer):
                    self._usable(answer, unless)
                    began = True
                    yield answer
            except (HfNbError, Stopped, _Again):
                raise
            except Exception as wrong:  # noqa: BLE001 -- whatever the HTTP library raises is translated
                self._wrong(wrong, began=began)

    def _usable(self, answer: Any, unless: frozenset[int]) -> None:
        code = answer.status_code
        if code in (200, 206):
            if answer.headers.get("content-encoding", "identity") not in ("identity", ""):
                raise BadInput(
                    f"The server sends {self.name} compressed, so no part of it can be asked for.",
                    "Download it, and open the file.",
                )
            self._still_the_same(answer)
        elif code != 416 and code not in unless:
            wrong = troubles.status(self.place, self.name, answer)
            repeated = self.place.of_hub and not self.place.led  # by the client's own wrapper
            if isinstance(wrong, Passing) and not repeated:
                raise _Again(wrong)
            raise wrong

    def _still_the_same(self, answer: Any) -> None:
        """What changes midway would come out as nonsense. A commit does not change."""
        etag = answer.headers.get("etag")
        if self._pinned or etag is None:
            return
        with self._lock:
            self._etag = self._etag or etag
            changed = self._etag != etag
        if changed:
            kept.forget(self._identity)
            raise Broken(f"{self.name} changed while it was read.", "Open it again.")

    def _learn(self, answer: Any) -> tuple[int, int]:
        """The span that came, and the size."""
        said = _SPAN.fullmatch(answer.headers.get("content-range", "").strip())
        if said is None:
            if answer.status_code == 416:
                return 0, 0
            raise Broken(f"The server does not say which part of {self.name} it sent.")
        first, last, total = said.groups()
        if total != "*":
            size = int(total)
            if self._size not in (None, size):
                kept.forget(self._identity)
                raise Broken(f"{self.name} has another size than it had before.", "Open it again.")
            self._size = size
        return (int(first), int(last) + 1) if first is not None else (0, 0)

    def _take(self, answer: Any, count: int, got: bytearray) -> None:
        """`count` bytes of a body, no more and no less."""
        left = count
        for piece in answer.iter_raw():
            if len(piece) > left:
                raise Broken(f"The server sent more of {self.name} than was asked for.")
            got += piece
            left -= len(piece)
            meter.moved(len(piece))
            meter.look()
        if left:
            raise _Again(Broken(f"{self.name} broke off while it came.", "Try again."))

    def _from_whole(self, answer: Any, one: Range | None) -> bytes:
        """A part, out of a file that is sent whole whatever is asked for: no more than WHOLE is listened to."""
        length = answer.headers.get("content-length", "")
        if self._size is not None and length.isdigit() and int(length) != self._size:
            raise Broken(f"What came is not {self.name}.", _LOGIN)
        end = WHOLE if one is None else one.end
        if end > WHOLE or (one is None and int(answer.headers.get("content-length") or 0) > WHOLE):
            raise BadInput(f"The server sends {self.name} only whole.", "Download it, and open the file.")
        got = bytearray()
        for piece in answer.iter_raw():
            meter.moved(len(piece))
            meter.look()
            got += piece
            if len(got) >= end:
                break
        else:
            if length.isdigit() and len(got) < int(length):
                raise _Again(Broken(f"{self.name} broke off while it came.", "Try again."))
            if self._size not in (None, len(got)):
                raise Broken(f"What came is not {self.name}.", _LOGIN)
            self._size = len(got)
        if one is None and self._size is None:
            raise BadInput(f"The server sends {self.name} only whole.", "Download it, and open the file.")
        return bytes(got[one.begin : one.end]) if one is not None else bytes(got)

    def _wrong(self, wrong: Exception, *, began: bool) -> NoReturn:
        ours = troubles.foreign(self.place, self.name, wrong)
        if ours is None:
            raise wrong
        # before the Hub's answer has begun, the client's own wrapper has tried again already
        if isinstance(ours, Passing) and (began or self.place.led or not self.place.of_hub):
            raise _Again(ours) from wrong
        raise ours from wrong


class _Again(Exception):
    """What may go well the next time."""

    def __init__(self, wrong: HfNbError) -> None:
        super().__init__(str(wrong))
        self.wrong = wrong


def _between(one: Range, held: Sequence[tuple[Range, bytes]]) -> list[Range]:
    """What of a range lies between the parts that are here."""
    found, at = [], one.begin
    for part, _ in held:
        found.append(Range(at, part.begin))
        at = part.end
    return [gap for gap in (*found, Range(at, one.end)) if len(gap)]


def _cut(one: Range, at: int, asked: list[Range], parts: list[bytes]) -> bytes:
    """A range out of the answers that hold it."""
    pieces: list[bytes] = []
    while at < len(asked) and asked[at].begin < one.end:
        begin = max(0, one.begin - asked[at].begin)
        pieces.append(parts[at][begin : one.end - asked[at].begin])
        at += 1
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)
