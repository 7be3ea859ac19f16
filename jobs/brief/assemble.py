"""Articles and translations in, the parts of a brief out: published articles, events, withheld statements, trail."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jobs.brief.acronyms import spell_out
from jobs.brief.compose import Composer
from jobs.brief.drafts import Draft
from jobs.brief.material import Material
from jobs.brief.verify import Gate
from jobs.ingest.instructions import poisoned
from jobs.reconcile.copies import find_copies, voices
from jobs.reconcile.events import group_events
from jobs.records import Article, Event, PublishedArticle, PublishedSentence, Summary, Translation
from jobs.summarize.extractive import statements, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jobs.brief.prompts import Phrases
    from jobs.config import Config
    from jobs.reconcile.copies import CopyLink
    from jobs.translate.glossary import TermBase


@dataclass
class Assembled:
    """Everything of a brief but its run's own data."""

    articles: tuple[PublishedArticle, ...]
    events: tuple[Event, ...]
    unclustered: tuple[str, ...]
    withheld: tuple[dict[str, Any], ...]
    near_misses: tuple[dict[str, Any], ...]
    trail: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)


def assemble(
    articles: Sequence[Article],
    translations: Mapping[str, Mapping[int, Translation]],
    config: Config,
    phrases: Phrases,
    terms: TermBase,
    translate: Callable[[Sequence[str]], list[Translation]],
) -> Assembled:
    """Reconcile and compose. Events of several articles come first, by their number of independent voices.

    `translate` puts statements into English that were cut to stand alone.
    """
    # An article that gives orders to machines is no source: it keeps its own entry and touches no other.
    hostile = [article.id for article in articles if poisoned(article)]
    sources = [article for article in articles if article.id not in hostile]
    copies = find_copies(sources)
    grouping = group_events(sources, copies=copies)
    material = Material.of(articles, translations)
    place = {article.id: index for index, article in enumerate(articles)}
    ranked = sorted(
        zip(grouping.events, grouping.confidence, strict=True),
        key=lambda item: (-voices(item[0], copies), place[item[0][0]]),
    )
    drafts = [
        Draft.of(ids, confidence, material=material, copies=copies, terms=terms)
        for ids, confidence in ranked[: config.brief.max_events]
    ]
    chosen = _summary_statements(articles, translations, config)
    wanted = [text for draft in drafts for text in draft.texts()]
    wanted += [text for pairs in chosen.values() for _, text in pairs]
    english = {item.vi: item for item in translate(list(dict.fromkeys(wanted)))}
    published = tuple(
        _publish(article, translations[article.id], copies, summary(chosen[article.id], english))
        for article in articles
    )
    gate = Gate(material.vietnamese)
    events: list[Event] = []
    trail: dict[str, Any] = {}
    unclustered = hostile
    for draft in drafts:
        draft.put(english, material)
        composer = Composer(
            len(events) + 1,
            draft,
            material=material,
            phrases=phrases,
            terms_=terms,
            gate=gate,
            limits=config.brief,
        )
        event = composer.compose()
        if event is None:
            unclustered += draft.ids
            continue
        event = spell_out(event, terms.expansion)
        events.append(event)
        trail |= composer.trail
        trail[event.id] = {
            "statement": event.headline_en,
            "confidence": draft.confidence,
            "articles": list(draft.ids),
            "rule": "average similarity of the articles, see near_misses for what was left out",
        }
    unclustered += [identity for ids, _ in ranked[config.brief.max_events :] for identity in ids]
    flagged = sum(1 for article in published for sentence in article.sentences if sentence.flags)
    return Assembled(
        articles=published,
        events=tuple(events),
        unclustered=tuple(unclustered),
        withheld=tuple(item.model_dump(mode="json") for item in dict.fromkeys(gate.withheld)),
        near_misses=tuple(item.model_dump(mode="json") for item in grouping.near_misses),
        trail=trail,
        counts={
            "articles": len(published),
            "copies": len(copies),
            "events": len(events),
            "flagged": flagged,
            "withheld": len(dict.fromkeys(gate.withheld)),
        },
    )


def _summary_statements(
    articles: Sequence[Article], translations: Mapping[str, Mapping[int, Translation]], config: Config
) -> dict[str, tuple[tuple[int, str], ...]]:
    """Return what each article's summary says in Vietnamese, as (sentence number, statement) by article id."""
    return {
        article.id: statements(
            article,
            limit=config.summary.sentences,
            max_syllables=config.summary.max_syllables,
            doubtful=frozenset(n for n, item in translations[article.id].items() if item.flags),
        )
        for article in articles
    }


def _publish(
    article: Article,
    translations: Mapping[int, Translation],
    copies: Mapping[str, CopyLink],
    both: Summary,
) -> PublishedArticle:
    english = {n: item.en for n, item in translations.items()}
    title_numbers = [item.n for item in article.sentences if item.role == "title"]
    return PublishedArticle(
        id=article.id,
        path=article.path,
        sha256=article.sha256,
        title_vi=article.title,
        title_en=english.get(title_numbers[0] if title_numbers else 0),
        date=article.date,
        source=article.source,
        author=article.author,
        url=article.url,
        language=article.language,
        chars=article.chars,
        near_duplicate_of=copies[article.id].original if article.id in copies else None,
        sentences=tuple(
            PublishedSentence(
                n=item.n,
                vi=item.text,
                en=english.get(item.n, ""),
                start=item.start,
                end=item.end,
                role=item.role,
                flags=item.flags + (translations[item.n].flags if item.n in translations else ()),
            )
            for item in article.sentences
        ),
        summary=both,
    )
