"""Made-up words are told from English ones."""

from __future__ import annotations

import pytest

from jobs.english.lexicon import is_word, made_up
from jobs.translate.checks import check_pair
from jobs.translate.express import understand
from jobs.translate.glossary import load_glossary


@pytest.mark.parametrize(
    "word",
    [
        "ministers", "cybersecurity", "telecommunications", "reopening", "unprecedented", "stopped", "organisation",
        "modernising", "labour", "peatlands", "crewmembers", "nanoseconds", "mythological", "implausibly",
        "happily", "gravesites", "mountaintop", "overbooked", "happier", "responsibilities",
    ],
)  # fmt: skip
def test_english(word):
    assert is_word(word)


@pytest.mark.parametrize(
    "word",
    [
        "harmonony",
        "transliminated",
        "specificizing",
        "collimperations",
        "subserture",
        "surducated",
        "grockly",
        "syncheld",
        "sunlightlight",
        "landburn",
        "peacedoing",
        "intonones",
    ],
)
def test_made_up(word):
    assert not is_word(word)


def test_names_and_words_of_the_source_are_no_concern():
    assert made_up("Mr. Zhvanetsky ate banhmixao in Xaxixon.", "Ông ăn banhmixao.") == []
    assert made_up("The República paper.", "Báo.") == []
    assert made_up("He ate banhmixao.", "Ông ăn cơm.") == ["banhmixao"]
    assert made_up("The Secretariattt met under Article XIII.", "Ban Thư ký họp.") == ["Secretariattt"]


def test_the_check_says_which_word():
    vi = "Hai nước tăng cường hợp tác về giáo dục."
    understood = understand(vi, load_glossary())
    (flag,) = check_pair(vi, "The two countries step up harmonony in education.", understood)
    assert (flag.code, flag.detail) == ("made_up", "no English word: harmonony")


def test_every_word_of_the_term_base_is_english():
    entries = load_glossary().entries.values()
    words = {word for entry in entries for text in (entry.en, *entry.accept) for word in text.split()}
    assert made_up(" ".join(sorted(words)), "") == []
