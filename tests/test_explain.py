"""`press-brief explain`: every item of a brief can be asked for, in a real process on a run folder."""

import json
import re
import signal
import sys
from types import SimpleNamespace

import pytest
from briefs import render, sample

from jobs.cli import main
from jobs.store import to_json


def _value(value, text, exactness, article, newest):
    return {
        "value": value,
        "text_vi": text,
        "exactness": exactness,
        "sources": [[article, 2]],
        "voices": 1,
        "newest": newest,
    }


TRAIL = {
    "E1.LEAD": {
        "statement": "x",
        "corroboration": 2,
        "centrality": 0.31,
        "members": [{"relation": "representative", "similarity": 1.0, "place": ["cau-a", 2]}],
        "slots": [{"slot": "date", "value": "2026-09-03", "text": "3/9"}],
        "sources": [],
        "rule": "claims in order",
    },
    "E1.D1": {
        "statement": "x",
        "slot": "figure",
        "kind": "precision",
        "values": [
            _value("1240 m", "1.240 m", 7, "cau-a", "2026-09-03"),
            _value("about 1200 m", "khoảng 1,2 km", 4, "cau-b", "2026-09-04"),
        ],
        "preferred": 0,
        "reason": "more_exact",
        "sources": [],
        "rule": "aligned slots",
    },
    "E1": {
        "statement": "x",
        "confidence": 0.9,
        "articles": ["cau-a", "cau-b", "cau-c"],
        "rule": "average similarity",
    },
}


def manifest(trail):
    return {
        "run_id": sample()["run_id"],
        "model": {"name": "vi-en"},
        "origins": {"cau-a:2": "nbest", "cau-b:2": "human"},
        "near_misses": [{"article": "lua-d", "event": ["cau-a"], "similarity": 0.2}],
        "trail": trail,
    }


def write_run(outputs, name, data, trail):
    folder = outputs / name
    for path, content in {**render(data), "run.json": to_json(manifest(trail))}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outputs")
    write_run(folder, "2026-09-04-abcdef0123", sample(), TRAIL)
    (folder / "latest").symlink_to("2026-09-04-abcdef0123")
    changed = json.loads(json.dumps(TRAIL))
    changed["E1.D1"]["values"][1]["exactness"] = 9
    write_run(folder, "2026-09-05-changed", sample(), changed)
    return folder


@pytest.fixture
def asked(outputs, monkeypatch, capsys):
    """Ask through the real entry point, in this process: a process for each question costs more than the answer."""

    def ask(run, item, *more):
        arguments = ["press-brief", "explain", str(run), item, "--outputs", str(outputs), *more]
        handler = signal.getsignal(signal.SIGTERM)
        monkeypatch.setattr(sys, "argv", arguments)
        monkeypatch.setenv("COLUMNS", "100")
        try:
            with pytest.raises(SystemExit) as stop:
                main()
        finally:
            signal.signal(signal.SIGTERM, handler)
        said = capsys.readouterr()
        return SimpleNamespace(returncode=stop.value.code, stdout=said.out, stderr=said.err)

    return ask


