"""English surface: a raw hypothesis in, a sentence fit to print out. Spacing, quotes, capitals, stops, stutters.

Only the form changes: no figure, name or word is added (`a` may become `an`, `2th` the `2nd`). Stutters, a known
fault of small models, are collapsed where a run of words repeats itself at once. A source without a final stop is
a headline: its English has none either. `surface.toml` holds the words; applied twice, nothing changes further.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jobs.english.quoting import mend_quotes, straighten

_SPACE_BEFORE = re.compile(r"\s+([,.;:!?%)\]](?!\d))|\s+(%)")
_SPACE_AFTER_OPEN = re.compile(r"([(\[])\s+")
_BEFORE_OPEN = re.compile(r"(?<=[a-z]{2})\((?=[A-Za-z]{2})")
_GAP_AFTER_COMMA = re.compile(r"([,;])(?=[A-Za-z])")
_DOUBLE_MARK = re.compile(r"([,;:])(?:\s*[,;:])+|(?<!\.)\.\s?\.(?!\s?\.)")
_STRONGER = re.compile(r"[,;:]+(?=[.!?](?!\d|\.))|(?<=[!?])\.")
_SPACES = re.compile(r"\s+")
# "Gill - Envoy on Technology- said": the second dash of a pair; "pre- and post-war" has no first.
_SECOND_DASH = re.compile(r"(?<= - )((?:(?! - ).){3,160}?[a-z])- (?=[a-z])(?!and |or |to )")
_CLITIC = re.compile(r"(?<=\w) (?='(?:s|re|ve|ll|d|m)\b)|(?<=\w) (?=n't\b)")
_PERCENT = re.compile(r"(?<![\d.,])(\d{1,3}),(\d{1,2})(?=%)")
_MONEY = re.compile(r"(?<![\w.])(\$|€|£|USD|VND|EUR) (?=\d)")
_ORDINAL = re.compile(r"\b(\d+)(?:[ -]?)(st|nd|rd|th)\b(?!\.\w)")
_HYPHEN_STUTTER = re.compile(r"\b([^\W\d_]{2,})(?:-\1\b)+", re.IGNORECASE)
_ORDINAL_STUTTER = re.compile(r"\b(\d+)(st|nd|rd|th)(?:st|nd|rd|th)+\b")
_YEAR_STUTTER = re.compile(r"(,? (?:19|20)\d\d)(?:\1\b)+")
_WORD_STUTTER = re.compile(r"\b(?!(?:that|had)\b)([^\W\d_]{4,}|[^\W\d_]+(?:-[^\W\d_]+)+)(?: \1\b)+")
_ENDING = re.compile(r"""[.!?…]["')\]]*$""")
_ARTICLE = re.compile(r"(?<![\w.'’-])(a|an|A|An) (?=([A-Za-z]{2,}))")
# An ordinal before an acronym or a name of at least two words; streets, floors and days go without an article.
_NUMBERED = re.compile(
    r"(?<![\w.,'’-])\d{1,3}(?:st|nd|rd|th) (?=[A-Z][\w'’&-]* (?:(?:of|and|for|on) )?[A-Z]|[A-Z]{3,}\b)"
    r"(?!(?:[A-Z]\w+ )?(?:Street|Avenue|Road|Floor)\b)"
)
_DETERMINERS = frozenset(
    [
        "the",
        "a",
        "an",
        "this",
        "that",
        "its",
        "their",
        "our",
        "his",
        "her",
        "each",
        "every",
        "no",
        "any",
        "another",
    ]
)
_NEW_SENTENCE = re.compile(r"((?<!\S)\S{0,40}[a-z]{2}[.?]) ([a-z])(?=[a-z]{0,40} )")
_VIETNAMESE = re.compile(r"[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]", re.IGNORECASE)
_MOST_PASSES = 8  # one change may lay another open; sentences need two, random marks up to six
_LONGEST_STUTTER = 8  # words in the repeated run


@cache
def _words() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).resolve().parent / "surface.toml").read_text(encoding="utf-8"))


def tidy(text: str, *, source: str) -> str:
    """Return `text` as an English sentence: spacing, capitals, quotes, final mark like that of `source`."""
    for _ in range(_MOST_PASSES):
        before, text = text, _pass(text, source)
        if text == before:
            break
    return text


