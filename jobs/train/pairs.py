"""Parallel text: files of `label TAB Vietnamese TAB English`, plain, .gz or .xz, in; pairs out.

A line without exactly three columns is counted, not fatal: large collections have a few. Test sets are one
sentence a line, or `Vietnamese TAB English`. Raises `NoInputError` (exit code 4) for a file that cannot be read.
"""

from __future__ import annotations

import gzip
import lzma
import zlib
from typing import IO, TYPE_CHECKING, NamedTuple

from jobs.errors import NoInputError

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_OPENERS: dict[str, Callable[..., IO[str]]] = {".gz": gzip.open, ".xz": lzma.open}


class Pair(NamedTuple):
    """A sentence in both languages and the label of its source."""

    label: str
    vi: str
    en: str


def read_lines(path: Path) -> Iterator[str]:
    """Yield the lines of `path` without their ends."""
    opener = _OPENERS.get(path.suffix, open)
    try:
        with opener(path, "rt", encoding="utf-8", newline="\n") as stream:
            for line in stream:
                yield line.rstrip("\r\n")
    except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError, zlib.error) as error:
        raise NoInputError(f"{path}: cannot be read: {error}") from None


def read_pairs(paths: Sequence[Path], dropped: Counter[str]) -> Iterator[Pair]:
    """Yield the pairs of `paths` in order, counting in `dropped` what is no pair."""
    for path in paths:
        for line in read_lines(path):
            columns = line.split("\t")
            if len(columns) == 3:
                yield Pair(*columns)
            elif line.strip():
                dropped["columns"] += 1


def read_references(path: Path) -> list[Pair]:
    """Return the pairs of a validation file: `Vietnamese TAB English`, or with a label before them.

    Raises:
        NoInputError: unreadable, or a line that is no pair; a reference set has to be whole.

    """
    found = []
    for number, line in enumerate(read_lines(path), 1):
        columns = line.split("\t")
        if len(columns) not in {2, 3}:
            raise NoInputError(f"{path}:{number}: {len(columns)} columns, expected Vietnamese TAB English")
        found.append(Pair(columns[0] if len(columns) == 3 else "validation", *columns[-2:]))
    return found
