"""Evaluation of merged summaries: folders of doc*.txt and ref*.txt in, ROUGE on syllables out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from jobs.errors import UsageError
from jobs.evaluate.clustering import article_from_text, split_title
from jobs.evaluate.metrics import rouge_l, rouge_n, syllables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_SYLLABLE = re.compile(r"\w+")


def cut(text: str, count: int) -> str:
    """Return the first `count` syllables of `text`, with what stands between them."""
    for number, match in enumerate(_SYLLABLE.finditer(text), 1):
        if number == count:
            return text[: match.end()]
    return text


def evaluate_summaries(
    folder: Path, *, length: int | None = None, progress: Callable[[int], None] | None = None
) -> tuple[dict[str, Any], dict[str, str]]:
    """Summarise every subfolder; return mean ROUGE-1/2/L F1 in per cent and the summaries by cluster.

    `length` in syllables; None takes the mean length of each cluster's references.
    """
    from jobs.summarize.merged import merged_summary

    clusters = sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    if not clusters:
        raise UsageError(f"{folder}: no subfolders of doc*.txt and ref*.txt in it")
    totals = [0.0, 0.0, 0.0]
    written: dict[str, str] = {}
    for cluster in clusters:
        documents = sorted(cluster.glob("doc*.txt"))
        references = [path.read_text(encoding="utf-8") for path in sorted(cluster.glob("ref*.txt"))]
        if not documents or not references:
            raise UsageError(f"{cluster}: needs at least one doc*.txt and one ref*.txt")
        wanted = length or round(sum(len(syllables(text)) for text in references) / len(references))
        articles = []
        for path in documents:
            title, body = split_title(path.read_text(encoding="utf-8"))
            articles.append(article_from_text(path.stem, body, title=title))
        text = {(item.id, sentence.n): sentence.text for item in articles for sentence in item.sentences}
        chosen = merged_summary(articles, syllables=wanted)
        summary = cut(" ".join(text[place] for place in chosen), wanted)
        written[cluster.name] = summary
        for index, value in enumerate(
            (
                sum(rouge_n(summary, text, 1) for text in references),
                sum(rouge_n(summary, text, 2) for text in references),
                sum(rouge_l(summary, text) for text in references),
            )
        ):
            totals[index] += 100 * value / len(references)
        if progress:
            progress(1)
    names = ("rouge_1", "rouge_2", "rouge_l")
    result: dict[str, Any] = {"clusters": len(clusters)}
    result |= {name: round(value / len(clusters), 2) for name, value in zip(names, totals, strict=True)}
    return result, written
