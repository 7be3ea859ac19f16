"""Seeds folder to batch: which inputs become articles, and what became of every other one.

Every input ends in exactly one `Entry`; the counts of `Accounting` add up by construction and are
asserted. Exact copies (same bytes, or the same article text from the same outlet) are duplicates.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jobs.records import Accounting, Article, InputStatus, Record

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from jobs.config import Config
    from jobs.ingest import Outcome
    from jobs.terminal import Reporter


class Entry(Record):
    """What became of one input. `usable` is false where someone should look at the file."""

    path: str
    sha256: str
    id: str | None
    status: InputStatus
    reason: str | None = None
    usable: bool = True


@dataclass(frozen=True)
class Batch:
    """The articles to brief, and the fate of every input."""

    articles: tuple[Article, ...]
    entries: tuple[Entry, ...]

    @property
    def accounting(self) -> Accounting:
        """Return the counts by status; they add up to `read`."""
        counts = Counter(entry.status for entry in self.entries)
        result = Accounting(
            read=len(self.entries),
            translated=counts["translated"],
            duplicate=counts["duplicate"],
            skipped=counts["skipped"],
            failed=counts["failed"],
        )
        assert result.read == result.translated + result.duplicate + result.skipped + result.failed
        return result


def read_batch(
    folder: Path, config: Config, *, since: dt.date | None, only: Sequence[str], reporter: Reporter
) -> Batch:
    """Read every input of `folder`.

    Raises:
        NoInputError: the folder is missing.

    """
    from jobs.ingest import assign_ids, discover, read_file

    items = discover(folder)
    reporter.stage("reading articles", len(items))
    outcomes: list[Outcome] = []
    for item in items:
        outcomes += read_file(
            item,
            max_bytes=int(config.ingest.max_file_mb * 1_000_000),
            min_syllables=config.ingest.min_syllables,
        )
        reporter.advance()
    return _account(assign_ids(outcomes), since=since, only=only)


def _account(outcomes: Iterable[Outcome], *, since: dt.date | None, only: Sequence[str]) -> Batch:
    articles: list[Article] = []
    entries: list[Entry] = []
    seen: dict[str, str] = {}
    for outcome in outcomes:
        article = outcome.article
        if article is None:
            status: InputStatus = "skipped" if outcome.status == "skipped" else "failed"
            reason = outcome.reason or "no reason known"
            entries.append(
                Entry(
                    path=outcome.path,
                    sha256=outcome.sha256,
                    id=None,
                    status=status,
                    reason=reason,
                    usable=False,
                )
            )
            continue
        fate, reason_ = "translated", None
        digest = _text_hash(article)
        if only and article.id not in only:
            fate, reason_ = "skipped", "not asked for with --only"
        elif since and article.date and article.date < since:
            fate, reason_ = "skipped", f"dated {article.date}, before --since {since}"
        elif digest in seen:
            fate, reason_ = "duplicate", f"the same article as {seen[digest]}"
        else:
            seen[digest] = article.path
            articles.append(article)
        entries.append(
            Entry(path=outcome.path, sha256=outcome.sha256, id=article.id, status=fate, reason=reason_)  # type: ignore[arg-type]
        )
    return Batch(articles=tuple(articles), entries=tuple(entries))


def _text_hash(article: Article) -> str:
    text = "\n".join(sentence.text for sentence in article.sentences)
    return hashlib.sha256(f"{article.source or ''}\n{text}".encode()).hexdigest()
