"""Everything that composition draws on for one event, looked up once: sentences in both languages, flags, speech."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobs.translate.checks import weight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobs.records import Article, Sentence, Translation
    from jobs.vietnamese.quotes import Speech

Place = tuple[str, int]


@dataclass(frozen=True)
class Said:
    """Speech of an article, its sentences as places."""

    places: tuple[Place, ...]
    speech: Speech


@dataclass
class Material:
    """The sentences of a batch by place, with their English and how doubtful it is (0 is clean)."""

    articles: dict[str, Article]
    vietnamese: dict[Place, str] = field(default_factory=dict)
    english: dict[Place, str] = field(default_factory=dict)
    doubt: dict[Place, int] = field(default_factory=dict)
    sentences: dict[Place, Sentence] = field(default_factory=dict)

    @classmethod
    def of(cls, articles: Sequence[Article], translations: Mapping[str, Mapping[int, Translation]]) -> Material:
        """Gather the sentences of `articles` and their `translations`."""
        material = cls(articles={article.id: article for article in articles})
        for article in articles:
            for sentence in article.sentences:
                place = article.id, sentence.n
                material.sentences[place] = sentence
                material.vietnamese[place] = sentence.text
                translation = translations.get(article.id, {}).get(sentence.n)
                if translation is not None:
                    material.english[place] = translation.en
                    material.doubt[place] = weight(translation.flags)
        return material

    def speech(self, ids: Sequence[str]) -> list[Said]:
        """Return who said what in the articles `ids`."""
        from jobs.vietnamese.quotes import speeches

        found = []
        for identity in ids:
            told = [item for item in self.articles[identity].sentences if item.role in ("lead", "body")]
            for speech in speeches([item.text for item in told]):
                found.append(Said(tuple((identity, told[index].n) for index in speech.sentences), speech))
        return found
