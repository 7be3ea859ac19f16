"""Term base: CSV or TSV files of `vi,en,kind,note,accept` in, longest-match lookup over text out.

Several files, later ones win. `note` and `accept` may be left out; `accept` holds other right English forms,
divided by `|`; the first of a country is its adjective. Capitals, tone marks on either vowel (`hòa`, `hoà`) and
`TP.HCM`, `TP HCM` agree by rule, so an entry is given once. Raises `ConfigError` with every fault, file and line.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from jobs.errors import ConfigError
from jobs.records import Mention, Record
from jobs.translate.termrules import (
    DATA,
    Around,
    abroad,
    case_rank,
    has_form_abroad,
    is_country,
    is_place,
    is_whole,
    key,
    number_agrees,
    rules,
    takes_demonym,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Kind = Literal[
    "body", "title", "person", "place", "country", "term", "document", "event", "media", "acronym", "company"
]
_DASH = re.compile(r"\s*[-–—]\s*")
_TOKEN = re.compile(r"[^\W_]+(?:&[^\W_]+)*")
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_MENTION_KIND: dict[str, Literal["body", "place", "acronym", "document", "term", "person"]] = {
    "body": "body", "media": "body", "company": "body", "document": "document",
    "place": "place", "country": "place", "acronym": "acronym", "person": "person",
}  # fmt: skip
_MINISTERS = {
    "Bộ trưởng": "Minister",
    "Quyền Bộ trưởng": "Acting Minister",
    "Thứ trưởng": "Deputy Minister",
    "Thứ trưởng Thường trực": "Permanent Deputy Minister",
}
_COLUMNS = "vi,en,kind,note,accept"


class TermEntry(Record):
    """One line of a term base and where it stands."""

    vi: str
    en: str
    kind: Kind
    note: str
    place: str
    accept: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, bool]:
        """Return what two lines for one term share: words and separators, and whether it is a name."""
        return _bare(key(self.vi)), any(char.isupper() for char in self.vi)


class _Term:
    """An entry ready for matching."""

    def __init__(self, entry: TermEntry) -> None:
        self.entry = entry
        self.words = _TOKEN.findall(entry.vi)
        self.keys = tuple(key(word) for word in self.words)
        self.gaps = _gaps(entry.vi, [match.span() for match in _TOKEN.finditer(entry.vi)])
        self.risky = len(self.keys) == 1 and self.keys[0] in rules()["one_syllable_countries"]
        self.abroad = has_form_abroad(entry.en)
        self.commas = entry.kind in ("body", "document", "title")
        self.gaps = self.spelt(self.gaps)
        self.given_name = entry.kind == "place" and len(self.keys) == 2

    def spelt(self, gaps: tuple[str, ...]) -> tuple[str, ...]:
        """Return `gaps` as this entry compares them: in a list of fields a comma and a dash are one."""
        return tuple("-" if gap == "," and self.commas else gap for gap in gaps)


class TermBase:
    """Entries indexed by their first token; `find` is linear in the text."""

    def __init__(self, entries: Iterable[TermEntry], sha256: str) -> None:
        given = {entry.identity: entry for entry in entries}
        self.entries = {entry.vi: entry for entry in given.values()}
        self.sha256 = sha256
        self._index: dict[str, list[_Term]] = {}
        self._english: dict[str, str] = {}
        for entry in (
            *given.values(),
            *(made for made in _derived(given.values()) if made.identity not in given),
        ):
            term = _Term(entry)
            self._index.setdefault(term.keys[0], []).append(term)
            self._english.setdefault(_bare(key(entry.vi)), entry.en)
        for options in self._index.values():
            options.sort(key=lambda term: (-len(term.keys), term.entry.vi))
        # Translation, events and claims look for terms in the same sentences.
        self._known = lru_cache(maxsize=4096)(self._find)

    def __len__(self) -> int:
        return len(self.entries)

    def find(self, text: str) -> tuple[Mention, ...]:
        """Return the terms of `text`: leftmost, longest, on word boundaries, without overlaps."""
        return self._known(text)

    def _find(self, text: str) -> tuple[Mention, ...]:
        spans = [match.span() for match in _TOKEN.finditer(text)]
        keys = [key(text[start:end]) for start, end in spans]
        found: list[Mention] = []
        index = 0
        while index < len(keys):
            options = self._index.get(keys[index])
            term = self._best(text, spans, keys, index, options) if options else None
            if term is None:
                index += 1
                continue
            last = index + len(term.keys) - 1
            mention = _mention(term.entry, Around(text, spans, index, last))
            if term.abroad:
                mention = self._abroad(mention, text, spans, keys, last + 1)
            found.append(mention)
            index = last + 1
        return tuple(found)

    def _abroad(
        self, mention: Mention, text: str, spans: list[tuple[int, int]], keys: list[str], after: int
    ) -> Mention:
        """Return `mention` under the name that it has where another country follows at once."""
        if after >= len(keys) or text[mention.end : spans[after][0]].strip() or mention.english is None:
            return mention
        follower = self._best(text, spans, keys, after, self._index.get(keys[after], []))
        if follower is None or follower.entry.kind != "country":
            return mention
        english = abroad(mention.english, follower.entry.en)
        return mention.model_copy(update={"english": english, "accept": (mention.english, *mention.accept)})

    @staticmethod
    def _best(
        text: str, spans: list[tuple[int, int]], keys: list[str], index: int, options: list[_Term]
    ) -> _Term | None:
        loose: _Term | None = None
        for term in options:
            size = len(term.keys)
            if loose is not None and size < len(loose.keys):
                break
            if tuple(keys[index : index + size]) != term.keys:
                continue
            taken = spans[index : index + size]
            if size > 1 and term.spelt(_gaps(text, taken)) != term.gaps:
                continue
            around = Around(text, spans, index, index + size - 1)
            rank = case_rank([text[start:end] for start, end in taken], term.words, initial=around.initial)
            if rank is None or (term.risky and not is_country(around, term.keys[0])):
                continue
            if (term.given_name and not is_place(around)) or (size > 1 and not is_whole(around, term.keys)):
                continue
            if rank == 0:
                return term
            loose = loose or term
        return loose

    def english(self, vi: str) -> str | None:
        """Return the English of exactly `vi`, in any case."""
        entry = self.entries.get(vi)
        return entry.en if entry is not None else self._english.get(_bare(key(vi)))

    def expansion(self, acronym: str) -> str | None:
        """Return what an English acronym stands for ("ADGMIN"), for its first use in a text."""
        entry = self.entries.get(acronym)
        return entry.note or None if entry is not None and entry.kind == "acronym" else None


def _bare(text: str) -> str:
    """Return `text` with one spelling of separators: "tp.hcm" and "tp hcm" are "tp hcm", every dash is "-"."""
    return " ".join(_DASH.sub(" - ", text.replace(".", " ")).split())


def _gaps(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Return what stands between the tokens: "" for spaces, the mark otherwise; a full stop after "TP" is none."""
    gaps = []
    for (start, end), (after, _) in pairwise(spans):
        gap = text[end:after].strip()
        if gap == "." and end - start <= 2:
            gap = ""
        gaps.append("-" if gap in {"-", "–", "—"} else gap)
    return tuple(gaps)


