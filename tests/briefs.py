"""A small brief with everything in it, and the same brief with one text in every field."""

import json

from jobs.brief.prompts import load_phrases
from jobs.brief.render import render_all
from jobs.records import Brief

PHRASES = load_phrases()

# Fields that refer, enumerate or count; every other string of a brief comes from outside or from a model.
FIXED = {
    "schema_version", "generated_at", "id", "article", "articles", "unclustered", "near_duplicate_of", "sha256", "date",
    "role", "kind", "precision", "language", "approx",
}  # fmt: skip


def _sentences(identity, *pairs, role="body"):
    found, at = [], 0
    for n, (vi, en, *flags) in enumerate(pairs, 1):
        found.append(
            {
                "n": n,
                "vi": vi,
                "en": en,
                "start": at,
                "end": at + len(vi),
                "role": "title" if n == 1 else role,
                "flags": [{"code": code, "detail": detail} for code, detail in flags],
            }
        )
        at += len(vi) + 1
    return found


def _article(identity, source, date, sentences, **more):
    return {
        "id": identity,
        "path": f"{identity}.txt",
        "sha256": identity[-1] * 64,
        "title_vi": sentences[0]["vi"],
        "title_en": sentences[0]["en"],
        "date": date,
        "source": source,
        "author": None,
        "url": None,
        "language": "vi",
        "chars": 900,
        "near_duplicate_of": None,
        "sentences": sentences,
        "summary": {
            "vi": [{"text": sentences[1]["vi"], "sentences": [2]}],
            "en": [{"text": sentences[1]["en"], "sentences": [2]}],
        },
        **more,
    }


def _cite(*places):
    return [{"article": article, "sentence": n} for article, n in places]


def sample():
    """Return the data of a brief: two events, four articles, one of them a copy, and one outside the events."""
    bridge = _sentences(
        "cau-a",
        ("Khánh thành cầu Bến Vải", "Ben Vai bridge opened"),
        (
            "Cầu dài 1.240 m được khánh thành sáng 3/9.",
            "The 1,240 m bridge was opened on the morning of September 3.",
        ),
        (
            "Ông Lê Quốc Bảo nói cầu rút ngắn 40 phút đi lại.",
            "Le Quoc Bao said the bridge saves travellers 40 minutes.",
            ("figure_missing", "“40 phút” is not in the English"),
        ),
        ("Vốn đầu tư 36 tỷ đồng.", "The investment is about VND36 billion."),
    )
    other = _sentences(
        "cau-b",
        ("Thông xe cầu Bến Vải", "Traffic on Ben Vai bridge"),
        (
            "Cầu Bến Vải dài khoảng 1,2 km thông xe ngày 3/9.",
            "The bridge, about 1.2 km long, opened on September 3.",
        ),
        ("Người dân vui mừng.", "People are glad."),
    )
    copy = _sentences(
        "cau-c",
        ("Thông xe cầu Bến Vải", "Traffic on Ben Vai bridge"),
        (
            "Cầu Bến Vải dài khoảng 1,2 km thông xe ngày 3/9.",
            "The bridge, about 1.2 km long, opened on September 3.",
        ),
    )
    rice = _sentences(
        "lua-d",
        ("Giá lúa tăng", "Rice price rises"),
        ("Giá lúa quý III tăng 4,5%.", "The price of rice rose 4.5% in the third quarter."),
    )
    alone = _sentences(
        "thoi-tiet-e",
        ("Trời nắng", "Sunny"),
        (
            "Ngày mai trời nắng.",
            "It will be sunny tomorrow.",
            ("too_short", "5 words: something is left out"),
        ),
    )
    data = {
        "schema_version": "1.0",
        "run_id": "2026-09-04-abcdef0123",
        "generated_at": "2026-09-04T00:00:00Z",
        "signature": "press-brief 1|model vi-en",
        "articles": [
            _article(
                "cau-a",
                "Báo A",
                "2026-09-03",
                bridge,
                author="Minh An",
                url="https://bao-a.example/cau?x=1&y=(2)",
            ),
            _article("cau-b", "Báo B", "2026-09-04", other),
            _article("cau-c", None, None, copy, near_duplicate_of="cau-b"),
            _article("lua-d", "Báo D", "2026-09-04", rice, url="javascript:alert(1)"),
            _article("thoi-tiet-e", "Báo E", "2026-09-04", alone),
        ],
        "events": [
            {
                "id": "E1",
                "headline_en": "Ben Vai bridge opened",
                "lead_en": "The 1,240 m bridge was opened on the morning of September 3.",
                "lead_sources": _cite(("cau-a", 2), ("cau-b", 2)),
                "lead_flags": [],
                "articles": ["cau-a", "cau-b", "cau-c"],
                "key_points": [
                    {
                        "text_en": "The bridge opened on September 3.",
                        "text_vi": "Cầu khánh thành ngày 3/9.",
                        "sources": _cite(("cau-a", 2), ("cau-b", 2), ("cau-c", 2)),
                        "corroboration": 2,
                    },
                    {
                        "text_en": "The bridge saves 40 minutes.",
                        "text_vi": "Cầu rút ngắn 40 phút.",
                        "sources": _cite(("cau-a", 3)),
                        "corroboration": 1,
                    },
                ],
                "quotes": [
                    {
                        "speaker": "Le Quoc Bao",
                        "role_en": "Chairman of the district",
                        "text_en": "Le Quoc Bao said the bridge saves travellers 40 minutes.",
                        "text_vi": "Ông Lê Quốc Bảo nói cầu rút ngắn 40 phút đi lại.",
                        "direct": False,
                        "sources": _cite(("cau-a", 3)),
                    }
                ],
                "figures": [
                    {
                        "value": "36000000000",
                        "unit": "VND",
                        "approx": "about",
                        "what_en": "The investment is about VND36 billion",
                        "text_en": "The investment is about VND36 billion.",
                        "sources": _cite(("cau-a", 4)),
                    }
                ],
                "timeline": [
                    {
                        "start": "2026-09-03",
                        "end": None,
                        "precision": "day",
                        "text_en": "The bridge opened.",
                        "sources": _cite(("cau-a", 2)),
                    },
                    {
                        "start": "2026-12",
                        "end": None,
                        "precision": "month",
                        "text_en": "Work on the road ends.",
                        "sources": _cite(("cau-b", 3)),
                    },
                ],
                "entities": [
                    {
                        "name_en": "Le Quoc Bao",
                        "variants": ["Lê Quốc Bảo"],
                        "kind": "person",
                        "roles_en": ["Chairman of the district"],
                        "sources": _cite(("cau-a", 3)),
                    }
                ],
                "discrepancies": [
                    {
                        "about_en": "a figure in “the bridge is long”",
                        "kind": "precision",
                        "values": [
                            {
                                "value": "1240 m",
                                "text_vi": "1.240 m",
                                "text_en": "1,240 m",
                                "sources": _cite(("cau-a", 2)),
                            },
                            {
                                "value": "about 1200 m",
                                "text_vi": "khoảng 1,2 km",
                                "text_en": "about 1.2 km",
                                "sources": _cite(("cau-b", 2), ("cau-c", 2)),
                            },
                        ],
                        "preferred": 0,
                        "reason_en": "The preferred value is more exact.",
                    }
                ],
                "single_source": [{"text_en": "People are glad.", "sources": _cite(("cau-b", 3))}],
            },
            {
                "id": "E2",
                "headline_en": "Rice price rises",
                "lead_en": "The price of rice rose 4.5% in the third quarter.",
                "lead_sources": _cite(("lua-d", 2)),
                "lead_flags": [],
                "articles": ["lua-d"],
                "key_points": [],
                "quotes": [],
                "figures": [],
                "timeline": [],
                "entities": [],
                "discrepancies": [],
                "single_source": [],
            },
        ],
        "unclustered": ["thoi-tiet-e"],
        "accounting": {"read": 6, "translated": 5, "duplicate": 1, "skipped": 0, "failed": 0},
    }
    return _with_flags(data)


