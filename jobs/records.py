"""The values that pass from stage to stage, frozen, each writable as JSON.

bytes -> Article -> [Sentence] -> [Translation] -> Summary -> Event -> Brief -> files.
`Brief` and what it holds are the published `brief.json`; its JSON Schema is generated from
these types (`press_brief_schema`). Offsets are character offsets into the decoded input text.
"""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1.0"

Role = Literal["title", "lead", "body", "caption", "byline", "dateline", "boilerplate"]
BRIEFED_ROLES: frozenset[str] = frozenset({"title", "lead", "body"})
Precision = Literal["minute", "day", "month", "quarter", "year"]
EntityKind = Literal["person", "body", "place", "document", "other"]
DiscrepancyKind = Literal["conflict", "precision", "wording", "single_source"]
Approx = Literal["over", "nearly", "under", "about", "up_to", "at_least"]
InputStatus = Literal["translated", "duplicate", "skipped", "failed"]
Positive = Annotated[int, Field(ge=1)]
Offset = Annotated[int, Field(ge=0)]


class Record(BaseModel):
    """Base of every record: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Flag(Record):
    """Something a reviewer should look at: a stable code and a sentence a person understands."""

    code: str
    detail: str


class Sentence(Record):
    """One Vietnamese sentence of an article, cleaned, with its place in the decoded input."""

    n: Positive
    text: str
    start: Offset
    end: Offset
    role: Role
    flags: tuple[Flag, ...] = ()


class Article(Record):
    """One article as read: metadata and every sentence with its role. `date` is the page's date."""

    id: str
    path: str
    sha256: str
    title: str | None
    date: dt.date | None
    source: str | None
    author: str | None
    url: str | None
    language: str
    chars: Offset
    sentences: tuple[Sentence, ...]
    warnings: tuple[str, ...] = ()


class Mention(Record):
    """A figure, date or name found in running text, with a value that can be compared.

    `value` is canonical and language-free, equal in both languages when the meaning is equal:
    a decimal without grouping for numbers ("3500", "91.2", "36000000000"), ISO 8601 for dates
    ("2026-01-15", "2026-01", "2026-Q3", "2026", "--01-15" when the year is unknown,
    "2026-01-12/2026-01-16" for a range), "HH:MM" for times, the folded name for names.
    `unit` is canonical too: "%", "USD", "VND", "km", "m2", ... or None for a bare number.
    `english` is the certain English form of the whole span, or None where rules cannot tell;
    `accept` holds other forms that are right too.
    """

    kind: Literal[
        "number",
        "percent",
        "money",
        "measure",
        "ordinal",
        "date",
        "time",
        "duration",
        "age",
        "score",
        "person",
        "body",
        "acronym",
        "place",
        "document",
        "term",
    ]
    start: Offset
    end: Offset
    text: str
    value: str
    unit: str | None = None
    precision: Precision | None = None
    approx: Approx | None = None
    english: str | None = None
    role: str | None = None
    accept: tuple[str, ...] = ()


class Translation(Record):
    """English of one Vietnamese sentence, with what produced it and what to look at.

    `confidence` is the mean log probability per token of the engine's first hypothesis, None for a correction.
    """

    vi: str
    en: str
    origin: str
    flags: tuple[Flag, ...] = ()
    repaired: str | None = None
    confidence: float | None = None


# ---- brief.json -------------------------------------------------------------------------


class Source(Record):
    """A citation: an article and one of its sentences."""

    article: str
    sentence: Positive


class PublishedSentence(Record):
    """A sentence in both languages, as published."""

    n: Positive
    vi: str
    en: str
    start: Offset
    end: Offset
    role: Role
    flags: tuple[Flag, ...] = ()


class SummarySentence(Record):
    """One sentence of a summary and the sentences that it stands on."""

    text: str
    sentences: tuple[Positive, ...]
    flags: tuple[Flag, ...] = ()


class Summary(Record):
    """The two summaries of an article; both languages cite the same sentences."""

    vi: tuple[SummarySentence, ...] = ()
    en: tuple[SummarySentence, ...] = ()