def _derived(entries: Iterable[TermEntry]) -> list[TermEntry]:
    """Return the entries that follow from others: a ministry's minister and deputies, `Hoa Kỳ` for `Mỹ`."""
    made = []
    for entry in entries:
        if entry.kind == "body" and entry.vi.startswith("Bộ ") and entry.en.startswith("Ministry of "):
            for vi, en in _MINISTERS.items():
                english = en + entry.en.removeprefix("Ministry")
                made += [_office(entry, f"{vi} {vi_body}", english) for vi_body in (entry.vi, entry.vi[3:])]
        if entry.kind == "body":
            offices = rules()["offices"].get(entry.vi.split(" ", 1)[0], {})
            made += [
                _office(entry, f"{before} {entry.vi}", f"{en} {entry.en}") for before, en in offices.items()
            ]
        if entry.vi.endswith(" Mỹ") and entry.kind != "country":
            made.append(entry.model_copy(update={"vi": entry.vi.removesuffix("Mỹ") + "Hoa Kỳ"}))
    return made


def _office(body: TermEntry, vi: str, en: str) -> TermEntry:
    return body.model_copy(update={"vi": vi, "en": en, "kind": "title", "accept": ()})


def _mention(entry: TermEntry, around: Around) -> Mention:
    english: str | None = entry.en
    accept = entry.accept
    if entry.kind == "term" and not number_agrees(around, entry.en):
        english = None
    if entry.kind == "country" and accept and takes_demonym(around):
        english, accept = accept[0], (entry.en, *accept[1:])
    if entry.kind == "acronym" and entry.note:
        accept = (entry.note, *accept)  # what it stands for says as much
    return Mention(
        kind=_MENTION_KIND.get(entry.kind, "term"),
        start=around.start,
        end=around.end,
        text=around.text[around.start : around.end],
        value=entry.en.casefold(),
        english=english,
        role="title" if entry.kind == "title" else None,
        accept=accept,
    )


def load_glossary(user_files: Sequence[Path] = ()) -> TermBase:
    """Return the shipped term base overlaid with `user_files`; without any the same one at every call.

    Raises:
        ConfigError: every fault of every file at once.

    """
    return _load(tuple(user_files)) if user_files else _shipped()


@cache
def _shipped() -> TermBase:
    return _load(())


def _load(user_files: Sequence[Path]) -> TermBase:
    faults: list[str] = []
    digest = hashlib.sha256((DATA / "rules.toml").read_bytes())
    entries: dict[tuple[str, bool], TermEntry] = {}
    for path in sorted(DATA.glob("*.csv")):
        for entry in _read(path, faults, digest):
            before = entries.get(entry.identity)
            if before is not None:
                faults.append(f"{entry.place}: “{entry.vi}” stands already in {before.place}")
            entries[entry.identity] = entry
    for path in user_files:
        own: dict[tuple[str, bool], TermEntry] = {}
        for entry in _read(path, faults, digest):
            first = own.get(entry.identity)
            if first is not None and first.en != entry.en:
                faults.append(
                    f"{entry.place}: “{entry.vi}” is “{entry.en}” here and “{first.en}” in {first.place}"
                )
            own[entry.identity] = entry
        entries |= own
    if faults:
        raise ConfigError("\n".join(faults), hint=f"Each line is: {_COLUMNS}")
    return TermBase(entries.values(), digest.hexdigest())


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
            vi, en, kind, note, accept = (item.strip() for item in (*row, "", "")[:5])
            others = tuple(item.strip() for item in accept.split("|") if item.strip())
            entries.append(TermEntry(vi=vi, en=en, kind=kind, note=note, place=place, accept=others))  # type: ignore[arg-type]
    except csv.Error as error:
        faults.append(f"{path}:{reader.line_num}: {error}")
    return entries


def _fault(row: list[str]) -> str | None:
    if not 3 <= len(row) <= 5:
        return f"{len(row)} columns, expected {_COLUMNS}; quote a field that holds a comma"
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
