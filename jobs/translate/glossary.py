"""Term base: CSV or TSV files of `vi,en,kind,note` in, longest-match lookup over text out.

Several files, later ones win. An entry with capitals matches text with the same capitals; a lower-case entry
matches lower case, or a capital at the start of the sentence. Tone marks may sit on either vowel (`hòa`, `hoà`).
Raises `ConfigError` with every fault, its file and line.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from jobs.errors import ConfigError
from jobs.records import Mention, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Kind = Literal["body", "title", "person", "place", "country", "term", "document", "media", "acronym", "company"]
_SHIPPED = Path(__file__).resolve().parent.parent / "data" / "glossary"
_TOKEN = re.compile(r"[^\W_]+(?:[&.'’-][^\W_]+)*", re.UNICODE)
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_MENTION_KIND: dict[str, Literal["body", "place", "acronym", "term", "person"]] = {
    "body": "body", "document": "body", "media": "body", "company": "body", "place": "place", "country": "place",
    "acronym": "acronym", "person": "person",
}  # fmt: skip
# Old-style tone placement (hoà, thuý, uỷ) rewritten as new-style (hòa, thúy, ủy).
_OLD_STYLE = {
    f"{first}{marked}": f"{first_marked}{second}"
    for first, row in {
        "o": ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe"),
        "u": ("ùy", "úy", "ủy", "ũy", "ụy"),
    }.items()
    for pair in row
    for first_marked, second in [(pair[0], pair[1])]
    for marked in [unicodedata.normalize("NFC", second + unicodedata.normalize("NFD", first_marked)[-1])]
}


class TermEntry(Record):
    """One line of a term base and where it stands."""

    vi: str
    en: str
    kind: Kind
    note: str
    place: str


def _key(text: str) -> str:
    """Return the form under which text is compared: NFC, lower case, new-style tone marks."""
    lowered = unicodedata.normalize("NFC", text).lower()
    return re.sub("|".join(_OLD_STYLE), lambda match: _OLD_STYLE[match[0]], lowered) if lowered else lowered


class TermBase:
    """Entries indexed by their first token; `find` is linear in the text."""

    def __init__(self, entries: Iterable[TermEntry], sha256: str) -> None:
        self.entries = {entry.vi: entry for entry in entries}
        self.sha256 = sha256
        self._index: dict[str, list[tuple[tuple[str, ...], TermEntry]]] = {}
        for entry in self.entries.values():
            tokens = tuple(_key(token) for token in _TOKEN.findall(entry.vi))
            self._index.setdefault(tokens[0], []).append((tokens, entry))
        for options in self._index.values():
            options.sort(key=lambda item: (-len(item[0]), item[1].vi))

    def __len__(self) -> int:
        return len(self.entries)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the terms of `text`: leftmost, longest, on word boundaries, without overlaps."""
        spans = [match.span() for match in _TOKEN.finditer(text)]
        keys = [_key(text[start:end]) for start, end in spans]
        found: list[Mention] = []
        index = 0
        while index < len(keys):
            step = 1
            for tokens, entry in self._index.get(keys[index], ()):
                if tuple(keys[index : index + len(tokens)]) != tokens:
                    continue
                start, end = spans[index][0], spans[index + len(tokens) - 1][1]
                if _joined(text[start:end], entry.vi) and _same_case(text, start, end, entry.vi):
                    found.append(_mention(text, start, end, entry))
                    step = len(tokens)
                    break
            index += step
        return tuple(found)

    def english(self, vi: str) -> str | None:
        """Return the English of exactly `vi`, in any case."""
        entry = self.entries.get(vi)
        if entry is not None:
            return entry.en
        key = _key(vi)
        return next((item.en for item in self.entries.values() if _key(item.vi) == key), None)


def _joined(text: str, term: str) -> bool:
    """Return whether the separators between tokens agree: a comma inside breaks a term."""
    return re.sub(r"[\w\s]+", " ", text).split() == re.sub(r"[\w\s]+", " ", term).split()


