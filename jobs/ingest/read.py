"""Files to articles: each input ends as an `Outcome`, an article or a status with its reason; nothing is raised."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import stat
import unicodedata
from bisect import bisect_left
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from jobs.errors import InputError, NoInputError
from jobs.ingest.formats import FOREIGN, MAX_CHARACTERS, MAX_RECORDS, READERS, Extracted, read_json
from jobs.ingest.guard import read_guarded
from jobs.ingest.instructions import CODE, order
from jobs.ingest.language import why_not_vietnamese
from jobs.ingest.lines import Line, syllables
from jobs.ingest.segment import sentences
from jobs.ingest.structure import structure
from jobs.ingest.working import Working, make_working, name_characters
from jobs.records import Article, Flag, Record, Role, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SUPPORTED = frozenset({*READERS, *FOREIGN, ".jsonl"})
_LONGEST_FIELD = 500  # characters of a title, an author, an address
_UNLISTED = re.compile(r"(?:README(?:\.\w+)?|LICEN[CS]E(?:\.\w+)?)", re.IGNORECASE)


class InputFile(Record):
    """A regular file of the seeds folder; `path` is relative, with forward slashes, NFC."""

    path: str
    absolute: Path
    size: int


class Outcome(Record):
    """What became of one input; exactly one of `article` and `status` is set."""

    path: str
    sha256: str
    article: Article | None = None
    status: Literal["skipped", "failed"] | None = None
    reason: str | None = None


def input_file(path: Path) -> InputFile:
    """Return a single file as an input."""
    return InputFile(path=path.name, absolute=path.absolute(), size=path.stat().st_size)


def discover(folder: Path) -> list[InputFile]:
    """Return every regular file under `folder`, sorted by path; hidden files, READMEs and odd files left out.

    Raises:
        NoInputError: no such folder, or it cannot be listed.

    """
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise NoInputError(
            f"the seeds folder {folder} {what}", hint="Give the folder of articles with --seeds."
        )
    try:
        next(folder.iterdir(), None)
    except OSError as error:
        raise NoInputError(f"the seeds folder {folder} cannot be listed: {error.strerror}") from None
    found = []
    for root, folders, files in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in files:
            absolute = Path(root) / name
            if name.startswith(".") or _UNLISTED.fullmatch(name):
                continue
            try:
                status = absolute.stat()
            except OSError:
                # A broken link or one that loops: listed, so that it is accounted for.
                found.append(InputFile(path=_relative(absolute, folder), absolute=absolute, size=0))
                continue
            if stat.S_ISREG(status.st_mode):
                found.append(
                    InputFile(path=_relative(absolute, folder), absolute=absolute, size=status.st_size)
                )
    return sorted(found, key=lambda item: item.path)


def _relative(path: Path, folder: Path) -> str:
    text = os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", errors="replace")
    return unicodedata.normalize("NFC", text)


def read_file(item: InputFile, *, max_bytes: int = 20_000_000, min_syllables: int = 25) -> list[Outcome]:
    """Return one outcome for the file, or one for each record of a JSON array or .jsonl file."""
    suffix = item.absolute.suffix.lower()
    if suffix not in SUPPORTED:
        return [_bad(item.path, "", f"file type {suffix or '(none)'} is not supported", status="skipped")]
    if item.size > max_bytes:
        return [_bad(item.path, "", _too_large(item.size, max_bytes))]
    try:
        data = _content(item.absolute, max_bytes + 1)
    except OSError as error:
        return [_bad(item.path, "", f"cannot be read: {error.strerror}")]
    if len(data) > max_bytes:
        return [_bad(item.path, "", _too_large(len(data), max_bytes))]
    digest = hashlib.sha256(data).hexdigest()
    try:
        if suffix == ".jsonl":
            return _lines(item.path, digest, data, min_syllables)
        extracted = read_guarded(suffix, data) if suffix in FOREIGN else READERS[suffix](data)
    except InputError as error:
        return [_bad(item.path, digest, error.message, status=error.status)]
    except (
        RecursionError,
        MemoryError,
        ValueError,
        ArithmeticError,
        LookupError,
        AttributeError,
        TypeError,
    ) as error:
        # One file never stops a batch, whatever our own readers stumble over.
        return [_bad(item.path, digest, f"cannot be parsed: {type(error).__name__}: {error}"[:300])]
    single = len(extracted) == 1
    return [
        _outcome(item.path if single else f"{item.path}#{number}", digest, one, min_syllables)
        for number, one in enumerate(extracted, 1)
    ]


def _content(path: Path, limit: int) -> bytes:
    """Return up to `limit` bytes; a file that has meanwhile become a pipe or a device is not waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file")
        return stream.read(limit)


def _too_large(size: int, limit: int) -> str:
    return f"{size / 1e6:.0f} MB, more than the limit of {limit / 1e6:g} MB (ingest.max_file_mb)"


def _lines(path: str, digest: str, data: bytes, min_syllables: int) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for number, line in enumerate(io.BytesIO(data), 1):
        if not line.strip():
            continue
        if len(outcomes) >= MAX_RECORDS:
            raise InputError(f"more than {MAX_RECORDS} records in one file: split it")
        place = f"{path}#{number}"
        own = hashlib.sha256(line.rstrip(b"\r\n")).hexdigest()
        try:
            records = read_json(line)
        except InputError as error:
            outcomes.append(_bad(place, own, error.message))
            continue
        record = records[0] if len(records) == 1 else InputError("a line must hold one record")
        outcomes.append(_outcome(place, own, record, min_syllables))
    return outcomes or [_bad(path, digest, "empty file")]


