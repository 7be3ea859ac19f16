"""Put back what a hypothesis lost: a sentence, what must stand in its English, and an engine with attention in.

The attention of the hypothesis tells where the lost span belongs. There the hypothesis is cut, the span set after
what stands before it, and the engine goes on from this prefix, so that the rest of the sentence fits the span
(Hokamp and Liu 2017 do the same inside the beam). One span a round, from left to right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from jobs.translate.engine import Attended, AttendingEngine

# Rounds for one sentence: nearly all have one or two spans to put back.
MAX_ROUNDS = 5
# Attention on the span below this says nothing about its place.
_LEAST_ATTENTION = 0.12
_WORD_START = "▁"
_ARTICLES = frozenset({"▁the", "▁a", "▁an"})
_AMOUNT = re.compile(r"(?:[A-Z]{3})?\d[\d.,]*(?![\d.,]|st|nd|rd|th)")
_FUNCTION_WORDS = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "in",
        "on",
        "at",
        "to",
        "and",
        "or",
        "by",
        "with",
        "for",
        "from",
        "is",
        "was",
        "'",
        "s",
        ",",
    }
)


class Wanted(NamedTuple):
    """A span of the sentence given to the engine, and the English that must stand for it."""

    text: str
    start: int
    end: int


@dataclass
class Task:
    """A sentence to repair: what is lost in a hypothesis of it, where to offer new ones, the prefix that stands.

    `lacking` is how much the last hypothesis has lost.
    """

    sentence: str
    lost: Callable[[str], Sequence[Wanted]]
    offer: Callable[[str], None]
    prefix: list[str] = field(default_factory=list)
    lacking: int = 0


def recover(engine: AttendingEngine, tasks: Sequence[Task]) -> None:
    """Offer hypotheses in which what each task has lost is put back, all tasks in step, for full batches."""
    left = list(tasks)
    for _ in range(MAX_ROUNDS):
        if not left:
            return
        states = engine.attend([task.sentence for task in left], [task.prefix for task in left])
        left = [task for task, state in zip(left, states, strict=True) if _goes_on(engine, task, state)]


def _goes_on(engine: AttendingEngine, task: Task, state: Attended) -> bool:
    """Offer what the engine made of the prefix, lengthen the prefix by the next lost span; False at the end.

    Without a prefix it is the engine's own hypothesis: the beam's, or a greedy one, which may hold what the beam lost.
    """
    task.offer(state.text)
    lost = task.lost(state.text)
    if task.prefix and len(lost) >= task.lacking:
        return False  # what was set in has driven something else out
    task.lacking = len(lost)
    places = [(place_of(state, task.sentence, item), item) for item in lost]
    # What stands before the prefix is settled.
    found = [(place, item) for place, item in places if place is not None and place >= len(task.prefix)]
    if not found:
        return False
    place, item = min(found, key=lambda entry: entry[0])
    if _AMOUNT.match(item.text) and len(task.prefix) < place and state.tokens[place - 1] in _ARTICLES:
        place -= 1  # "contributed SGD12 million", not "the SGD12 million"
    pieces = engine.pieces(item.text)
    task.prefix = state.tokens[:place] + pieces
    return bool(pieces)


def put_back(engine: AttendingEngine, tasks: Sequence[Task]) -> None:
    """Offer the hypothesis of each task with what it lost set in as it stands, where every place is known.

    The last resort, for sentences whose continuation goes astray: the words around the span do not adapt to it.
    """
    if not tasks:
        return
    states = engine.attend([task.sentence for task in tasks], [[] for _ in tasks])
    for task, state in zip(tasks, states, strict=True):
        places = [(place_of(state, task.sentence, item), item.text) for item in task.lost(state.text)]
        if not places or any(place is None for place, _ in places):
            continue
        words = list(state.tokens)
        for place, text in sorted(((place or 0, text) for place, text in places), reverse=True):
            words.insert(place, f"{_WORD_START}{text}")
        task.offer("".join(word for word in words if word != "</s>").replace(_WORD_START, " ").strip())


def place_of(state: Attended, sentence: str, item: Wanted) -> int | None:
    """Return the target position before which `item` belongs: the first word that looks at its source tokens."""
    source = _source_tokens(state.source, sentence, item)
    if not source:
        return None
    looks = [max(range(len(row)), key=row.__getitem__) in source for row in state.attention]
    for place, (piece, look) in enumerate(zip(state.tokens, looks, strict=False)):
        if look and piece.startswith(_WORD_START) and piece[1:].lower() not in _FUNCTION_WORDS:
            return place
    mass = [sum(row[index] for index in source) for row in state.attention]
    best = max(range(len(mass)), key=mass.__getitem__, default=None)
    if best is None or mass[best] < _LEAST_ATTENTION:
        return None
    return _word_start(state.tokens, best)


def _word_start(tokens: Sequence[str], place: int) -> int:
    while place > 0 and not tokens[place].startswith(_WORD_START):
        place -= 1
    return place


def _source_tokens(tokens: Sequence[str], sentence: str, item: Wanted) -> set[int]:
    """Return the indexes of the source tokens that spell the span, found by its text and its occurrence."""
    surface = _squeeze(sentence[item.start : item.end])
    if not surface:
        return set()
    occurrence = _squeeze(sentence[: item.start]).count(surface)
    places: list[int] = []  # token of each character that is no space
    joined = ""
    for index, token in enumerate(tokens):
        letters = token.replace(_WORD_START, "")
        joined += letters
        places += [index] * len(letters)
    begin = -1
    for _ in range(occurrence + 1):
        begin = joined.find(surface, begin + 1)
        if begin < 0:
            return set()
    return set(places[begin : begin + len(surface)])


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)