_LOST = [{"code": "figure_missing", "detail": "“40 phút” is not in the English"}]


def _with_flags(data):
    """Give every statement its flags: none, but for the second key point and the first quote."""
    for article in data["articles"]:
        for items in article["summary"].values():
            for item in items:
                item["flags"] = []
    for event in data["events"]:
        for section in ("key_points", "quotes", "figures", "timeline", "single_source"):
            for item in event[section]:
                item["flags"] = []
    first = data["events"][0]
    first["key_points"][1]["flags"] = first["quotes"][0]["flags"] = _LOST
    return data


def render(data):
    """Return the files of a brief given as data."""
    return render_all(Brief.model_validate(data), PHRASES)


def everywhere(text):
    """Return the sample with `text` in every field that does not refer, enumerate or count."""
    return _filled(text, sample(), "")


def _filled(text, data, key):
    if isinstance(data, dict):
        return {name: _filled(text, value, name) for name, value in data.items()}
    if isinstance(data, list):
        return [_filled(text, item, key) for item in data]
    if data is None and key in {"author", "url", "source"}:
        return text
    return text if isinstance(data, str) and key not in FIXED else data


def strings(data):
    """Yield every (field, string) of a brief."""
    if isinstance(data, dict):
        for key, value in data.items():
            if isinstance(value, str):
                yield key, value
            else:
                yield from ((key if name == "" else name, text) for name, text in strings(value))
    elif isinstance(data, list):
        for item in data:
            if isinstance(item, str):
                yield "", item
            else:
                yield from strings(item)


def main():
    """Write the hash of every file of the sample, for the test that runs this in other surroundings."""
    import hashlib

    files = render(sample())
    print(json.dumps({name: hashlib.sha256(files[name]).hexdigest() for name in files}))


if __name__ == "__main__":
    main()
