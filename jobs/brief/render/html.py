"""brief.html: the view in, one self-contained page out. No script, no remote load; the policy in it forbids both.

Every text goes through jinja's escaping; there is no `safe` in the template but for the style sheet, which is ours.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from jobs.brief.render.charts import axis, coverage
from jobs.brief.render.markdown import MOST_CITED

if TYPE_CHECKING:
    import jinja2

    from jobs.brief.prompts import Phrases
    from jobs.brief.render.parts import View

TEMPLATES = Path(__file__).resolve().parent.parent.parent / "data" / "templates"


@cache
def _template() -> jinja2.Template:
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("brief.html.j2")


def brief_html(found: View, phrases: Phrases) -> bytes:
    """Return brief.html."""
    from markupsafe import Markup

    style = (TEMPLATES / "brief.css.j2").read_text(encoding="utf-8")
    # The hash covers exactly what stands between <style> and </style>.
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page = _template().render(
        view=found,
        text=phrases.text,
        style=Markup(style),  # noqa: S704  (our own file; nothing from outside is in it)
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        coverage=coverage,
        axis=axis,
        most_cited=MOST_CITED,
    )
    return page.encode()