def _same_case(text: str, start: int, end: int, term: str) -> bool:
    words, wanted = _TOKEN.findall(text[start:end]), _TOKEN.findall(term)
    initial = not text[:start].strip(" \"“'(-–")
    for place, (word, want) in enumerate(zip(words, wanted, strict=True)):
        if word[:1].isupper() == want[:1].isupper() or place == 0 and initial and word[:1].isupper():
            continue
        if want[:1].isupper() and place > 0 and len(wanted) > 2:
            continue  # "Bộ Khoa học và công nghệ": inner capitals vary between newsrooms
        return False
    return True


def _mention(text: str, start: int, end: int, entry: TermEntry) -> Mention:
    return Mention(
        kind=_MENTION_KIND.get(entry.kind, "term"),
        start=start,
        end=end,
        text=text[start:end],
        value=entry.en.casefold(),
        english=entry.en,
        role="title" if entry.kind == "title" else None,
    )


def load_glossary(user_files: Sequence[Path] = ()) -> TermBase:
    """Return the shipped term base overlaid with `user_files`.

    Raises:
        ConfigError: every fault of every file at once.

    """
    faults: list[str] = []
    entries: dict[str, TermEntry] = {}
    digest = hashlib.sha256()
    shipped: dict[str, TermEntry] = {}
    for path in sorted(_SHIPPED.glob("*.csv")):
        for entry in _read(path, faults, digest):
            before = shipped.get(_fold_case(entry.vi))
            if before is not None:
                faults.append(f"{entry.place}: “{entry.vi}” stands already in {before.place}")
            shipped[_fold_case(entry.vi)] = entry
            entries[entry.vi] = entry
    for path in user_files:
        own: dict[str, TermEntry] = {}
        for entry in _read(path, faults, digest):
            first = own.get(entry.vi)
            if first is not None and first.en != entry.en:
                faults.append(f"{entry.place}: “{entry.vi}” is “{entry.en}” here and “{first.en}” in {first.place}")
            own[entry.vi] = entry
        entries |= own
    if faults:
        raise ConfigError("\n".join(faults), hint="Each line is: vi,en,kind,note")
    return TermBase(entries.values(), digest.hexdigest())


def _fold_case(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _read(path: Path, faults: list[str], digest: hashlib._Hash) -> list[TermEntry]:
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{path}: cannot be read: {error}")
        return []
    digest.update(path.name.encode() + b"\0" + data)
    dialect = "\t" if path.suffix.lower() == ".tsv" else ","
    reader = csv.reader(io.StringIO(text), delimiter=dialect)
    entries: list[TermEntry] = []
    try:
        for row in reader:
            place = f"{path}:{reader.line_num}"
            if not row or row[0].startswith("#") or (reader.line_num == 1 and row[0].strip().lower() == "vi"):
                continue
            fault = _fault(row)
            if fault:
                faults.append(f"{place}: {fault}")
                continue
            vi, en, kind = (item.strip() for item in row[:3])
            note = row[3].strip() if len(row) > 3 else ""
            entries.append(TermEntry(vi=vi, en=en, kind=kind, note=note, place=place))  # type: ignore[arg-type]
    except csv.Error as error:
        faults.append(f"{path}:{reader.line_num}: {error}")
    return entries


def _fault(row: list[str]) -> str | None:
    if not 3 <= len(row) <= 4:
        return f"{len(row)} columns, expected vi,en,kind,note; quote a field that holds a comma"
    vi, en, kind = (item.strip() for item in row[:3])
    if not vi or not en:
        return "Vietnamese and English must both be given"
    if not _TOKEN.search(vi):
        return f"“{vi}” has no word in it"
    if kind not in get_args(Kind):
        return f"unknown kind “{kind}”; one of {', '.join(get_args(Kind))}"
    if unicodedata.normalize("NFC", vi) != vi:
        return f"“{vi}” is not NFC; type it again in a modern editor"
    if _VIETNAMESE.search(en):
        return f"the English “{en}” holds Vietnamese letters"
    return None
