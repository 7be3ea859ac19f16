"""Letters without marks: Phạm Minh Chính becomes Pham Minh Chinh, as English-language press writes names."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Return `text` without Vietnamese marks; đ becomes d."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return unicodedata.normalize("NFC", "".join(char for char in plain if not unicodedata.combining(char)))
