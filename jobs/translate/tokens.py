"""Marian tokenisation without transformers: text to subword tokens and back.

The folder holds source.spm, target.spm and vocab.json as published Marian models do. Published ones expect
Moses punctuation normalisation (their tokenizer does not apply it by itself); ours its own, named in
config.json as `press_brief_normalisation`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cached_property
from typing import TYPE_CHECKING, Any

from jobs.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}
)
_SPACES = re.compile(r"\s+")


def normalise_plain(text: str) -> str:
    """Return `text` as the bundled model was trained on it: NFC, straight quotes, hyphens, single spaces."""
    text = unicodedata.normalize("NFC", text).translate(_QUOTES).replace("…", "...")
    return _SPACES.sub(" ", text).strip()


class MarianTokens:
    """Source text to tokens, target tokens to text."""

    def __init__(self, folder: Path, *, plain: bool) -> None:
        import sentencepiece

        self._plain = plain
        try:
            self._source = sentencepiece.SentencePieceProcessor(model_file=str(folder / "source.spm"))
            self._target = sentencepiece.SentencePieceProcessor(model_file=str(folder / "target.spm"))
            self.vocabulary: dict[str, int] = json.loads((folder / "vocab.json").read_text(encoding="utf-8"))
        except (OSError, RuntimeError, ValueError) as error:
            raise ModelError(f"{folder}: the tokenizer cannot be loaded: {error}") from None

    @cached_property
    def _moses(self) -> Any:
        from sacremoses import MosesPunctNormalizer

        return MosesPunctNormalizer(lang="vi")

    def normalise(self, text: str) -> str:
        """Return `text` in the form that the model was trained on."""
        if self._plain:
            return normalise_plain(text)
        return str(self._moses.normalize(unicodedata.normalize("NFC", text)))

    def encode(self, text: str) -> list[str]:
        """Return the source tokens of `text` with the closing `</s>`; unknown pieces are `<unk>`."""
        pieces: list[str] = self._source.encode(self.normalise(text), out_type=str)
        return [piece if piece in self.vocabulary else "<unk>" for piece in pieces] + ["</s>"]

    def target_pieces(self, text: str) -> list[str]:
        """Return the target tokens of `text`, or an empty list where the vocabulary cannot spell it."""
        pieces: list[str] = self._target.encode(self.normalise(text), out_type=str)
        return pieces if all(piece in self.vocabulary for piece in pieces) else []

    def decode(self, tokens: list[str]) -> str:
        """Return the text of target `tokens`, special ones left out."""
        return str(self._target.decode([item for item in tokens if item not in {"</s>", "<pad>"}]))
