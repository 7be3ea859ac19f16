"""Express: a Vietnamese sentence in, the same sentence with what rules can translate for certain put into English.

`3.500 km` becomes `3,500 km`, `Phạm Minh Chính` becomes `Pham Minh Chinh`, term-base entries their official
English. The bundled model was trained on such mixed sentences and carries English spans over as they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.records import Mention, Record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.translate.glossary import TermBase


class Expressed(Record):
    """The rewritten sentence, and the mentions (offsets into the original) that were put into English."""

    text: str
    spans: tuple[Mention, ...]


class Understood(Record):
    """What the grammars and the term base find in one Vietnamese sentence."""

    figures: tuple[Mention, ...]
    names: tuple[Mention, ...]
    terms: tuple[Mention, ...]
    carried: tuple[Mention, ...] = ()
    compounds: tuple[Mention, ...] = ()
    titles: tuple[Mention, ...] = ()

    @property
    def spelt(self) -> tuple[Mention, ...]:
        """Return the names whose English spelling is certain: persons, foreign names, places after their head."""
        return (*self.names, *self.carried)


def understand(text: str, terms: TermBase) -> Understood:
    """Return every mention of `text` that has to survive translation."""
    from jobs.translate.compounds import compounds
    from jobs.vietnamese import figures
    from jobs.vietnamese.carried import carried
    from jobs.vietnamese.names import names
    from jobs.vietnamese.titles import titles

    numbers, persons, entries = figures(text), names(text), terms.find(text)
    return Understood(
        figures=numbers,
        names=persons,
        terms=entries,
        carried=carried(text, [*numbers, *persons, *entries]),
        compounds=compounds(text, numbers, persons, entries, terms),
        titles=titles(text),
    )


def express(text: str, understood: Understood) -> Expressed:
    """Rewrite `text`; titles win over compounds, these over figures, then terms, then names, longer over shorter."""
    ranked: list[tuple[int, Sequence[Mention]]] = [
        (0, understood.titles),
        (1, understood.compounds),
        (2, understood.figures),
        (3, understood.terms),
        (4, understood.spelt),
    ]
    candidates = [
        (rank, mention.start - mention.end, mention.start, mention)
        for rank, mentions in ranked
        for mention in mentions
        if mention.english and mention.english != mention.text
    ]
    taken: list[Mention] = []
    for _, _, _, mention in sorted(candidates, key=lambda item: item[:3]):
        if all(mention.end <= other.start or mention.start >= other.end for other in taken):
            taken.append(mention)
    taken.sort(key=lambda mention: mention.start)
    pieces, at = [], 0
    for mention in taken:
        pieces += [text[at : mention.start], mention.english or mention.text]
        at = mention.end
    pieces.append(text[at:])
    return Expressed(text="".join(pieces), spans=tuple(taken))


def moved(expressed: Expressed, mention: Mention) -> tuple[int, int] | None:
    """Return where `mention` of the original stands in the rewritten sentence, or None where it is cut through."""
    shift = 0
    for span in expressed.spans:
        if span.end <= mention.start:
            shift += len(span.english or span.text) - (span.end - span.start)
        elif span.start < mention.end:
            # Inside a longer span ("the 6th ..."): the whole of it is what has to come back.
            inside = span.start <= mention.start and mention.end <= span.end
            return (
                (span.start + shift, span.start + shift + len(span.english or span.text)) if inside else None
            )
    return mention.start + shift, mention.end + shift