def _pass(text: str, source: str) -> str:
    text = _SPACES.sub(" ", straighten(text)).strip()
    text = _space(text)
    text = collapse_stutter(text)
    text = _figures(text)
    text = _one_spelling(text)
    text = _articles(text)
    text = mend_quotes(text, source)
    if _ending(source) not in ".!?…" or not source.strip():
        text = _lower_headline(text)
    text = _capitals(text)
    text = _capitalise(text)
    return _finish(text, source)


def _space(text: str) -> str:
    text = _SECOND_DASH.sub(r"\1 - ", text)
    text = _SPACE_BEFORE.sub(lambda match: match[1] or match[2], text)
    text = _BEFORE_OPEN.sub(" (", _SPACE_AFTER_OPEN.sub(r"\1", text))
    text = _DOUBLE_MARK.sub(lambda match: match[1] or ".", text)
    text = _STRONGER.sub("", text)
    return _CLITIC.sub("", _GAP_AFTER_COMMA.sub(r"\1 ", text))


def _figures(text: str) -> str:
    text = _MONEY.sub(r"\1", _PERCENT.sub(r"\1.\2", text))
    return _ORDINAL.sub(lambda match: match[1] + ordinal_ending(int(match[1])), text)


def ordinal_ending(number: int) -> str:
    """Return the ending of an English ordinal: 1 "st", 12 "th", 22 "nd"."""
    if number % 100 in {11, 12, 13}:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


@cache
def _spelling_pattern() -> re.Pattern[str]:
    forms = sorted(_words()["spellings"], key=lambda form: (-len(form), form))
    kept = "|".join(_words()["not_respelt"]["before"])
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, forms))})\b(?! (?:{kept})\b)")


def _one_spelling(text: str) -> str:
    return _spelling_pattern().sub(lambda match: _words()["spellings"][match[0]], text)


@cache
def _sounds() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str], frozenset[str]]:
    table = _words()["articles"]
    return (
        re.compile("|".join(table["consonant"]), re.IGNORECASE),
        re.compile("|".join(table["silent"]), re.IGNORECASE),
        dict.fromkeys(table["acronyms"], "an") | dict.fromkeys(table["acronyms_like_you"], "a"),
        frozenset(table["not_after"]),
    )


def with_articles(text: str) -> str:
    """Return a sentence with `the` before each numbered meeting or body that lacks it: "hosts 6th ASEAN Summit"."""

    def determined(match: re.Match[str]) -> str:
        words = text[: match.start()].split()
        before = words[-1].strip("\"'(“") if words else ""
        if not words or before.endswith((".", "?", "!", ":")):
            return f"The {match[0]}"
        # After a capital or a figure that no comma parts from it, it belongs to a longer name.
        joined = not before.endswith(",") and not before[:1].islower()
        if joined or before.lower() in _DETERMINERS or before.endswith(("'s", "s'")):
            return match[0]
        return f"the {match[0]}"

    return _NUMBERED.sub(determined, text)


def _articles(text: str) -> str:
    if _VIETNAMESE.search(text):
        return text  # "an ninh" left over
    consonant, silent, acronyms, letters = _sounds()

    def right(match: re.Match[str]) -> str:
        article, word = match[1], match[2]
        if word in letters or (article[0] == "A" and match.start() > 0):
            return match[0]
        if word in acronyms:
            wanted = acronyms[word]
        elif word.isupper() or any(char.isupper() for char in word[1:]):
            return match[0]  # how an unknown acronym is read is not certain
        elif word[0] in "aeiouAEIOU":
            wanted = "a" if consonant.match(word) else "an"
        elif silent.match(word):
            wanted = "an"
        elif word[0] in "hH":
            return match[0]
        else:
            wanted = "a"
        return (wanted.capitalize() if article[0] == "A" else wanted) + " "

    return _ARTICLE.sub(right, text)


@cache
def _doubled() -> re.Pattern[str]:
    words = "|".join(_words()["doubled"]["words"])
    return re.compile(rf"\b(?i:({words})(?: \1\b)+)")


