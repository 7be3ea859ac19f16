"""The files of a run: `Brief` in, relative path to bytes out; the same brief gives the same bytes.

`brief.json` is the truth; every other file says the same in another format. Only `jobs.store` writes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jobs.brief.prompts import Phrases
    from jobs.records import Brief


def render_all(brief: Brief, phrases: Phrases) -> dict[str, bytes]:
    """Return every file of a run but run.json, by its path in the run folder."""
    from jobs.brief.render.html import brief_html
    from jobs.brief.render.markdown import article_md, brief_md
    from jobs.brief.render.tables import discrepancies_csv, review_tmx
    from jobs.brief.render.view import view
    from jobs.brief.render.word import brief_docx
    from jobs.store import to_json

    found = view(brief, phrases)
    files = {
        "brief.json": to_json(brief.model_dump(mode="json")),
        "brief.md": brief_md(found, phrases),
        "brief.html": brief_html(found, phrases),
        "brief.docx": brief_docx(found, phrases),
        "discrepancies.csv": discrepancies_csv(found),
        "review.tmx": review_tmx(brief),
    }
    for article, shown in zip(brief.articles, found.articles, strict=True):
        files[f"articles/{article.id}.json"] = to_json(article.model_dump(mode="json"))
        files[f"articles/{article.id}.md"] = article_md(shown, phrases)
    return files
