"""The last gate: a statement is printed only if each of its figures and dates stands in a sentence that it cites."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Withheld(Record):
    """A statement that was not printed, and why."""

    section: str
    text_en: str
    sources: tuple[tuple[str, int], ...]
    reason: str


def unsupported(text_en: str, sources_vi: Sequence[str]) -> str | None:
    """Return None if every figure and date of `text_en` stands in `sources_vi`, else what does not."""
    from jobs.english import figures, match_figures
    from jobs.vietnamese import figures as figures_vi

    source = "\n".join(sources_vi)
    match = match_figures(figures_vi(source), figures(text_en), source, text_en)
    wrong = [mention.text for mention in match.added] + [en.text for _, en in match.altered]
    return f"not in a cited sentence: {', '.join(wrong)}" if wrong else None


class Gate:
    """Checks statements against their cited sentences and keeps what it withheld."""

    def __init__(self, vietnamese: Mapping[tuple[str, int], str]) -> None:
        self._vietnamese = vietnamese
        self.withheld: list[Withheld] = []

    def passes(self, section: str, text_en: str, sources: Sequence[tuple[str, int]]) -> bool:
        """Return whether the statement may be printed; remember it if not."""
        missing = [place for place in sources if place not in self._vietnamese]
        if not text_en.strip():
            reason: str | None = "no English text"
        elif not sources or missing:
            reason = "cites no existing sentence"
        else:
            reason = unsupported(text_en, [self._vietnamese[place] for place in sources])
        if reason is None:
            return True
        self.withheld.append(
            Withheld(section=section, text_en=text_en, sources=tuple(sources), reason=reason)
        )
        return False