def test_what_is_to_check_is_said_of_the_statement_itself(outputs, asked):
    data = sample()
    data["events"][0]["lead_flags"] = [{"code": "unsure", "detail": "the model is unsure of its English"}]
    write_run(outputs, "2026-09-06-unsure", data, TRAIL)
    told = json.loads(asked("2026-09-06-unsure", "E1.LEAD", "--json").stdout)
    assert told["flagged"]
    assert told["flags"] == data["events"][0]["lead_flags"]
    assert "the model is unsure" in asked("2026-09-06-unsure", "E1.LEAD").stdout
    assert not json.loads(asked("latest", "E1.LEAD", "--json").stdout)["flagged"]
    assert "to check" not in asked("latest", "E1.LEAD").stdout


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("K2", ["E1.K2", "The bridge saves 40 minutes.", "[1:3]", "figure_missing", "Cầu rút ngắn 40 phút."]),
        ("e1.k1", ["E1.K1", "[1:2]", "[2:2]", "[3:2]", "corroboration", "copy of"]),
        ("LEAD", ["E1.LEAD", "centrality", "0.31", "representative", "2026-09-03", "claims in order", "3/9"]),
        ("Q1", ["Le Quoc Bao", "Chairman of the district", "direct", "no"]),
        ("F1", ["36000000000", "VND", "[1:4]"]),
        ("T2", ["2026-12", "month", "[2:3]"]),
        ("S1", ["People are glad.", "[2:3]"]),
        ("P1", ["Lê Quốc Bảo", "person"]),
        (
            "D1",
            ["about 1.2 km", "khoảng 1,2 km", "exactness 7", "newest 2026-09-04", "agrees with the record"],
        ),
        ("E2", ["Rice price rises", "[4]", "lua-d"]),
        ("E1", ["confidence", "0.9", "NEAR MISSES", "lua-d"]),
        ("[1:4]", ["VND36 billion", "36 tỷ đồng", "cited by", "E1.F1", "the engine's first choice"]),
        (
            "cau-a:2",
            ["characters 24 to 66", "repaired: nbest", "E1.LEAD, E1.K1, E1.T1, E1.D1", "body", "Báo A"],
        ),
        ("2:2", ["correction by a person"]),
    ],
)
def test_every_kind_of_item_is_explained(asked, item, words):
    done = asked("latest", item)
    assert (done.returncode, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    for word in words:
        assert word in text, word


def test_every_item_that_is_printed_can_be_asked_for(outputs):
    from jobs.brief.explain import explain, open_run

    run = open_run("latest", outputs)
    shown = (outputs / "latest" / "brief.html").read_text(encoding="utf-8")
    items = set(re.findall(r">(E\d+\.(?:[A-Z]\d+|LEAD))<", shown)) | set(
        re.findall(r">\[(\d+:\d+)\]<", shown)
    )
    assert len(items) > 20
    for item in items:
        assert explain(run, item)["item"] == item


def test_json_holds_what_the_text_says(asked):
    found = json.loads(asked("latest", "D1", "--json").stdout)
    assert found["replay"] == {
        "preferred": 0,
        "reason": "more_exact",
        "recorded": {"preferred": 0, "reason": "more_exact"},
        "agrees": True,
    }
    assert [source["label"] for source in found["sources"]] == ["1:2", "2:2", "3:2"]
    assert found["trail"] == TRAIL["E1.D1"]


def test_a_preference_that_its_record_does_not_bear_out_is_said(asked):
    done = asked("2026-09-05-changed", "D1")
    assert "value 2, because: more exact; DIFFERS from the record" in done.stdout


@pytest.mark.parametrize(
    ("recorded", "printed", "agrees"),
    [
        ({}, 0, True),
        ({"reason": "more_recent"}, 0, False),
        ({"preferred": 1}, 0, False),
        ({}, 1, False),
        ({"preferred": None, "reason": "none"}, None, False),
    ],
)
def test_record_and_print_must_both_be_borne_out(tmp_path, recorded, printed, agrees):
    from jobs.brief.explain import explain, open_run

    data = sample()
    data["events"][0]["discrepancies"][0]["preferred"] = printed
    write_run(tmp_path, "run", data, {"E1.D1": {**TRAIL["E1.D1"], **recorded}})
    assert explain(open_run("run", tmp_path), "D1")["replay"]["agrees"] is agrees


def test_a_run_without_a_record_says_so(outputs, asked, tmp_path):
    write_run(tmp_path, "bare", sample(), {})
    done = asked(tmp_path / "bare", "D1")
    assert done.returncode == 0
    assert "keeps no record that can be replayed" in " ".join(done.stdout.split())


def test_a_score_of_nothing_is_shown_as_such(tmp_path, asked):
    trail = json.loads(json.dumps(TRAIL))
    trail["E1.D1"]["values"][1] |= {"exactness": 0, "newest": ""}
    write_run(tmp_path, "run", sample(), trail)
    assert "voices 1, exactness 0, newest unknown" in asked(tmp_path / "run", "D1").stdout


def test_a_run_is_found_by_folder_id_begin_and_link(asked, outputs):
    wanted = asked("latest", "K1").stdout
    for run in (outputs / "latest", "2026-09-04-abcdef0123", "2026-09-04"):
        assert asked(run, "K1").stdout == wanted


@pytest.mark.parametrize(
    ("run", "item", "words"),
    [
        ("latest", "K9", ["no item `K9`", "Did you mean `E1.K2`?", "E1.K1-K2", "E2"]),
        ("latest", "E3", ["no item `E3`", "Did you mean `E"]),
        ("latest", "1:9", ["no sentence 9 in article cau-a", "1 to 4", "1:4"]),
        ("latest", "9:1", ["no article `9`", "numbered 1 to 5"]),
        ("latest", "cua-a:1", ["no article `cua-a`", "`cau-a:1`"]),
        ("latets", "K1", ["no run `latets`", "Did you mean `latest`?"]),
        ("2026-09", "K1", ["no run `2026-09`", "2026-09-04-abcdef0123"]),
    ],
)
def test_what_is_not_there_is_said_with_the_nearest(asked, run, item, words):
    done = asked(run, item)
    assert (done.returncode, done.stdout) == (2, "")
    for word in words:
        assert word in done.stderr


def test_folders_that_hold_no_whole_run_are_refused(asked, tmp_path, press_brief):
    (tmp_path / "brief.json").write_text("{}")
    assert "no run.json in it" in asked(tmp_path, "K1").stderr
    (tmp_path / "run.json").write_text("{}")
    done = asked(tmp_path, "K1")
    assert done.returncode == 2
    assert "cannot be read as a brief" in done.stderr
    none = press_brief("explain", "latest", "K1", "--outputs", tmp_path / "none")
    assert (none.returncode, "Make one with `press-brief run`" in none.stderr) == (2, True)


def test_no_control_character_of_an_article_reaches_the_terminal(tmp_path, asked):
    data = sample()
    data["articles"][0]["sentences"][1]["vi"] = "a\x1b]0;title\x07b\u202ec"
    write_run(tmp_path, "hostile", data, TRAIL)
    text = asked(tmp_path / "hostile", "K1").stdout
    assert "a[U+001B]]0;title[U+0007]b[U+202E]c" in text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", text)


def test_lines_are_no_longer_than_the_terminal(press_brief, outputs):
    done = press_brief("explain", "latest", "K1", "--outputs", outputs, env={"COLUMNS": "60"})
    assert max(map(len, done.stdout.splitlines())) <= 60
