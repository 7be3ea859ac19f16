"""Bytes to text: byte-order marks, UTF-8, UTF-16, and the legacy encodings of Vietnamese.

Raises `InputError` for binary content and for bytes that no encoding turns into words.
"""

from __future__ import annotations

import re
import unicodedata

from jobs.errors import InputError

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MARKED = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹáàãéèíìóòõúùýĩũ]", re.IGNORECASE)
_ODD = re.compile(r"[\x80-\x9f\u00a1-\u00bf\u00d7\u00f7\ufffd]")
# TCVN 5712 (VN3), the upper half as press archives used it, lower-case letters; capitals with marks were set
# in other fonts. Source: TCVN 5712:1993, table VN3.
_TCVN3 = dict(
    zip(
        bytes.fromhex(
            "a8a9aaabacadaeb5b6b7b8b9bbbcbdbec6c7c8c9cacbcccecfd0d1d2d3d4d5d6d7d8dcdddedfe1e2e3e4e5e6e7e8"
            "e9eaebecedeeeff1f2f3f4f5f6f7f8f9fafbfcfdfea1a2a3a4a5a6a7"
        ),
        "ăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
_TCVN3_BYTES = bytes([*range(0x80), *_TCVN3])
_SAMPLE = 8000  # bytes; enough words to tell the encodings apart, short enough for any run of combining marks
DAMAGED = "utf-8 with damaged bytes"


def decode(data: bytes) -> tuple[str, str]:
    """Return (text, encoding).

    Raises:
        InputError: empty, binary, or in no encoding that yields words.

    """
    if not data.strip():
        raise InputError("empty file")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise InputError(f"starts as {encoding} but is not: byte {error.start}") from None
    if b"\x00" in data:
        return _without_mark(data)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        place = error.start
    return _legacy(data, place)


def _without_mark(data: bytes) -> tuple[str, str]:
    """UTF-16 without a byte-order mark shows as ASCII letters with NULs on one side."""
    for encoding, side in (("utf-16-le", 1), ("utf-16-be", 0)):
        nulls = data[side:4096:2].count(0)
        if nulls > 0.3 * len(data[:4096]) / 2 and data[1 - side : 4096 : 2].count(0) == 0:
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError:
                continue
    raise InputError("binary file (NUL bytes), not text")


def _legacy(data: bytes, place: int) -> tuple[str, str]:
    # A truncated or slightly damaged UTF-8 file is still best read as UTF-8. The choice is made around the first odd
    # byte; a text of 20 MB is decoded once, not three times.
    begin = max(0, place - _SAMPLE // 4)
    sample = data[begin : begin + _SAMPLE]
    readers = {"cp1258": _cp1258, "tcvn3": _tcvn3, DAMAGED: _damaged}
    scores = {name: _looks_vietnamese(reader(sample)) for name, reader in readers.items()}
    for name in sorted(scores, key=lambda name: -scores[name]):
        if scores[name] <= 0.02:
            break
        text = readers[name](data)
        if text is not None and not (name == DAMAGED and text.count("\ufffd") > 0.001 * len(text)):
            return text, name
    raise InputError(f"not UTF-8 (byte {place}) and in no known Vietnamese encoding")


def _damaged(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")


def _cp1258(data: bytes) -> str | None:
    # Windows-1258 writes tones as marks after the letter; the working text composes them.
    try:
        return data.decode("cp1258")
    except UnicodeDecodeError:
        return None


def _tcvn3(data: bytes) -> str | None:
    if data.translate(None, _TCVN3_BYTES):
        return None
    return data.decode("latin-1").translate(_TCVN3)


def _looks_vietnamese(text: str | None) -> float:
    if not text:
        return 0.0
    sample = unicodedata.normalize("NFC", text)
    words = re.findall(r"[^\W\d_]+", sample)
    if not words:
        return 0.0
    # Syllables have one tone: at most two marked letters in a row; legacy bytes read wrongly break that.
    good = sum(1 for word in words if len(word) <= 7 and 0 < len(_MARKED.findall(word)) <= 3)
    return (good - 2 * len(_ODD.findall(sample))) / len(words)
