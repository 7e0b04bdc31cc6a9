"""One WordPiece tokenizer for the demo models that read: trained, padded, and written as transformers loads it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from hf_nb.offline.content.card import write_json
from hf_nb.offline.content.trainers import pieces
from hf_nb.offline.content.trainers.sentiment import SPECIAL

if TYPE_CHECKING:
    from tokenizers import Tokenizer
    from torch import Tensor


def wordpieces(texts: Iterable[str], vocabulary: int, *, cased: bool = False) -> "Tokenizer":
    """A tokenizer of `vocabulary` pieces that frames one text, or two, with [CLS] and [SEP]."""
    from tokenizers import Tokenizer, models

    tokenizer = Tokenizer(models.WordPiece(unk_token=SPECIAL[1]))
    _frame(tokenizer, cased=cased)
    pieces.teach_words(tokenizer, texts, vocabulary, special=SPECIAL, unknown=SPECIAL[1], least=1)
    return tokenizer


def words_and_pieces(words: list[str], names: Iterable[str], *, learn: int, vocabulary: int) -> "Tokenizer":
    """A cased one that reads the `words` whole and anything else in pieces learned from `names`."""
    from tokenizers import Tokenizer, models

    learned = wordpieces(names, learn, cased=True)
    every = sorted(learned.get_vocab().items(), key=lambda pair: pair[1])
    kept = list(dict.fromkeys([*(piece for piece, _ in every), *words]))[:vocabulary]
    numbered = {piece: number for number, piece in enumerate(kept)}
    tokenizer = Tokenizer(models.WordPiece(numbered, unk_token=SPECIAL[1]))
    tokenizer.add_special_tokens(SPECIAL)
    _frame(tokenizer, cased=True)
    return tokenizer


def _frame(tokenizer: "Tokenizer", *, cased: bool) -> None:
    from tokenizers import decoders, normalizers, pre_tokenizers, processors

    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=not cased, strip_accents=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[(name, SPECIAL.index(name)) for name in ("[CLS]", "[SEP]")],
    )


def padded(tokenizer: "Tokenizer", texts: list[str], longest: int) -> "Tensor":
    """Token numbers, a row per text, zeros behind the shorter ones."""
    import torch

    rows = [encoding.ids[:longest] for encoding in tokenizer.encode_batch(texts)]
    width = max(map(len, rows))
    return torch.tensor([row + [0] * (width - len(row)) for row in rows])


def save_wordpieces(tokenizer: "Tokenizer", folder: Path, positions: int, *, kinds: bool = False) -> None:
    """tokenizer.json and tokenizer_config.json; `kinds` for a model that tells first text from second."""
    tokenizer.save(str(folder / "tokenizer.json"))
    names = {"pad": "[PAD]", "unk": "[UNK]", "cls": "[CLS]", "sep": "[SEP]", "mask": "[MASK]"}
    inputs = ["input_ids", "token_type_ids", "attention_mask"] if kinds else ["input_ids", "attention_mask"]
    write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": positions,
            "model_input_names": inputs,
            **{f"{role}_token": token for role, token in names.items()},
        },
    )