def collapse_stutter(text: str) -> str:
    """Return `text` with immediate repetitions ("the year the year", "year-year") said once.

    Runs of one word are collapsed when said three times or when the word is a function word; longer runs
    when said twice. Figures are left alone: "10 10" may be meant.
    """
    text = _doubled().sub(r"\1", _HYPHEN_STUTTER.sub(_once, text))
    text = _YEAR_STUTTER.sub(r"\1", _ORDINAL_STUTTER.sub(r"\1\2", text))
    text = _WORD_STUTTER.sub(r"\1", text)
    words = text.split()
    plain = [word.strip(".,;:!?\"'()").lower() for word in words]
    out: list[str] = []
    index = 0
    while index < len(words):
        again = plain[index] in plain[index + 1 : index + 1 + _LONGEST_STUTTER]
        for size in range(_LONGEST_STUTTER if again else 0, 0, -1):
            if plain[index : index + 1] != plain[index + size : index + size + 1]:
                continue
            run = plain[index : index + size]
            if not all(run) or any(char.isdigit() for word in run for char in word):
                continue
            times = 1
            while plain[index + times * size : index + (times + 1) * size] == run:
                times += 1
            if times >= (3 if size == 1 else 2):
                # The last copy is kept: it carries the punctuation that follows.
                index += (times - 1) * size
                break
        out.append(words[index])
        index += 1
    return " ".join(out)


def _once(match: re.Match[str]) -> str:
    # "Baden-Baden" is a name, "win-win" a word; a stutter goes on, or is in lower case.
    said = match[0].lower().count(match[1].lower())
    meant = match[0].lower() in _words()["doubled"]["hyphened"] or not match[0][1:].islower()
    return match[0] if meant and said == 2 else match[1]


def _lower_headline(text: str) -> str:
    """Return a headline in title case with the words that are surely no names in lower case."""
    words = text.split(" ")
    capitals = sum(word[:1].isupper() or not word[:1].isalpha() for word in words)
    if len(words) < 5 or capitals < 0.8 * len(words):
        return text
    table = _words()["headline"]
    common, kept = set(table["words"]), set(table["keep_before"])
    out = words[:1]
    for before, word, after in zip(words[:-1], words[1:], [*words[2:], ""], strict=True):
        name = after.strip(".,:;") in kept or before.endswith((".", ":", "?", "!"))
        out.append(word.lower() if word.rstrip(".,:;") in common and not name else word)
    return " ".join(out)


@cache
def _capital_patterns() -> tuple[re.Pattern[str], dict[str, str], re.Pattern[str]]:
    table = _words()
    words = {word.lower(): word for word in table["capitals"]["words"]}
    titles = "|".join(sorted(map(re.escape, table["titles"]["words"]), key=lambda item: (-len(item), item)))
    excluded = "|".join(table["titles"]["not_names"])
    return (
        re.compile(rf"(?<![\w./@-])(?:{'|'.join(sorted(words))})(?![\w@]|[.-]\w)"),
        words,
        re.compile(rf"\b({titles})(?= (?!(?:{excluded})\b)[A-Z][a-z]+)"),
    )


def _capitals(text: str) -> str:
    pattern, words, titles = _capital_patterns()
    text = pattern.sub(lambda match: words[match[0]], text)
    text = titles.sub(lambda match: re.sub(r"\b[a-z]", lambda letter: letter[0].upper(), match[1]), text)
    known = set(_words()["abbreviations"]["words"])

    def begin(match: re.Match[str]) -> str:
        last = match[1].lstrip("\"'(")
        ended = len(last) > 3 and last not in known and not re.search(r"\.\w+\.$", last)
        return f"{match[1]} {match[2].upper()}" if ended else match[0]

    return _NEW_SENTENCE.sub(begin, text)


def _capitalise(text: str) -> str:
    for index, char in enumerate(text):
        if char.isalpha():
            nxt = text[index + 1 : index + 2]
            # "e-commerce" at the start becomes "E-commerce"; "iPhone" and "eBay" stay.
            return text if nxt.isupper() else text[:index] + char.upper() + text[index + 1 :]
        if char.isdigit():
            return text
    return text


def _ending(source: str) -> str:
    return source.rstrip().rstrip("\"'”’»)]")[-1:]


def _finish(text: str, source: str) -> str:
    ending = _ending(source)
    if not text:
        return text
    if ending and ending in ".!?…":
        if not _ENDING.search(text):
            return text.rstrip(",;: ") + (ending if ending in "!?" else ".")
        return (
            re.sub(r"\.(?=[\"')\]]*$)", ending, text) if ending in "!?" and not text.endswith("..") else text
        )
    last = text.rsplit(" ", maxsplit=1)[-1]
    if not text.endswith(".") or text.endswith("..") or not source.strip() or _abbreviated(last):
        return text
    return text[:-1] + (ending if ending in {":", ";"} else "")


def _abbreviated(word: str) -> bool:
    return word in _words()["abbreviations"]["words"] or re.search(r"(?:^|\.)\w\.$", word) is not None
