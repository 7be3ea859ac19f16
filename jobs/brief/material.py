"""Everything that composition draws on for one event, looked up once: sentences in both languages, flags, speech."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jobs.translate.checkrules import weight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jobs.brief.phrasing import Phrasing
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
    """The sentences of a batch by place, with their translations and how doubtful these are (0 is clean).

    `phrasings` holds, beside the sentences, their statements cut to stand alone; `roles` the English of
    roles that the term base does not cover, `wordings` that of differing quotations (see `phrasing`).
    """

    articles: dict[str, Article]
    vietnamese: dict[Place, str] = field(default_factory=dict)
    english: dict[Place, str] = field(default_factory=dict)
    doubt: dict[Place, int] = field(default_factory=dict)
    translations: dict[Place, Translation] = field(default_factory=dict)
    sentences: dict[Place, Sentence] = field(default_factory=dict)
    phrasings: dict[Place, tuple[Phrasing, ...]] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    wordings: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, articles: Sequence[Article], translations: Mapping[str, Mapping[int, Translation]]
    ) -> Material:
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
                    material.translations[place] = translation
            # A headline that stands only in the metadata.
            title = translations.get(article.id, {}).get(0)
            if title is not None:
                material.english[article.id, 0] = title.en
                material.doubt[article.id, 0] = weight(title.flags)
        return material

    def speech(self, ids: Sequence[str]) -> list[Said]:
        """Return who said what in the articles `ids`."""
        from jobs.vietnamese.quotes import speeches

        found = []
        for identity in ids:
            told = [item for item in self.articles[identity].sentences if item.role in ("lead", "body")]
            found += [
                Said(tuple((identity, told[index].n) for index in speech.sentences), speech)
                for speech in speeches([item.text for item in told])
            ]
        return found

    def cited(self, places: Sequence[Place]) -> list[dict[str, object]]:
        """Return the sentences of `places` in both languages, for the trail."""
        return [
            {
                "article": article,
                "sentence": n,
                "vi": self.vietnamese[article, n],
                "en": self.english.get((article, n), ""),
            }
            for article, n in dict.fromkeys(places)
        ]
