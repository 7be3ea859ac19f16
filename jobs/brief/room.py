"""How many words a part of an event's section may still take: texts in, whether they fit out."""

from __future__ import annotations

_LEAST = 6  # words; with less room than this a part is full


class Room:
    """The words of one part. The first text is always taken, so that no part stays empty for its length."""

    def __init__(self, words: float) -> None:
        self._left = words
        self._empty = True

    @property
    def full(self) -> bool:
        """Whether no further statement can fit."""
        return not self._empty and self._left < _LEAST

    def take(self, text: str, *, must: bool = False) -> bool:
        """Count the words of `text` if they fit, or if it `must` be told; return whether they are counted."""
        words = len(text.split())
        if words > self._left and not self._empty and not must:
            return False
        self._left -= words
        self._empty = False
        return True
