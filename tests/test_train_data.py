"""Training text: cleaning, decontamination, configuration, and what becomes of every pair."""

import gzip
import json
import lzma
from collections import Counter
from pathlib import Path

import pytest
import yaml
from train_pairs import pairs as grammar_pairs
from train_pairs import write_pairs

from jobs.errors import ConfigError, NoInputError, UsageError
from jobs.terminal import Reporter
from jobs.train.clean import clean, fault, normalise
from jobs.train.config import CleaningConfig, DecontaminationConfig, SubwordsConfig, load_train_config
from jobs.train.decontaminate import TestSets
from jobs.train.export import check_place
from jobs.train.pairs import Pair, read_pairs, read_references
from jobs.train.prepare import prepare
from jobs.train.subwords import open_subwords, train_subwords

CASES = yaml.safe_load((Path(__file__).parent / "data/train/cleaning.yaml").read_text(encoding="utf-8"))
LIMITS = CleaningConfig()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_cleaning(case):
    vi, en = normalise(case["vi"]), normalise(case["en"])
    assert fault(vi, en, LIMITS) == case.get("reason")
    if "expect" in case:
        assert [vi, en] == case["expect"]


def test_a_very_long_side_is_dropped():
    assert fault("một " * 161, "one " * 161, LIMITS) == "length"
    assert fault("một " * 160, "one " * 160, LIMITS) is None


def test_repeated_pairs_are_kept_once_whatever_case_and_punctuation():
    rows = [
        ("Giá gạo tăng.", "Rice rose."),
        ("giá gạo tăng", "RICE ROSE!"),
        ("Giá gạo tăng.", "Rice prices rose."),
    ]
    dropped = Counter()
    kept = list(clean([Pair("x", *row) for row in rows], LIMITS, dropped))
    assert [(pair.vi, pair.en) for pair in kept] == [rows[0], rows[2]]
    assert dropped == {"repeated": 1}


def test_decontamination_takes_out_equal_and_overlapping_sentences_and_counts_them():
    test = (
        "Hội nghị Bộ trưởng lần này bàn về trí tuệ nhân tạo và an ninh mạng trong khu vực",
        "Ministers at this meeting discussed artificial intelligence and regional cyber security at length",
    )
    near = test[1].replace("at length", "for two days in Hanoi")
    far = "The ministers met. Artificial intelligence was discussed, and so was regional cyber security"
    found = Counter()
    sets = TestSets({"news": test, "short": ["Giá gạo tăng."]}, DecontaminationConfig(ngram=5, overlap=0.5))
    rows = [
        Pair("a", test[0].upper() + "!", "Something else"),
        Pair("b", "Chuyện khác", near),
        Pair("c", "Chuyện khác nữa", far),
        Pair("d", "giá GẠO tăng", "Rice rose"),
        Pair("e", "Giá gạo tăng mạnh", "Rice rose fast"),
    ]
    assert [pair.label for pair in sets.filter(rows, found)] == ["c", "e"]
    assert found == {"news: exact": 1, "news: overlap": 1, "short: exact": 1}


def test_a_shared_stock_phrase_is_no_contamination():
    phrase = "according to a press release of the ministry of foreign affairs on monday"
    sets = TestSets(
        {
            "news": [
                f"{phrase} the two sides agreed to open four new consulates in the northern provinces by June"
            ]
        },
        DecontaminationConfig(ngram=6, overlap=0.5),
    )
    assert (
        sets.hit(
            f"{phrase} nobody was hurt when a cargo ship ran aground off the southern coast of the island"
        )
        is None
    )
    assert sets.hit(phrase) == ("news", "overlap")


@pytest.mark.parametrize(("suffix", "opener"), [("", open), (".gz", gzip.open), (".xz", lzma.open)])
def test_pairs_are_read_plain_and_compressed(tmp_path, suffix, opener):
    path = tmp_path / f"pairs.tsv{suffix}"
    with opener(path, "wt", encoding="utf-8") as stream:
        stream.write("a\tmột\tone\r\nno columns\n\nb\thai\ttwo\n")
    dropped = Counter()
    assert list(read_pairs([path], dropped)) == [Pair("a", "một", "one"), Pair("b", "hai", "two")]
    assert dropped == {"columns": 1}


