"""The main job on the sample articles, with the real model: what an editor must be able to rely on."""

from __future__ import annotations

import json
import re
from itertools import combinations

import pytest

from jobs.brief.phrasing import without_speaker
from jobs.reconcile.vectors import cosine, terms, tfidf
from tests.conftest import ROOT

MEETING = {"khai-mac-adgmin-6", "thu-tuong-ket-noi-tri-tue", "tong-thu-ky-asean-tra-loi"}


@pytest.fixture(scope="module")
def folder(press_brief, shared_cache, tmp_path_factory):
    outputs = tmp_path_factory.mktemp("outputs")
    done = press_brief(
        "run", "--seeds", ROOT / "seeds", "--outputs", outputs, env={"XDG_CACHE_HOME": str(shared_cache)}
    )
    assert done.returncode == 0, done.stderr
    return outputs / "latest"


@pytest.fixture(scope="module")
def brief(folder):
    return json.loads((folder / "brief.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sentences(brief):
    return {(a["id"], s["n"]): s for a in brief["articles"] for s in a["sentences"]}


def statements(event):
    """Every printed statement of an event with its sources."""
    yield "lead", event["lead_en"], event["lead_sources"]
    for section in ("key_points", "quotes", "figures", "timeline", "single_source"):
        for item in event[section]:
            yield section, item["text_en"], item["sources"]


def places(sources):
    return [(item["article"], item["sentence"]) for item in sources]


def test_two_events_and_every_input_accounted_for(brief):
    assert brief["accounting"] == {"read": 7, "translated": 7, "duplicate": 0, "skipped": 0, "failed": 0}
    assert sorted(len(event["articles"]) for event in brief["events"]) == [2, 5]
    meeting = max(brief["events"], key=lambda event: len(event["articles"]))
    assert set(meeting["articles"]) >= MEETING
    assert brief["unclustered"] == []


def test_every_statement_cites_text_of_its_articles(brief, sentences):
    for event in brief["events"]:
        for section, text, sources in statements(event):
            assert places(sources), (section, text)
            for place in places(sources):
                assert place[0] in event["articles"]
                assert sentences[place]["role"] in {"title", "lead", "body"}, (section, text)


def test_figures_stand_in_a_cited_sentence(brief, sentences):
    """Read without the job's own grammars: every percentage and every small number of a statement."""
    for event in brief["events"]:
        for section, text, sources in statements(event):
            cited = " ".join(sentences[place]["vi"] for place in places(sources))
            plain = re.sub(r"(?<=\d)\.(?=\d{3}\b)", "", cited).replace(",", ".")
            digits = set(re.findall(r"\d+(?:\.\d+)?", plain))
            for number in re.findall(r"(?<![\d.,A-Z])\d+(?:\.\d+)?(?=%)", text):
                assert number in digits, (section, text, cited)
            # A year stands as it is, or is that of the article's date (12/1 is "January 12" in it).
            for year in re.findall(r"\b20\d\d\b", text):
                assert year in digits, (section, text, cited)


def test_a_statement_carries_the_flags_of_the_english_that_is_printed(brief, sentences):
    whole = 0
    for event in brief["events"]:
        for section in ("key_points", "figures", "single_source"):
            for item in event[section]:
                cited = [sentences[place] for place in places(item["sources"])]
                for sentence in cited:
                    if sentence["en"] == item["text_en"]:
                        whole += 1
                        assert item["flags"] == sentence["flags"]
    assert whole


def test_nothing_is_said_twice(brief):
    for event in brief["events"]:
        told = [text for section, text, _ in statements(event) if section not in ("figures", "timeline")]
        assert len(told) == len(set(told))
        vectors = tfidf([terms(text) for text in told])
        for (one, left), (other, right) in combinations(zip(told, vectors, strict=True), 2):
            assert cosine(left, right) < 0.8, (one, other)


def test_length(brief):
    for event in brief["events"]:
        told = [text for section, text, _ in statements(event) if section != "figures"]
        told += [figure["what_en"] for figure in event["figures"]]
        assert 100 <= sum(len(text.split()) for text in told) <= 500


def test_no_section_holds_more_than_its_limit(press_brief, shared_cache, tmp_path):
    """Also where one claim alone holds more figures or dates than that."""
    limits = {"max_figures": 1, "max_timeline": 1, "max_single_source": 1}
    (tmp_path / "config.yaml").write_text(json.dumps({"brief": limits}), encoding="utf-8")
    done = press_brief(
        "run", "--config", tmp_path / "config.yaml", "--seeds", ROOT / "seeds", "--outputs", tmp_path / "out",
        env={"XDG_CACHE_HOME": str(shared_cache)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    brief = json.loads((tmp_path / "out" / "latest" / "brief.json").read_text(encoding="utf-8"))
    for event in brief["events"]:
        assert [len(event[name]) for name in ("figures", "timeline", "single_source")] == [1, 1, 1]


def test_quotations_and_lines_of_the_timeline_end_like_sentences(brief):
    for event in brief["events"]:
        quoted = [item["text_en"].removesuffix('"') for item in event["quotes"] if item["direct"]]
        for text in quoted + [item["text_en"] for item in event["timeline"]]:
            assert text[-1] in ".!?…", text


def test_planted_differences_are_shown(brief):
    meeting = max(brief["events"], key=lambda event: len(event["articles"]))
    found = {
        (item["kind"], frozenset(v["value"] for v in item["values"])) for item in meeting["discrepancies"]
    }
    kinds = {values: kind for kind, values in found}
    assert kinds.get(frozenset({"4", "5"})) == "conflict"
    assert any(kind == "wording" for kind in kinds.values())
    for item in meeting["discrepancies"]:
        # The series on 12-16, the senior officials on 12-14 and the opening on 15 January are all right.
        assert not (item["kind"] == "conflict" and any("2026-01" in v["value"] for v in item["values"]))
        assert len({source["article"] for v in item["values"] for source in v["sources"]}) >= 2
    railway = min(brief["events"], key=lambda event: len(event["articles"]))
    assert any(
        item["kind"] == "conflict" and {v["value"] for v in item["values"]} == {"11", "12"}
        for item in railway["discrepancies"]
    )


def test_differing_precision_shows_the_words_that_differ(brief):
    shown = [
        {(value["text_vi"], value["text_en"]) for value in item["values"]}
        for event in brief["events"]
        for item in event["discrepancies"]
        if item["kind"] == "precision"
    ]
    assert {("350", "350"), ("hơn 300", "over 300")} in shown
    assert all(len({english for _, english in values}) > 1 for values in shown)


def test_dates_and_titles_recovered(brief):
    dates = {article["id"]: article["date"] for article in brief["articles"]}
    assert dates["khai-mac-adgmin-6"] == "2026-01-15"
    assert dates["20260114-quan-chuc-cao-cap"] == "2026-01-14"
    assert dates["tong-thu-ky-asean-tra-loi"] == "2026-01-16"


def test_speakers(brief):
    meeting = max(brief["events"], key=lambda event: len(event["articles"]))
    roles = {quote["speaker"]: quote["role_en"] for quote in meeting["quotes"]}
    assert {"Kao Kim Hourn", "Pham Minh Chinh"} <= set(roles)
    assert roles["Kao Kim Hourn"] == "ASEAN Secretary-General"
    assert roles["Pham Minh Chinh"] == "Prime Minister"


def test_both_summaries_cite_the_same_sentences(brief):
    for article in brief["articles"]:
        vi, en = article["summary"]["vi"], article["summary"]["en"]
        assert vi
        assert [item["sentences"] for item in vi] == [item["sentences"] for item in en]
        roles = {s["n"]: s["role"] for s in article["sentences"]}
        assert all(roles[n] in {"lead", "body"} for item in vi for n in item["sentences"])


def test_a_second_run_does_nothing(folder, press_brief, shared_cache):
    before = (folder / "run.json").stat().st_mtime_ns
    done = press_brief(
        "run",
        "--seeds",
        ROOT / "seeds",
        "--outputs",
        folder.parent,
        env={"XDG_CACHE_HOME": str(shared_cache)},
    )
    assert done.returncode == 0
    assert "nothing has changed" in done.stderr
    assert (folder / "run.json").stat().st_mtime_ns == before


def test_explain_finds_every_label(folder, press_brief, brief):
    event = brief["events"][0]
    for label in ("LEAD", "K1", "Q1", "F1", "D1"):
        done = press_brief("explain", folder.resolve(), f"{event['id']}.{label}")
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) >= 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kao Kim Hourn, the ASEAN Secretary-General affirmed the commitment.", "Affirmed the commitment."),
        ("Kao Kim Hourn stressed the role of ADGMIN.", "Stressed the role of ADGMIN."),
        ("Kao Kim Hourn was moved and praised the hosts.", None),
        ("ASEAN affirmed the commitment of Kao Kim Hourn.", None),
        ("Kao Kim Hourn left.", None),
        ("Secretary-General of ASEAN Kao Kim Hourn said that ports agree.", "Ports agree."),
        ("Kao Kim Hourn stressed that ports agree.", "Ports agree."),
        ("Kao Kim Hourns stressed that ports agree.", None),
        ("Friends of Kao Kim Hourn said ports agree.", None),
    ],
)
def test_reported_speech_does_not_say_its_speaker_again(text, expected):
    assert without_speaker(text, "Kao Kim Hourn") == (expected or text)
