"""English surface: a raw hypothesis in, a sentence fit to print out. Spacing, capitals, stops, stutters.

Only the form changes: no figure, name or word is added. Stutters, a known fault of small models, are
collapsed where a run of words repeats itself at once.
"""

from __future__ import annotations

import re

_SPACE_BEFORE = re.compile(r"\s+([,.;:!?%)\]])")
_SPACE_AFTER_OPEN = re.compile(r"([(\[])\s+")
_GAP_AFTER_COMMA = re.compile(r"([,;])(?=[A-Za-z])")
_DOUBLE_MARK = re.compile(r"([,;:])(?:\s*[,;:])+|\.\.(?!\.)(?<!\.\.\.)")
_SPACES = re.compile(r"\s+")
_HYPHEN_STUTTER = re.compile(r"\b(\w{2,})(?:-\1\b)+", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(a|an|the|of|to|in|and|for)(?: \1\b)+", re.IGNORECASE)
_ORDINAL_STUTTER = re.compile(r"\b(\d+)(st|nd|rd|th)(?:st|nd|rd|th)+\b")
_YEAR_STUTTER = re.compile(r"(,? (?:19|20)\d\d)(?:\1\b)+")
_WORD_STUTTER = re.compile(r"\b([^\W\d_]{4,}) \1\b")
_TOKEN = re.compile(r"\S+")
_ENDING = re.compile(r"""[.!?…]["')\]]*$""")
_LONGEST_STUTTER = 8  # words in the repeated run


def tidy(text: str, *, source: str) -> str:
    """Return `text` as an English sentence: spacing, first capital, final mark like that of `source`."""
    text = _SPACES.sub(" ", text).strip()
    text = _SPACE_AFTER_OPEN.sub(r"\1", _SPACE_BEFORE.sub(r"\1", text))
    text = _DOUBLE_MARK.sub(lambda match: match[1] or ".", text)
    text = _GAP_AFTER_COMMA.sub(r"\1 ", text)
    text = collapse_stutter(text)
    text = _capitalise(text)
    return _finish(text, source)


def collapse_stutter(text: str) -> str:
    """Return `text` with immediate repetitions ("the year the year", "year-year") said once.

    Runs of one word are collapsed when said three times or when the word is a function word; longer runs
    when said twice. Figures are left alone: "10 10" may be meant.
    """
    text = _ARTICLE.sub(r"\1", _HYPHEN_STUTTER.sub(r"\1", text))
    text = _YEAR_STUTTER.sub(r"\1", _ORDINAL_STUTTER.sub(r"\1\2", text))
    text = _WORD_STUTTER.sub(r"\1", text)
    words = _TOKEN.findall(text)
    out: list[str] = []
    index = 0
    while index < len(words):
        for size in range(_LONGEST_STUTTER, 0, -1):
            run = _plain(words[index : index + size])
            if len(run) < size or any(any(char.isdigit() for char in word) for word in run):
                continue
            times = 1
            while _plain(words[index + times * size : index + (times + 1) * size]) == run:
                times += 1
            if times >= (3 if size == 1 else 2):
                # The last copy is kept: it carries the punctuation that follows.
                index += (times - 1) * size
                break
        out.append(words[index])
        index += 1
    return " ".join(out)


def _plain(words: list[str]) -> list[str]:
    return [word.strip(".,;:!?\"'()").lower() for word in words]


def _capitalise(text: str) -> str:
    for index, char in enumerate(text):
        if char.isalpha():
            nxt = text[index + 1 : index + 2]
            # "e-commerce" at the start becomes "E-commerce"; "iPhone" and "eBay" stay.
            return text if nxt.isupper() else text[:index] + char.upper() + text[index + 1 :]
        if char.isdigit():
            return text
    return text


def _finish(text: str, source: str) -> str:
    ending = source.rstrip().rstrip("\"'”’»)]")[-1:]
    if not text or _ENDING.search(text) or ending not in ".!?…":
        return text
    mark = ending if ending in "!?" else "."
    text = text.rstrip(",;: ")
    return text + mark
