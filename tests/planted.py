"""Makes article pairs that contradict each other in one planted place: figure, date, place, name, title, negation.

The pairs are those of tests/data/events/rewrites.toml: two tellings of one event that agree on everything. A case
alters one word of the second telling; its rival is either the first telling or the unaltered second one, of which
the altered article is then a near copy.
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from jobs.evaluate.clustering import article_from_text

PAIRS = Path(__file__).resolve().parent / "data" / "events" / "rewrites.toml"
PLACES = ("Hải Phòng", "Lâm Đồng", "Thái Lan")
NAMES = ("Lâm Quốc Bảo", "Đặng Thu Hiền")
TITLES = {
    "Chủ tịch UBND": "Phó Chủ tịch UBND",
    "Phó Thủ tướng": "Thủ tướng",
    "Thượng tá": "Đại tá",
    "Giám đốc Sở": "Phó Giám đốc Sở",
    "Trưởng ban": "Phó Trưởng ban",
    "Thứ trưởng": "Bộ trưởng",
    "huấn luyện viên": "trưởng đoàn",
    "Bộ trưởng": "Thứ trưởng",
    "Viện trưởng": "Phó Viện trưởng",
    "Giám đốc bảo tàng": "Phó Giám đốc bảo tàng",
}
SLOTS = {
    "figure": {"figure"},
    "date": {"date"},
    "place": {"place", "person"},
    "name": {"person"},
    "title": {"title"},
    "negation": {"negation"},
}


@dataclass(frozen=True)
class Case:
    """One planted contradiction: its kind, the two articles, the words that were put in."""

    id: str
    kind: str
    articles: tuple
    old: str
    new: str


def load_pairs():
    """Return the pairs as the file has them."""
    return tomllib.loads(PAIRS.read_text(encoding="utf-8"))["pair"]


def article(pair, side, text=None):
    """Return one telling of `pair` as an article."""
    return article_from_text(
        f"{pair['id']}-{side}",
        text or pair[f"text_{side[0]}"],
        title=pair[f"title_{side[0]}"],
        date=pair["date"],
    )


def altered(kind, words):
    """Return what `words` may be replaced by."""
    if kind == "figure":
        found = re.search(r"\d[\d.,]*\d|\d", words)[0]
        places = [index for index, char in enumerate(found) if char.isdigit() and char != "0"]
        results = []
        for step, place in ((3, places[0]), (4, places[-1])):
            digit = (int(found[place]) + step - 1) % 9 + 1
            results.append(words.replace(found, f"{found[:place]}{digit}{found[place + 1 :]}"))
        return list(dict.fromkeys(results))
    if kind == "date":
        day = int(re.match(r"\d+", words)[0])
        return [
            re.sub(r"^\d+", str(other), words) for other in (day - 1 if day > 1 else day + 2, day % 27 + 3)
        ]
    if kind == "place":
        head = re.match(r"(?:tỉnh|đến)\s", words)
        return [f"{head[0] if head else ''}{place}" for place in PLACES[:2]]
    if kind == "name":
        return list(NAMES)
    if kind == "title":
        return [TITLES[words]]
    assert kind == "negation"
    return [re.sub(r"^(?:không|chưa)\s", "", words)]


def plant():
    """Return all cases, in a fixed order."""
    cases = []
    for pair in load_pairs():
        for kind, places in pair["plant"].items():
            for words in places:
                for new in altered(kind, words):
                    text = pair["text_b"].replace(words, new)
                    assert text != pair["text_b"], (pair["id"], words)
                    wrong = article(pair, "b-altered", text)
                    for rival in ("a", "b"):
                        name = f"{pair['id']}:{kind}:{words}->{new}:{rival}"
                        cases.append(Case(name, kind, (article(pair, rival), wrong), words, new))
    return cases


def differences(articles):
    """Return what the job finds between `articles`, taken as one event."""
    from jobs.reconcile.claims import group_claims
    from jobs.reconcile.copies import find_copies
    from jobs.reconcile.discrepancies import find_differences

    copies = find_copies(articles)
    claims = group_claims(articles, copies=copies, speakers={}, doubt={})
    return find_differences(claims, copies=copies, dates={item.id: item.date for item in articles})


def is_found(case, found):
    """Return whether `found` holds the planted conflict: right kind and slot, both sources, the altered words."""
    wanted = {item.id for item in case.articles}
    core = re.sub(r"^(?:tỉnh|đến)\s", "", case.new)
    core = re.search(r"\d[\d.,/]*", core)[0].rstrip(".,") if case.kind in ("figure", "date") else core
    for difference in found:
        sources = {place[0] for value in difference.values for place in value.sources}
        if difference.kind != "conflict" or difference.slot not in SLOTS[case.kind] or sources != wanted:
            continue
        shown = [value.text_vi.lower() for value in difference.values]
        if case.kind == "negation" or any(core.lower() in text or text in core.lower() for text in shown):
            return True
    return False