class PublishedArticle(Record):
    """An article as it stands in brief.json and in articles/<id>.json."""

    id: str
    path: str
    sha256: str
    title_vi: str | None
    title_en: str | None
    date: dt.date | None
    source: str | None
    author: str | None
    url: str | None
    language: str
    chars: Offset
    near_duplicate_of: str | None = None
    sentences: tuple[PublishedSentence, ...]
    summary: Summary


class KeyPoint(Record):
    """A claim said once; `corroboration` counts independent articles, copies as one."""

    text_en: str
    text_vi: str
    sources: tuple[Source, ...] = Field(min_length=1)
    corroboration: Positive
    flags: tuple[Flag, ...] = ()


class Quote(Record):
    """Who said what. `direct` is true for words in quotation marks."""

    speaker: str
    role_en: str | None
    text_en: str
    text_vi: str
    direct: bool
    sources: tuple[Source, ...] = Field(min_length=1)
    flags: tuple[Flag, ...] = ()


class Figure(Record):
    """A number with its unit and what it counts; `text_en` is the sentence that says it.

    `approx` is the word that the source puts before it ("over 300", "about USD 36 billion").
    """

    value: str
    unit: str | None
    approx: Approx | None = None
    what_en: str
    text_en: str
    sources: tuple[Source, ...] = Field(min_length=1)
    flags: tuple[Flag, ...] = ()


class TimelineEntry(Record):
    """A dated happening; `start` and `end` are ISO 8601 at the given precision."""

    start: str
    end: str | None
    precision: Precision
    text_en: str
    sources: tuple[Source, ...] = Field(min_length=1)
    flags: tuple[Flag, ...] = ()


class Entity(Record):
    """A person, body, place or document with the spellings and roles the sources use."""

    name_en: str
    variants: tuple[str, ...]
    kind: EntityKind
    roles_en: tuple[str, ...]
    sources: tuple[Source, ...] = Field(min_length=1)


class DiscrepancyValue(Record):
    """One of the differing values with the sources that give it."""

    value: str
    text_vi: str
    text_en: str
    sources: tuple[Source, ...] = Field(min_length=1)


class Discrepancy(Record):
    """Where sources differ about one thing; `preferred` indexes `values`, or is null."""

    about_en: str
    kind: DiscrepancyKind
    values: tuple[DiscrepancyValue, ...] = Field(min_length=1)
    preferred: int | None
    reason_en: str


class SingleSource(Record):
    """What only one independent article reports."""

    text_en: str
    sources: tuple[Source, ...] = Field(min_length=1)
    flags: tuple[Flag, ...] = ()


class Event(Record):
    """Everything the brief says about one event."""

    id: str
    headline_en: str
    lead_en: str
    lead_sources: tuple[Source, ...] = Field(min_length=1)
    lead_flags: tuple[Flag, ...] = ()
    articles: tuple[str, ...] = Field(min_length=1)
    key_points: tuple[KeyPoint, ...] = ()
    quotes: tuple[Quote, ...] = ()
    figures: tuple[Figure, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    entities: tuple[Entity, ...] = ()
    discrepancies: tuple[Discrepancy, ...] = ()
    single_source: tuple[SingleSource, ...] = ()


class Accounting(Record):
    """Every input read ends in exactly one of the other four."""

    read: Offset
    translated: Offset
    duplicate: Offset
    skipped: Offset
    failed: Offset


class Brief(Record):
    """The content of brief.json; every other file of a run says the same."""

    schema_version: str = SCHEMA_VERSION
    run_id: str
    generated_at: str
    signature: str
    articles: tuple[PublishedArticle, ...]
    events: tuple[Event, ...]
    unclustered: tuple[str, ...]
    accounting: Accounting


def press_brief_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of brief.json, generated from `Brief`."""
    schema = Brief.model_json_schema(mode="serialization")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "press-brief brief.json",
        **{key: value for key, value in schema.items() if key != "title"},
    }
