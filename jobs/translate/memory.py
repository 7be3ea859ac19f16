"""Translation memory in SQLite: corrections by people, and what engines made under a given key.

A correction (imported from TMX or TSV) beats every engine. Writes are transactions of a rollback journal, so
a killed writer leaves the last finished state. A damaged file is an error and never rebuilt silently: it may hold
corrections. Raises `StorageError` when the file cannot be used and `UsageError` for a file that is not TMX or TSV.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import unicodedata
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from jobs.errors import StorageError, UsageError
from jobs.records import Translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS machine (key TEXT, source TEXT, data TEXT NOT NULL, PRIMARY KEY (key, source)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS human (source TEXT PRIMARY KEY, target TEXT NOT NULL, note TEXT NOT NULL) WITHOUT ROWID;
"""
_SPACES = re.compile(r"\s+")
_MAX_TMX = 200_000_000
_BATCH = 500  # SQLite's default limit of variables in one statement is 999


def normal(text: str) -> str:
    """Return the form under which a sentence is looked up: NFC, single spaces."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


class Memory:
    """One memory file; opened for each call, so that nothing is held while a model works."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction: committed at the end, rolled back on any error."""
        try:
            with closing(sqlite3.connect(self.path, timeout=30)) as connection:
                connection.executescript(_SCHEMA)
                with connection:
                    yield connection
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"translation memory {self.path}: {error}",
                hint="Check free space and the permissions of its folder.",
            ) from None
        except (sqlite3.Error, ValueError) as error:
            raise StorageError(
                f"translation memory {self.path} is damaged: {error}",
                hint=f"Move {self.path} away and run again; corrections come back with `press-brief memory import`.",
            ) from None

    def get(
        self, sources: Sequence[str], *, engine_key: str, corrections_only: bool = False
    ) -> dict[str, Translation]:
        """Return what is known for `sources`; corrections first, then results under `engine_key`."""
        by_normal: dict[str, list[str]] = {}
        for source in sources:
            by_normal.setdefault(normal(source), []).append(source)
        found: dict[str, Translation] = {}
        with self._open() as connection:
            wanted = sorted(by_normal)
            if not corrections_only:
                for source, data in self._select(connection, "machine", "data", wanted, engine_key):
                    for original in by_normal[source]:
                        found[original] = Translation(vi=original, **json.loads(data))
            for source, target in self._select(connection, "human", "target", wanted, None):
                for original in by_normal[source]:
                    found[original] = Translation(vi=original, en=target, origin="human")
        return found

    @staticmethod
    def _select(
        connection: sqlite3.Connection, table: str, column: str, wanted: Sequence[str], key: str | None
    ) -> Iterator[tuple[str, str]]:
        for begin in range(0, len(wanted), _BATCH):
            part = wanted[begin : begin + _BATCH]
            marks = ",".join("?" * len(part))
            where = f"source IN ({marks})" + (" AND key = ?" if key is not None else "")
            values = [*part, key] if key is not None else part
            yield from connection.execute(f"SELECT source, {column} FROM {table} WHERE {where}", values)  # noqa: S608

    def put(self, translations: Iterable[Translation], *, engine_key: str) -> None:
        """Remember machine `translations` under `engine_key`, in one transaction."""
        rows = [
            (engine_key, normal(item.vi), item.model_dump_json(exclude={"vi"}))
            for item in translations
            if item.origin != "human"
        ]
        with self._open() as connection:
            connection.executemany("INSERT OR REPLACE INTO machine VALUES (?, ?, ?)", rows)

    def corrections_sha256(self) -> str:
        """Return the hash of all corrections: they take part in every result."""
        digest = hashlib.sha256()
        if self.path.exists():
            with self._open() as connection:
                for row in connection.execute("SELECT source, target FROM human ORDER BY source"):
                    digest.update(json.dumps(row, ensure_ascii=False).encode())
        return digest.hexdigest()

    def stats(self) -> dict[str, int]:
        """Return the counts of corrections and of remembered sentences."""
        with self._open() as connection:
            (human,) = connection.execute("SELECT COUNT(*) FROM human").fetchone()
            (machine, keys) = connection.execute(
                "SELECT COUNT(*), COUNT(DISTINCT key) FROM machine"
            ).fetchone()
        return {"corrections": human, "remembered": machine, "engines": keys}

    def import_file(self, path: Path) -> dict[str, int]:
        """Take over the pairs of a .tmx or .tsv file as corrections; return counts.

        A pair that equals what an engine made is no correction and is left out.

        Raises:
            UsageError: neither format, or damaged, with its place.

        """
        pairs = list(_read_pairs(path))
        new = changed = same = 0
        with self._open() as connection:
            for source, target in pairs:
                key = normal(source)
                machine = connection.execute("SELECT data FROM machine WHERE source = ?", (key,)).fetchall()
                old = connection.execute("SELECT target FROM human WHERE source = ?", (key,)).fetchone()
                if old is None and any(json.loads(data)["en"] == target for (data,) in machine):
                    same += 1
                    continue
                if old is None:
                    new += 1
                elif old[0] == target:
                    same += 1
                    continue
                else:
                    changed += 1
                connection.execute("INSERT OR REPLACE INTO human VALUES (?, ?, ?)", (key, target, path.name))
        return {"new": new, "changed": changed, "unchanged": same}

    def export_file(self, path: Path) -> int:
        """Write all corrections to a .tmx or .tsv file; return their number."""
        from jobs.store import storage, write_file
        from jobs.translate.tmx import write_tmx

        with self._open() as connection:
            pairs = connection.execute("SELECT source, target FROM human ORDER BY source").fetchall()
        if path.suffix.lower() == ".tmx":
            data = write_tmx([(source, target, {}) for source, target in pairs])
        elif path.suffix.lower() in {".tsv", ".txt"}:
            data = "".join(f"{source}\t{target}\n" for source, target in pairs).encode()
        else:
            raise UsageError(f"{path}: give a name that ends in .tmx or .tsv")
        with storage(path, "cannot write the memory"):
            write_file(path, data)
        return len(pairs)


def _read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    try:
        if path.stat().st_size > _MAX_TMX:
            raise UsageError(f"{path}: larger than {_MAX_TMX // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
    if path.suffix.lower() == ".tmx":
        from jobs.translate.tmx import read_tmx

        yield from read_tmx(data, str(path))
        return
    if path.suffix.lower() not in {".tsv", ".txt"}:
        raise UsageError(f"{path}: neither .tmx nor .tsv")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 at byte {error.start}") from None
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        columns = line.split("\t")
        if len(columns) < 2 or not columns[0].strip() or not columns[1].strip():
            raise UsageError(f"{path}:{number}: expected Vietnamese TAB English")
        yield normal(columns[0]), normal(columns[1])
