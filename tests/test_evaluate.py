"""The measures: values computed by hand, files and figures of the commands, faults with their place."""

import json
import math

import pytest
from planted import load_pairs

from jobs.errors import UsageError
from jobs.evaluate.clustering import evaluate_events, read_records
from jobs.evaluate.metrics import (
    bcubed,
    capitals_kept,
    digit_tokens,
    digits_lost,
    figures_lost,
    names_kept,
    paired_bootstrap,
    rouge_l,
    rouge_n,
    syllables,
)
from jobs.evaluate.summaries import cut, evaluate_summaries


def test_bcubed_by_hand():
    gold = {"a": 1, "b": 1, "c": 2, "d": 2, "e": 3}
    found = {"a": 1, "b": 1, "c": 1, "d": 2, "e": 2}
    # a, b: 2 of 3 right; c: 1 of 3; d, e: 1 of 2. Recall: a, b whole; c, d half; e whole.
    precision, recall = (2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 5, (1 + 1 + 0.5 + 0.5 + 1) / 5
    assert bcubed(gold, found) == pytest.approx(
        (precision, recall, 2 * precision * recall / (precision + recall))
    )
    assert bcubed(gold, gold) == (1.0, 1.0, 1.0)
    singles = bcubed(gold, {item: item for item in gold})
    assert singles[0] == 1.0
    assert singles[1] == pytest.approx(3 / 5)


def test_rouge_by_hand_on_vietnamese_syllables():
    hypothesis, reference = "Hội nghị khai mạc sáng nay", "Sáng nay, hội nghị đã khai mạc"
    assert syllables("Đà Nẵng, 15/1!") == ["đà", "nẵng", "15", "1"]
    assert rouge_n(hypothesis, reference, 1) == pytest.approx(2 * 6 / (6 + 7))
    # pairs in common: hội nghị, khai mạc, sáng nay; of 5 and 6
    assert rouge_n(hypothesis, reference, 2) == pytest.approx(2 * 3 / (5 + 6))
    assert rouge_l(hypothesis, reference) == pytest.approx(2 * 4 / (6 + 7))
    assert rouge_n("", reference, 1) == rouge_l("", reference) == 0.0
    assert rouge_n("hà hà hà", "hà", 1) == pytest.approx(2 * 1 / 4)  # a repeated syllable counts once


def test_figures_and_names_by_hand():
    assert digit_tokens("3.500 km, 91,2% và 1,234") == digit_tokens("3,500 km 91.2% 1234")
    sources = ["Có 15 xe và 3.500 km", "Ngày 2 tại Huế"]
    references = ["There are 15 cars and 3,500 km", "On day two in Huế"]
    assert (
        figures_lost(sources, references, ["15 cars", "x"]) == 50.0
    )  # the second reference drops its 2: not counted
    assert names_kept(["Ông Lan và Bình gặp"], ["Lan and Bình met"], ["Lan met"]) == 50.0


@pytest.mark.parametrize(
    ("source", "reference", "told", "lost"),
    [
        ("Ca thứ 4 ở tổ 7", "The 4th case in group 7", "The fourth case in group 7", "The case in group 7"),
        ("Ngày 9.3.2014", "On 9.3.2014", "On March 9, 2014", "On May 9, 2014"),
        ("Hẹn ngày 09/03", "Due on 09/03", "Due on March 9", "Due on 19 March"),
        ("Có 2 đội", "There are 2 teams", "Two teams", "Teams, 40 km per second"),
        ("Tàu lớp 052", "A 052 ship", "A ship of 052", "A ship of 52"),
    ],
)
def test_a_figure_told_in_words_is_kept(source, reference, told, lost):
    assert figures_lost([source], [reference], [told]) == 0.0
    assert figures_lost([source], [reference], [lost]) > 0.0


def test_digits_are_counted_as_they_stand_too():
    assert digits_lost(["Ca thứ 4"], ["The 4th case"], ["The fourth case"]) == 100.0


@pytest.mark.parametrize(
    ("source", "kept", "lost"),
    [
        ("sách của Wilson", "Wilson's book", "Wilder's book"),
        ("ông Shinzō", "Mr. Shinzo", "Mr. Shinto"),
        ("hội nghị ASEAN", "An ASEAN-led meeting", "An OSCE-led meeting"),
        ("lính Libya", "Libyan soldiers", "Liberian soldiers"),
        ("công ty Recess", "The Recess company", "The Recesss company"),
        ("ông Chiu", "Mr. Chiu", "Mr. Chiun"),
        ("trận tại Việt Nam", "A match in Vietnam", "A match in Laos"),
        ("thung lũng Harappa", "The Harappa valley", "The valley, not in capitals: harappa"),
    ],
)
def test_a_name_is_kept_in_every_form_of_its_word(source, kept, lost):
    assert names_kept([source], [source], [kept]) == 100.0
    assert names_kept([source], [source], [lost]) == 0.0


def test_capitals_are_counted_letter_by_letter_too():
    assert capitals_kept(["Sách của Wilson"], ["A book of Wilson"], ["Wilson's book"]) == 0.0


def test_bootstrap_is_certain_where_every_item_is_better_and_seeded():
    assert paired_bootstrap([2.0] * 20, [1.0] * 20) == 0.0
    assert paired_bootstrap([1.0] * 20, [1.0] * 20) == 1.0
    better, worse = [float(i % 3) for i in range(40)], [float(i % 2) + 0.4 for i in range(40)]
    value = paired_bootstrap(better, worse, samples=300)
    assert 0.0 < value < 1.0
    assert paired_bootstrap(better, worse, samples=300) == value


def test_cut_counts_syllables_and_keeps_what_stands_between():
    assert cut("Sáng 15/1, hội nghị khai mạc.", 4) == "Sáng 15/1, hội"
    assert cut("Hai tiếng.", 9) == "Hai tiếng."


@pytest.fixture
def records(tmp_path):
    """A JSONL file of three events told twice."""
    path = tmp_path / "articles.jsonl"
    lines = [
        {
            "id": f"{pair['id']}/{side}",
            "title": pair[f"title_{side}"],
            "text": pair[f"text_{side}"],
            "date": pair["date"].isoformat(),
            "cluster": pair["id"],
        }
        for pair in load_pairs()[:3]
        for side in "ab"
    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")
    return path


def test_events_command_prints_figures_and_writes_clusters(records, tmp_path, press_brief):
    out = tmp_path / "clusters.jsonl"
    done = press_brief("evaluate", "events", records, "--out", out, "--json")
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["articles"] == 6
    assert (result["clusters_gold"], result["clusters_found"], result["f1"]) == (3, 3, 100.0)
    assert result["signature"].startswith("press-brief ")
    assert "B-cubed" in result["signature"]
    written = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [sorted(line) for line in written] == [["cluster", "id"]] * 6
    labels = {line["id"]: line["cluster"] for line in written}
    assert labels["lu-quet/a"] == labels["lu-quet/b"] != labels["chay-kho-vai/a"]


def test_wrong_clusters_lower_the_figures(records):
    text = records.read_text(encoding="utf-8").replace('"cluster": "chay-kho-vai"', '"cluster": "lu-quet"')
    records.write_text(text, encoding="utf-8")
    result, _ = evaluate_events(records)
    assert result["precision"] == 100.0
    assert result["recall"] == pytest.approx(100 * (4 * 0.5 + 2) / 6, abs=0.01)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("{", ":2:"),
        ('{"id": "x", "text": "y"}', "cluster"),
        ('["x"]', ":2:"),
        ('{"id": "lu-quet/a", "text": "y", "cluster": "z"}', "used twice"),
        ('{"id": "x", "text": "y", "cluster": "z", "date": "hôm qua"}', ":2:"),
    ],
)
def test_a_bad_record_is_named_with_its_line(records, line, part):
    first = records.read_text(encoding="utf-8").splitlines()[0]
    records.write_text(f"{first}\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"articles\.jsonl:2") as caught:
        read_records(records)
    assert part in str(caught.value)


def test_an_empty_or_missing_file_is_refused(tmp_path, press_brief):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no records"):
        read_records(empty)
    done = press_brief("evaluate", "events", tmp_path / "missing.jsonl")
    assert done.returncode == 2
    assert "missing.jsonl" in done.stderr


@pytest.fixture
def clusters(tmp_path):
    """Two clusters of two documents; the reference is the second body sentence of the first document."""
    folder = tmp_path / "clusters"
    for pair in load_pairs()[:2]:
        own = folder / pair["id"]
        own.mkdir(parents=True)
        for number, side in enumerate("ab", 1):
            (own / f"doc{number}.txt").write_text(
                f"{pair[f'title_{side}']}\n\n{pair[f'text_{side}']}", encoding="utf-8"
            )
        (own / "ref1.txt").write_text(pair["text_a"], encoding="utf-8")
        (own / "ref2.txt").write_text(pair["text_b"], encoding="utf-8")
    return folder


def test_summaries_command_prints_figures_and_writes_summaries(clusters, tmp_path, press_brief):
    out = tmp_path / "summaries"
    done = press_brief("evaluate", "summaries", clusters, "--out", out)
    assert done.returncode == 0, done.stderr
    shown = dict(line.split(None, 1) for line in done.stdout.splitlines())
    assert shown["clusters"] == "2"
    assert 30 < float(shown["rouge_2"]) < float(shown["rouge_1"]) <= 100
    assert "ROUGE F1" in shown["signature"]
    pair = load_pairs()[0]
    mean = round((len(syllables(pair["text_a"])) + len(syllables(pair["text_b"]))) / 2)
    assert len(syllables((out / "lu-quet.txt").read_text(encoding="utf-8"))) == mean


def test_summaries_keep_the_length_asked_for_and_score_as_by_hand(clusters):
    result, written = evaluate_summaries(clusters, length=25)
    assert {name: len(syllables(text)) for name, text in written.items()} == dict.fromkeys(written, 25)
    expected = [
        sum(rouge_n(written[pair["id"]], pair[f"text_{side}"], 2) for side in "ab") / 2
        for pair in load_pairs()[:2]
    ]
    assert math.isclose(result["rouge_2"], round(100 * sum(expected) / 2, 2))


def test_a_folder_without_clusters_or_references_is_refused(clusters, tmp_path):
    with pytest.raises(UsageError, match="no subfolders"):
        evaluate_summaries(tmp_path / "nothing")
    for path in clusters.glob("lu-quet/ref*.txt"):
        path.unlink()
    with pytest.raises(UsageError, match="lu-quet: needs at least one"):
        evaluate_summaries(clusters)
