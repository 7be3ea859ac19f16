"""Planted errors: right pairs in, the same pairs with one known error each out.

Every error is made from what the pair itself says, so that the generator needs no list of its own: a figure of the
English is dropped or changed, a day moved, a magnitude or a unit exchanged, a name swapped or dropped, a number
invented, a negation taken away. An error is planted only where it changes what the English says.
"""

import random
import re
from typing import NamedTuple

from jobs.english import figures
from jobs.vietnamese.names import names

_NEGATION = re.compile(
    r"\b(?:(did|do|does|could|must|should|will|has|have|is|are|was|were|can|would|may|had) not(?: yet)?|cannot|not yet|no longer|no|none|not|never|without)\b",  # noqa: E501 - one pattern
    re.IGNORECASE,
)
_NO_NEGATION = re.compile(r"\bwhether or not\b|\bno matter\b", re.IGNORECASE)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SCALES = {"million": "billion", "billion": "million", "trillion": "billion"}
_UNITS = {
    "km/h": "m/s", "km": "miles", "m": "km", "hectares": "km2", "tonnes": "kg", "MW": "kW", "USD": "VND", "VND": "USD",
    "SGD": "EUR", "KRW": "JPY", "years": "months", "months": "years", "hours": "days", "days": "weeks",
    "nautical miles": "km",
}  # fmt: skip
OTHERS = ("Tran Quoc Bao", "Ly Thi Mai", "Peter Novak", "Dao Huu Phuc")


class Planted(NamedTuple):
    """A pair with an error; `kind` says which."""

    kind: str
    vi: str
    en: str
    was: str


def planted(vi, en, seed=0):
    """Return every error that can be planted into the right pair (`vi`, `en`)."""
    chance = random.Random(f"{seed}{vi}")
    made = [*_figures(vi, en, chance), *_names(vi, en, chance), *_negations(vi, en), *_units(vi, en)]
    made.append(
        Planted("invented_number", vi, _insert(en, f"some {chance.randrange(2210, 9900)} people", chance), "")
    )
    return [item for item in made if item.en != en]


def _insert(en, words, chance):
    """Put `words` between two words of the sentence."""
    gaps = [match.start() for match in re.finditer(r"(?<=[a-z]) (?=[a-z])", en)]
    place = chance.choice(gaps) if gaps else 0
    return f"{en[:place]}, {words},{en[place:]}"


def _swap(en, mention, text):
    return en[: mention.start] + text + en[mention.end :]


def _figures(vi, en, chance):
    found = figures(en)
    for mention in found:
        if not re.search(r"\d", mention.text):
            continue
        rest = _swap(en, mention, "")
        if (
            mention.value not in {item.value for item in found if item is not mention}
            and mention.unit != "code"
        ):
            yield Planted("dropped_figure", vi, " ".join(rest.split()), mention.text)
        if mention.kind == "date":
            yield from _dates(vi, en, mention, chance)
        else:
            yield Planted(
                "altered_figure", vi, _swap(en, mention, _other_digits(mention.text, chance)), mention.text
            )


def _other_digits(text, chance):
    """Change the leading digit run by one digit, or drop one."""
    digits = [match.start() for match in re.finditer(r"\d", text)]
    place = chance.choice(digits)
    other = chance.choice([digit for digit in "123456789" if digit != text[place]])
    return text[:place] + other + text[place + 1 :]


def _dates(vi, en, mention, chance):
    text = mention.text
    if match := re.search(rf"({'|'.join(_MONTHS)}) (\d{{1,2}})\b", text):
        day = int(match[2])
        other = chance.choice([n for n in range(1, 28) if abs(n - day) > 4])
        yield Planted("changed_date", vi, _swap(en, mention, text.replace(match[2], str(other), 1)), text)
        month = chance.choice([name for name in _MONTHS if name != match[1] and name != "May"])
        yield Planted("changed_date", vi, _swap(en, mention, text.replace(match[1], month, 1)), text)
    elif match := re.search(r"\b(19|20)\d\d\b", text):
        yield Planted(
            "changed_date", vi, _swap(en, mention, text.replace(match[0], str(int(match[0]) - 3))), text
        )


def _units(vi, en):
    for mention in figures(en):
        for table, kind in ((_SCALES, "changed_magnitude"), (_UNITS, "changed_unit")):
            for word, other in table.items():
                if mention.kind in {"money", "measure", "duration", "number"} and re.search(
                    rf"(?<![a-z]){word}\b|^{word}(?=\d)", mention.text
                ):
                    changed = re.sub(rf"(?<![a-z]){word}\b|^{word}(?=\d)", other, mention.text, count=1)
                    yield Planted(kind, vi, _swap(en, mention, changed), mention.text)
                    break


def _names(vi, en, chance):
    for mention in names(vi):
        name = mention.english
        if not name or name not in en or " " not in name:
            continue
        yield Planted("swapped_name", vi, en.replace(name, chance.choice(OTHERS)), name)
        yield Planted("dropped_name", vi, " ".join(en.replace(name, "he").split()), name)


def _negations(vi, en):
    if not re.search(r"\b(?:không|chưa|đừng)\b", vi, re.IGNORECASE):
        return
    # "Whether or not" and "no matter" negate nothing.
    found = [
        item
        for item in _NEGATION.finditer(en)
        if not _NO_NEGATION.search(en, item.start() - 11, item.end() + 7)
    ]
    if len(found) == 1:
        match = found[0]
        kept = match[1] or (
            "can" if match[0].lower() == "cannot" else "some" if match[0].lower() in {"no", "none"} else ""
        )
        text = f"{en[: match.start()]}{kept}{en[match.end() :]}"
        yield Planted("lost_negation", vi, " ".join(text.split()), match[0])
