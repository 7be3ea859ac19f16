"""Bytes to text: byte-order marks, UTF-8, UTF-16, and the legacy encodings of Vietnamese.

Raises `InputError` for binary content and for bytes that no encoding turns into words.
"""

from __future__ import annotations

import re

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
    if b"\x00" in data[:4096]:
        return _without_mark(data)
    if b"\x00" in data:
        raise InputError("binary file (NUL bytes), not text")
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
    candidates = [(text, name) for name, text in (("cp1258", _cp1258(data)), ("tcvn3", _tcvn3(data))) if text]
    # A truncated or slightly damaged UTF-8 file is still best read as UTF-8.
    candidates.append((data.decode("utf-8", errors="replace"), "utf-8 with damaged bytes"))
    text, name = max(candidates, key=lambda item: _looks_vietnamese(item[0]))
    if name.startswith("utf-8") and text.count("\ufffd") > 0.001 * len(text):
        raise InputError(f"not UTF-8 (byte {place}) and in no known Vietnamese encoding")
    if _looks_vietnamese(text) <= 0.02:
        raise InputError(f"not UTF-8 (byte {place}) and in no known Vietnamese encoding")
    return text, name


def _cp1258(data: bytes) -> str | None:
    import unicodedata

    try:
        return unicodedata.normalize("NFC", data.decode("cp1258"))
    except UnicodeDecodeError:
        return None


def _tcvn3(data: bytes) -> str | None:
    if any(byte >= 0x80 and byte not in _TCVN3 for byte in data):
        return None
    return "".join(_TCVN3.get(byte) or chr(byte) for byte in data)


def _looks_vietnamese(text: str) -> float:
    sample = text[:20000]
    words = re.findall(r"[^\W\d_]+", sample)
    if not words:
        return 0.0
    # Syllables have one tone: at most two marked letters in a row; legacy bytes read wrongly break that.
    good = sum(1 for word in words if len(word) <= 7 and 0 < len(_MARKED.findall(word)) <= 3)
    return (good - 2 * len(_ODD.findall(sample))) / len(words)
