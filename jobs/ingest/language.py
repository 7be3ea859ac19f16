"""Is a text Vietnamese? The share of Vietnamese letters decides, py3langid names what it is instead."""

from __future__ import annotations

import re

# Letters that only Vietnamese uses; plain Latin accents (é, à, ô) also occur in French and Portuguese.
_OWN = re.compile(r"[ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
# Press text has a share of 0.17 to 0.25; French, Portuguese and Turkish stay under 0.01.
_CERTAIN, _NONE = 0.08, 0.02


def why_not_vietnamese(text: str) -> str | None:
    """Return None for Vietnamese text, else the reason to skip it."""
    letters = _LETTER.findall(text)
    if not letters:
        return "no words in it"
    share = len(_OWN.findall(text)) / len(letters)
    if share >= _CERTAIN:
        return None
    language = identify(text)
    if language == "vi":
        return None if share >= _NONE else "Vietnamese without its marks: cannot be read reliably"
    return f"not Vietnamese ({language})"


def identify(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`."""
    import py3langid

    code, _ = py3langid.classify(text[:5000])
    return str(code)
