"""Two sentences in, the places out where one denies what the other says in the same words."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from jobs.reconcile.around import WINDOW, Around, surroundings
from jobs.reconcile.background import weight
from jobs.reconcile.profiles import NAMES, Profile, contained, likeness, overlap

if TYPE_CHECKING:
    from jobs.reconcile.facts import Statement


_REPORTS_THE_SAME = 0.45
# In other words: all that the shorter sentence says stands in the longer one, only one of them negates, and what it
# negates is affirmed in the other.
_ALL_OF_IT, _AS_LONG, _FEWEST_WORDS = 0.7, 0.6, 4
_TELLING = (
    4.0  # weight of a word that says by itself what is denied; a lighter one needs the next word beside it
)
# Words that deny as `không` does; beside one of them the other sentence affirms nothing.
_DENYING = frozenset(
    {
        "cấm",
        "bác",
        "miễn",
        "ngừng",
        "dừng",
        "chối",
        "thiếu",
        "trừ",
        "hoãn",
        "hủy",
        "huỷ",
        "khó",
        "tránh",
        "thay",
    }
)
_REACH = 6  # tokens from a negation to the last word that it denies: "chưa thật sự quyết liệt, làm hết trách nhiệm"
_TENSES = frozenset({"đã", "đang", "sẽ", "vẫn", "cũng", "mới", "vừa"})
_BREAKING = frozenset(
    {"đã", "sẽ", "thì", "mà", "nhưng", "nên"}
)  # words beyond which a negation does not reach
_INSTEAD = ("thay", "vì")  # "thay vì đưa đi viện" denies as `không` does


def negated_apart(left: Profile, right: Profile) -> tuple[int, int] | None:
    """Return positions where one sentence denies what the other says in the same words, or None."""
    least = 0.4 if likeness(left, right) >= _REPORTS_THE_SAME else 0.6
    for one, other, swapped in (
        (left.statement, right.statement, False),
        (right.statement, left.statement, True),
    ):
        for at, token in enumerate(one.tokens):
            if token.slot != "negation" or _affirmed_too(one, at, other):
                continue
            found = _affirmed(one, at, other, least)
            if found is None and not any(item.slot == "negation" for item in other.tokens):
                found = _reworded(left, right, one, at, other)
            if found is not None and not _commented(other, found):
                return (found, at) if swapped else (at, found)
    return None


def _commented(item: Statement, at: int) -> bool:
    """Return whether the negation of what stands at `at` follows as a comment: "chỉ rõ ngành nào thì chưa thấy"."""
    return any(
        token.slot == "negation" and before.key == "thì"
        for before, token in itertools.pairwise(item.tokens[at:])
    )


def _negations(item: Statement) -> int:
    return sum(token.slot == "negation" for token in item.tokens)


def _of_another(one: Statement, at: int, other: Statement) -> bool:
    """Return whether the name that stands last before a negation is missing in the other sentence."""
    names = [token.key for token in one.tokens[max(0, at - _REACH) : at] if token.slot in NAMES]
    return bool(names) and all(token.key != names[-1] for token in other.tokens)


def _affirmed_too(one: Statement, at: int, other: Statement) -> bool:
    """Return whether a sentence affirms of something else what it denies at `at`: "không khởi tố A, khởi tố B".

    It does if it affirms those words as often as the other sentence says them.
    """
    denied = one.keys()[at + 1 : at + 3]
    affirmed = [index for index in _places(one, denied) if index != at + 1 and not _is_denied(one, index)]
    return len(affirmed) > 0 and len(affirmed) >= len(_places(other, denied))


def _places(item: Statement, words: list[str]) -> list[int]:
    keys = item.keys()
    return [
        index for index in range(len(keys)) if len(words) > 1 and keys[index : index + len(words)] == words
    ]


def _reworded(left: Profile, right: Profile, one: Statement, at: int, other: Statement) -> int | None:
    """Return where `other`, which negates nothing, affirms in other words what `one` negates at `at`."""
    if min(len(left.words), len(right.words)) < _FEWEST_WORDS or contained(left, right) < _ALL_OF_IT:
        return None
    weights = [sum(side.words.values()) for side in (left, right)]
    if min(weights) < _AS_LONG * max(weights):
        return None
    keys = other.keys()
    if _negations(one) > 1 or _DENYING & set(keys) or _of_another(one, at, other):
        return None
    denied = [token.key for token in one.tokens[at + 1 : at + 3] if token.slot == "word"]
    for index, key in enumerate(keys):
        telling = weight(key) >= _TELLING or keys[index : index + 2] == denied
        if denied and key == denied[0] and telling:
            return index
    return None


def _affirmed(one: Statement, at: int, other: Statement, least: float) -> int | None:
    """Return where `other` says, without a negation near it, the words that `one` negates at `at`."""
    after = one.keys()[at + 1 : at + 3]
    if not after or one.tokens[at + 1].slot != "word":
        return None
    before = _telling_before(one, at)
    keys = other.keys()
    places = [
        index
        for index, key in enumerate(keys)
        if key == after[0]
        and (
            (len(after) > 1 and keys[index + 1 : index + 2] == after[1:])
            or (before is not None and _telling_before(other, index) == before)
        )
    ]
    if not places or any(_is_denied(other, index) for index in places):
        return None
    best = max(places, key=lambda index: Around.of(one, at, other, index - 1 if index else 0).wide)
    around = overlap(surroundings(one, at, WINDOW), surroundings(other, best, WINDOW))
    return best if around >= least else None


def _telling_before(item: Statement, at: int) -> str | None:
    """Return the last word before `at` that is no mark of tense: `chưa tiếp` denies `đã tiếp`."""
    return next((token.key for token in reversed(item.tokens[:at]) if token.key not in _TENSES), None)


def _is_denied(item: Statement, at: int) -> bool:
    """Return whether a negation reaches the word at `at`."""
    keys = item.keys()
    for index in range(at - 1, max(-1, at - _REACH - 1), -1):
        if item.tokens[index].slot == "negation" or tuple(keys[index : index + 2]) == _INSTEAD:
            return True
        if keys[index] in _BREAKING:
            return False
    return False
