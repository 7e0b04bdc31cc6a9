"""Word pieces learned from counted words, the same ones every time.

The trainers of `tokenizers` break ties by the order of a hash map, which is another one in every process; with another
vocabulary a small model is another model, up to a tenth better or worse. Here equal pairs go by the alphabet.
"""

import heapq
import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Pair = tuple[str, str]
# As many different letters as the trainers of `tokenizers` keep.
LETTERS = 1000


def words(tokenizer: "Tokenizer", texts: Iterable[str]) -> Counter[str]:
    """How often each word occurs, as the tokenizer will see it."""
    normal, split = tokenizer.normalizer, tokenizer.pre_tokenizer
    counted: Counter[str] = Counter()
    for text in texts:
        plain = normal.normalize_str(text) if normal else text
        counted.update(word for word, _ in split.pre_tokenize_str(plain))
    return counted


def learned(
    counted: Counter[str],
    size: int,
    *,
    special: Sequence[str],
    alphabet: Iterable[str] = (),
    inside: str = "",
    least: int = 1,
) -> tuple[dict[str, int], list[Pair]]:
    """A vocabulary of `size` and the merges that lead to it; `inside` marks a piece that continues a word."""
    letters = Counter(dict.fromkeys(alphabet, 1 << 60))
    for word, number in counted.items():
        letters.update(dict.fromkeys(word, 0))
        for letter in word:
            letters[letter] += number
    kept = {letter for letter, _ in sorted(letters.items(), key=lambda item: (-item[1], item[0]))[:LETTERS]}
    spelled = [(_spelled(word, kept, inside), number) for word, number in sorted(counted.items())]
    known = dict.fromkeys([*special, *sorted(kept)])
    known |= dict.fromkeys(sorted({piece for pieces, _ in spelled for piece in pieces}))
    merges: list[Pair] = []
    for pair, piece in _Merging(spelled, inside, least):
        if len(known) >= size:
            break
        known[piece] = None
        merges.append(pair)
    return {piece: number for number, piece in enumerate(known)}, merges


def _spelled(word: str, kept: set[str], inside: str) -> list[str]:
    letters = [letter for letter in word if letter in kept]
    return [letter if at == 0 else inside + letter for at, letter in enumerate(letters)]


class _Merging:
    """Gives the most frequent pair again and again, and joins it everywhere."""

    def __init__(self, spelled: list[tuple[list[str], int]], inside: str, least: int) -> None:
        self.spelled, self.inside, self.least = spelled, inside, least
        self.count: Counter[Pair] = Counter()
        self.places: dict[Pair, set[int]] = {}
        for place, (pieces, number) in enumerate(spelled):
            for pair in itertools.pairwise(pieces):
                self.count[pair] += number
                self.places.setdefault(pair, set()).add(place)
        self.heap = [(-number, pair) for pair, number in self.count.items()]
        heapq.heapify(self.heap)

    def __iter__(self) -> "_Merging":
        return self

    def __next__(self) -> tuple[Pair, str]:
        while self.heap:
            number, pair = heapq.heappop(self.heap)
            if self.count[pair] != -number:
                continue  # an older count of this pair
            if -number < self.least or -number <= 0:
                break
            joined = pair[0] + pair[1].removeprefix(self.inside)
            self._join(pair, joined)
            return pair, joined
        raise StopIteration

    def _join(self, pair: Pair, joined: str) -> None:
        changed: set[Pair] = set()
        for place in self.places.pop(pair):
            pieces, number = self.spelled[place]
            for old in itertools.pairwise(pieces):
                self.count[old] -= number
                changed.add(old)
            pieces[:] = _joined(pieces, pair, joined)
            for new in itertools.pairwise(pieces):
                self.count[new] += number
                self.places.setdefault(new, set()).add(place)
                changed.add(new)
        self.count[pair] = 0
        for one in changed:
            heapq.heappush(self.heap, (-self.count[one], one))


def _joined(pieces: list[str], pair: Pair, joined: str) -> list[str]:
    out: list[str] = []
    at = 0
    while at < len(pieces):
        if at + 1 < len(pieces) and (pieces[at], pieces[at + 1]) == pair:
            out.append(joined)
            at += 2
        else:
            out.append(pieces[at])
            at += 1
    return out


def teach_words(
    tokenizer: "Tokenizer",
    texts: Iterable[str],
    size: int,
    *,
    special: Sequence[str],
    unknown: str,
    least: int,
) -> None:
    """Give the tokenizer a WordPiece model learned from `texts`."""
    from tokenizers import models

    known, _ = learned(words(tokenizer, texts), size, special=special, inside="##", least=least)
    tokenizer.model = models.WordPiece(known, unk_token=unknown)
    tokenizer.add_special_tokens(list(special))


def teach_pairs(
    tokenizer: "Tokenizer",
    texts: Iterable[str],
    size: int,
    *,
    special: Sequence[str],
    alphabet: Iterable[str] = (),
    unknown: str | None = None,
) -> None:
    """Give the tokenizer a byte-pair model learned from `texts`."""
    from tokenizers import models

    known, merges = learned(words(tokenizer, texts), size, special=special, alphabet=alphabet)
    tokenizer.model = models.BPE(known, merges, unk_token=unknown)
    tokenizer.add_special_tokens(list(special))