@pytest.mark.parametrize(
    ("name", "data"), [("a.tsv", b"a\t\xff\tb\n"), ("a.tsv.xz", b"no xz"), ("a.tsv.gz", b"\x1f\x8b\x08")]
)
def test_an_unreadable_file_is_named(tmp_path, name, data):
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(NoInputError, match=name):
        list(read_pairs([path], Counter()))


def test_a_reference_set_has_to_be_whole(tmp_path):
    (tmp_path / "v.tsv").write_text("một\tone\nhai\n", encoding="utf-8")
    with pytest.raises(NoInputError, match=r"v.tsv:2: 1 columns"):
        read_references(tmp_path / "v.tsv")


# ---- configuration ----------------------------------------------------------------------------

BASE = "work: w\nmodel_folder: m\ndata: {pairs: [pairs.tsv]}\n"
BAD = [
    ("several at once", "work: w\nmodle_folder: m\ndata: {pairs: []}\nmodel: {d_modle: 3}\n", ["did you mean `model_folder`", "did you mean `d_model`", ":4:", "data.pairs"]),  # noqa: E501
    ("twice", BASE + "seed: 1\nseed: 2\n", [":5:", "given twice"]),
    ("heads do not divide", BASE + "model:\n  d_model: 100\n  heads: 3\n", ["multiple of heads"]),
    ("no such file", BASE.replace("pairs.tsv", "none.tsv"), ["none.tsv", "not a file"]),
    ("no such test set", BASE.replace("}", ", tests: {dev: dev.tsv}}"), ["dev.tsv", "not a file"]),
    ("unknown schedule", BASE + "training: {schedule: cosine}\n", ["training.schedule", "inverse_sqrt"]),
    ("negative weight", BASE.replace("}", ", weights: {law: -1}}"), ["data.weights.law"]),
    ("nothing", "", ["work", "model_folder", "data"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expect"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_configuration_is_refused_with_its_place(tmp_path, text, expect):
    write_pairs(tmp_path / "pairs.tsv", [("một", "one")])
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load_train_config(tmp_path / "t.yaml")
    for part in [*expect, str(tmp_path / "t.yaml")]:
        assert part in str(caught.value)


def test_the_documented_example_says_the_defaults():
    from jobs.train.config import TrainConfig

    example = Path(__file__).parent.parent / "docs/train.example.yaml"
    given = yaml.safe_load(example.read_text(encoding="utf-8"))
    defaults = TrainConfig.model_validate({key: given[key] for key in ("work", "model_folder", "data")})
    told = TrainConfig.model_validate(given)
    assert told == defaults
    assert set(given) == set(TrainConfig.model_fields)
    for name, field in TrainConfig.model_fields.items():
        if isinstance(given[name], dict):
            assert set(given[name]) == set(field.annotation.model_fields), name
    guide = (example.parent / "training.md").read_text(encoding="utf-8")
    keys = [key for value in given.values() if isinstance(value, dict) for key in value]
    assert [key for key in [*given, *keys] if f"`{key}`" not in guide] == []


def configured(folder, rows, extra=""):
    write_pairs(folder / "pairs.tsv", rows)
    text = f"work: work\nmodel_folder: model\ndata:\n  pairs: [pairs.tsv]\n{extra}"
    text += "" if "subwords" in extra else "subwords: {vocabulary: 1000}\n"
    (folder / "t.yaml").write_text(text, encoding="utf-8")
    return load_train_config(folder / "t.yaml")


def test_digests_see_content_and_settings_but_not_places(tmp_path):
    rows = grammar_pairs(20)
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    one, other = configured(tmp_path / "a", rows), configured(tmp_path / "b", rows)
    assert one.run_digest == other.run_digest
    more = other.model_copy(
        update={"training": other.training.model_copy(update={"steps": 99, "threads": 1})}
    )
    assert more.run_digest == one.run_digest
    faster = other.model_copy(update={"training": other.training.model_copy(update={"rate": 0.1})})
    assert faster.prepared_digest == one.prepared_digest
    assert faster.run_digest != one.run_digest
    write_pairs(tmp_path / "b" / "pairs.tsv", rows[1:])
    assert other.prepared_digest != one.prepared_digest


def test_a_folder_that_is_no_model_of_ours_is_never_replaced(tmp_path):
    check_place(tmp_path / "none")
    check_place(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "marian"}')
    with pytest.raises(UsageError, match="would be replaced"):
        check_place(tmp_path)
    (tmp_path / "config.json").write_text('{"press_brief_code_switched": true}')
    check_place(tmp_path)


# ---- preparation ------------------------------------------------------------------------------


def test_every_pair_is_accounted_for_and_held_out_pairs_are_not_trained_on(tmp_path):
    rows = grammar_pairs(300)
    (tmp_path / "dev.tsv").write_text("".join(f"{vi}\t{en}\n" for vi, en in rows[:5]), encoding="utf-8")
    extra = "  validation_pairs: 20\n  tests: {dev: dev.tsv}\n  weights: {press: 2}\n"
    extra += "decontamination: {ngram: 20, overlap: 1}\ncode_switch: {share: 1}\n"
    config = configured(tmp_path, [*rows, rows[9], ("", "nothing")], extra)
    prepared = prepare(config, Reporter(0))
    report = prepared.report
    assert report["read"] == 302
    assert report["decontaminated"] == {"dev: exact": 5}
    assert report["dropped"] == {"empty": 1, "repeated": 1}
    assert report["validation"] == len(prepared.validation) == 20
    assert report["kept"] == 302 - 5 - 2 - 20
    assert report["rows"] == 2 * report["kept"] == len(prepared.rows)
    assert report["rows_by_label"] == {"press": report["rows"]}
    assert report["code_switched"] > report["rows"] / 2
    processor = open_subwords(prepared.subwords)
    trained = {processor.decode(prepared.rows.target_of(row).tolist()) for row in range(len(prepared.rows))}
    assert not trained.intersection(pair.en for pair in prepared.validation)
    assert trained <= {en for _, en in rows[5:]}
    assert len(trained) == report["kept"]


def test_prepared_data_is_kept_and_made_alike_again(tmp_path):
    config = configured(tmp_path, grammar_pairs(200), "  validation_pairs: 10\n")
    first = prepare(config, Reporter(0))
    (folder,) = (tmp_path / "work").glob("prepared-*")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(before) == {"rows.safetensors", "joint.spm", "validation.tsv", "report.json"}
    (folder / "report.json").write_text(json.dumps({**first.report, "read": -1}))
    assert prepare(config, Reporter(0)).report["read"] == -1  # read, not made again
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    prepare(config, Reporter(0))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_weight_zero_leaves_a_label_out_and_nothing_left_is_said(tmp_path):
    config = configured(tmp_path, grammar_pairs(50), "  weights: {press: 0}\n")
    with pytest.raises(NoInputError, match="every weight is 0"):
        prepare(config, Reporter(0))
    (tmp_path / "b").mkdir()
    with pytest.raises(NoInputError, match="no usable pair among 1 read"):
        prepare(configured(tmp_path / "b", [("", "one")]), Reporter(0))


def test_a_vocabulary_that_is_too_small_names_its_key():
    letters = ["".join(chr(0x4E00 + 40 * row + at) for at in range(40)) for row in range(9)]
    with pytest.raises(ConfigError, match=r"subwords\.vocabulary"):
        train_subwords(letters, SubwordsConfig(vocabulary=320, character_coverage=1), seed=1)


def test_subwords_split_digits_and_fall_back_to_bytes(tmp_path):
    config = configured(tmp_path, grammar_pairs(100))
    prepared = prepare(config, Reporter(0))
    processor = open_subwords(prepared.subwords)
    assert [processor.id_to_piece(index) for index in range(3)] == ["</s>", "<unk>", "<0x00>"]
    pieces = processor.encode("55.937 Ω", out_type=str)
    assert [
        piece for piece in pieces if any(char.isdigit() for char in piece) and not piece.startswith("<")
    ] == list("55937")
    assert "<unk>" not in pieces
    assert processor.decode(processor.encode("Ông Ω nói 语")) == "Ông Ω nói 语"