def _outcome(path: str, digest: str, found: Extracted | InputError, min_syllables: int) -> Outcome:
    if isinstance(found, InputError):
        return _bad(path, digest, found.message, status=found.status)
    return _article(path, digest, found, min_syllables)


def _bad(path: str, digest: str, reason: str, *, status: str = "failed") -> Outcome:
    return Outcome(
        path=path, sha256=digest, status="skipped" if status == "skipped" else "failed", reason=reason
    )


def _article(path: str, digest: str, found: Extracted, min_syllables: int) -> Outcome:
    if len(found.text) > MAX_CHARACTERS:
        return _bad(path, digest, f"{len(found.text)} characters: not one article (limit {MAX_CHARACTERS})")
    working = make_working(found.text)
    if not working.text.strip():
        return _bad(path, digest, "no text in it")
    reason = why_not_vietnamese(working.text)
    if reason:
        return _bad(path, digest, reason, status="skipped")
    layout = structure(working.text, titled=found.title is not None)
    items = _marked(_sentences(working, layout.lines, found.captions), found)
    body = sum(syllables(item.text) for item in items if item.role in ("lead", "body"))
    if body < min_syllables:
        return _bad(
            path,
            digest,
            f"{body} syllables of text, fewer than {min_syllables} (ingest.min_syllables)",
            status="skipped",
        )
    warnings = list(found.notes)
    if working.invisible:
        names = name_characters([char for _, char in working.invisible])
        warnings.append(f"{len(working.invisible)} invisible characters removed: {names}")
    article = Article(
        id=_slug(path),
        path=path,
        sha256=digest,
        title=_plain(found.title) or layout.title,
        date=found.date or layout.date,
        source=_plain(found.source) or layout.source,
        author=_plain(found.author) or layout.author,
        url=_plain(found.url) or layout.url,
        language="vi",
        chars=len(found.text),
        sentences=items,
        warnings=tuple(warnings),
    )
    return Outcome(path=path, sha256=digest, article=article)


def _marked(items: tuple[Sentence, ...], found: Extracted) -> tuple[Sentence, ...]:
    """Flag the sentences that give orders to a machine; the first where the order is in no sentence."""
    where = {item.n: text for item in items if (text := order(item.text))}
    if not where and items:
        told = "\n".join(filter(None, (found.text, found.title, found.source, found.author, *found.captions)))
        if first := found.order or order(told):
            where[items[0].n] = first
    return tuple(
        item.model_copy(
            update={
                "flags": (
                    *item.flags,
                    Flag(code=CODE, detail=f"gives orders to a machine: “{where[item.n]}”"),
                )
            }
        )
        if item.n in where
        else item
        for item in items
    )


def _plain(value: str | None) -> str | None:
    """Return a metadata field without markup, line breaks and invisible characters, cut to a sensible length."""
    return " ".join(make_working(value[:_LONGEST_FIELD]).text.split()) or None if value else None


def _sentences(working: Working, lines: Sequence[Line], captions: Sequence[str]) -> tuple[Sentence, ...]:
    known = {" ".join(item.split()) for item in captions}
    result: list[Sentence] = []
    lead_done = False
    for line in lines:
        content = working.text[line.start : line.end]
        role: Role | None = line.role
        if role is None and " ".join(content.split()) in known:
            role = "caption"
        if role is not None:
            spans = [(line.start, line.end)]
        else:
            spans = [(line.start + a, line.start + b) for a, b in sentences(content)]
            role = "body" if lead_done else "lead"
            lead_done = True
        for start, end in spans:
            sentence = _sentence(working, start, end, role, len(result) + 1)
            if sentence is not None:
                result.append(sentence)
    return tuple(result)


def _sentence(working: Working, start: int, end: int, role: Role, n: int) -> Sentence | None:
    while start < end and working.text[start].isspace():
        start += 1
    while end > start and working.text[end - 1].isspace():
        end -= 1
    if start >= end:
        return None
    text = re.sub(r"\s+([,.;:!?%)\]”])", r"\1", working.text[start:end])
    text = re.sub(r"([(\[“])\s+", r"\1", text)
    text = re.sub(r"\s*\./\.$", ".", text)
    low = bisect_left(working.invisible, (start, ""))
    high = bisect_left(working.invisible, (end, ""))
    hidden = [char for _, char in working.invisible[low:high]]
    flags = (
        (Flag(code="invisible", detail=f"invisible characters removed: {name_characters(hidden)}"),)
        if hidden
        else ()
    )
    first, last = working.span(start, end)
    return Sentence(n=n, text=text, start=first, end=last, role=role, flags=flags)


def _slug(path: str) -> str:
    stem = re.sub(r"\.[A-Za-z]{2,5}(?=$|#)", "", path)
    plain = unicodedata.normalize("NFD", stem.replace("đ", "d").replace("Đ", "D"))
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-").lower()[:48].rstrip("-") or "article"


def assign_ids(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return `outcomes` with ids made unique: the same name twice gets a content hash, then a number."""
    result = list(outcomes)
    counts = Counter(item.article.id for item in result if item.article)
    taken: set[str] = set()
    for index, item in enumerate(result):
        if item.article is None:
            continue
        identity = item.article.id
        if counts[identity] > 1:
            identity = f"{identity}-{item.sha256[:8]}"
        number, unique = 2, identity
        while unique in taken:
            unique, number = f"{identity}-{number}", number + 1
        taken.add(unique)
        result[index] = item.model_copy(update={"article": item.article.model_copy(update={"id": unique})})
    return result
