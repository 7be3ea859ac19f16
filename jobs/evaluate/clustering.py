"""Evaluation of the grouping: JSONL records with gold clusters in, B-cubed precision, recall, F1 out."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

from jobs.errors import UsageError
from jobs.evaluate.metrics import bcubed
from jobs.records import Article, Sentence

if TYPE_CHECKING:
    from pathlib import Path


def article_from_text(
    identity: str, text: str, *, title: str | None = None, date: dt.date | None = None
) -> Article:
    """Return an `Article` of plain text: its own segmentation, the first body sentence as lead."""
    from jobs.ingest.segment import sentences

    spans = sentences(text)
    return Article(
        id=identity,
        path=identity,
        sha256="",
        title=title,
        date=date,
        source=identity,
        author=None,
        url=None,
        language="vi",
        chars=len(text),
        sentences=tuple(
            Sentence(n=n, text=text[start:end], start=start, end=end, role="lead" if n == 1 else "body")
            for n, (start, end) in enumerate(spans, 1)
        ),
    )


_LONGEST_TITLE = 30  # syllables


def split_title(text: str) -> tuple[str | None, str]:
    """Return headline and body where the first line is a headline: short, no closing stop, more text after it."""
    first, _, rest = text.strip().partition("\n")
    first = first.strip()
    closed = first.endswith((".", "!", ":", ";", ",", '."', ".”"))
    if not first or closed or not rest.strip() or len(first.split()) > _LONGEST_TITLE:
        return None, text
    return first, rest.strip()


def read_records(path: Path) -> tuple[list[Article], dict[str, str]]:
    """Return the articles of a JSONL file (`id, text, title?, date?, cluster`) and their gold clusters.

    Raises:
        UsageError: with file and line.

    """
    articles: list[Article] = []
    gold: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            identity, text, cluster = str(record["id"]), str(record["text"]), str(record["cluster"])
            date = dt.date.fromisoformat(str(record["date"])[:10]) if record.get("date") else None
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{path}:{number}: not a record of id, text and cluster: {error!r}",
                hint='One JSON object a line, as {"id": "a1", "text": "...", "cluster": "c1"}.',
            ) from None
        if identity in gold:
            raise UsageError(f"{path}:{number}: the id {identity!r} is used twice")
        gold[identity] = cluster
        articles.append(article_from_text(identity, text, title=record.get("title"), date=date))
    if not articles:
        raise UsageError(f"{path}: no records in it")
    return articles, gold


def evaluate_events(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    """Group the records of `path`; return B-cubed figures in per cent and the predicted clusters."""
    from jobs.reconcile.copies import find_copies
    from jobs.reconcile.events import group_events

    articles, gold = read_records(path)
    grouping = group_events(articles, copies=find_copies(articles))
    predicted = {
        identity: f"e{number}" for number, event in enumerate(grouping.events, 1) for identity in event
    }
    precision, recall, f1 = bcubed(gold, predicted)
    result = {
        "articles": len(articles),
        "clusters_gold": len(set(gold.values())),
        "clusters_found": len(grouping.events),
        "precision": round(100 * precision, 2),
        "recall": round(100 * recall, 2),
        "f1": round(100 * f1, 2),
    }
    return result, predicted
