"""discrepancies.csv and review.tmx: the differences for a spreadsheet, the sentence pairs for a translator's tool."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from jobs.brief.render.text import formula_free
from jobs.translate.tmx import write_tmx

if TYPE_CHECKING:
    from jobs.brief.render.parts import View
    from jobs.records import Brief

COLUMNS = ("event", "item", "kind", "about", "value", "as_written", "sources", "preferred", "reason")


def discrepancies_csv(found: View) -> bytes:
    """Return one row for each value of each difference; UTF-8 with the mark that spreadsheets look for."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for event in found.events:
        for difference in event.differences:
            for choice in difference.choices:
                row = (
                    event.headline,
                    difference.item.id,
                    difference.kind,
                    difference.item.text,
                    choice.text,
                    choice.vi,
                    " ".join(f"[{line.label}]" for line in choice.cites),
                    "yes" if choice.preferred else "",
                    difference.reason,
                )
                writer.writerow([formula_free(cell) for cell in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def review_tmx(brief: Brief) -> bytes:
    """Return every translated sentence pair with its place and its flags; what is corrected in it can be imported."""
    pairs = []
    for article in brief.articles:
        for sentence in article.sentences:
            if sentence.vi.strip() and sentence.en.strip():
                properties = {"article": article.id, "sentence": str(sentence.n), "role": sentence.role}
                if sentence.flags:
                    properties["flags"] = "; ".join(f"{flag.code}: {flag.detail}" for flag in sentence.flags)
                pairs.append((sentence.vi, sentence.en, properties))
    return write_tmx(pairs)
