"""The term base: what ships is sound, what is found and what is not, users' files, the check's right variants."""

import csv
import re
from pathlib import Path
from typing import get_args

import pytest

from jobs.errors import ConfigError
from jobs.translate.checks import _terms, check_pair
from jobs.translate.express import understand
from jobs.translate.glossary import Kind, load_glossary
from jobs.translate.termrules import DATA as SHIPPED
from jobs.translate.termrules import key, rules

DATA = Path(__file__).parent / "data/glossary"
HEADER = ["vi", "en", "kind", "note", "accept"]


@pytest.fixture(scope="module")
def terms():
    return load_glossary()


def table(name):
    for line in (DATA / name).read_text(encoding="utf-8").split("\n"):
        if line and not line.startswith("#"):
            yield line.split("\t")


def shipped_rows():
    for path in sorted(SHIPPED.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                yield path.name, row


def test_the_shipped_files_are_whole(terms):
    assert len(terms) >= 1600
    firsts = dict(reversed(list(shipped_rows())))
    assert all(row == HEADER for row in firsts.values())
    assert all(len(row) == 5 for _, row in shipped_rows())
    kinds = [entry.kind for entry in terms.entries.values()]
    assert set(kinds) <= set(get_args(Kind))
    for kind, least in {
        "body": 300,
        "country": 200,
        "document": 120,
        "title": 170,
        "term": 250,
        "place": 250,
    }.items():
        assert kinds.count(kind) >= least, kind


def test_no_two_entries_match_the_same_text(terms):
    seen = {}
    for entry in terms.entries.values():
        other = seen.setdefault(entry.identity, entry)
        assert other is entry, (entry.place, other.place)


def test_the_english_is_plain_and_reads_on_within_a_sentence(terms):
    for entry in terms.entries.values():
        for form in (entry.en, *entry.accept):
            # Names that English spells with a mark are right variants, never the form that is printed.
            assert form.isascii() or form in {"Türkiye", "Côte d'Ivoire"}, entry
            assert form == " ".join(form.split()), entry
            assert not re.match(r"(?:the|The|a|an) ", form) or form == "The Hague", entry
            assert not re.search(r"[,;:]$|\.\.$|''|\"", form), entry
        assert entry.en.isascii(), entry
        assert entry.en not in entry.accept or entry.kind == "country", entry


def test_names_are_in_capitals_and_terms_are_not(terms):
    lower = {"of", "and", "on", "for", "the", "in", "to", "with", "at", "against"}
    for entry in terms.entries.values():
        words = re.findall(r"[A-Za-z][\w'.-]*", entry.en)
        if entry.kind in {"country", "media", "company"}:
            # "newspaper" and "news agency" after a name are ordinary words.
            named = [
                word for word in words if word not in lower | {"newspaper", "news", "agency", "e-newspaper"}
            ]
            assert named, entry
            assert all(word[0].isupper() for word in named), entry
        if entry.kind == "term" and entry.vi.islower():
            assert (
                entry.en[0].islower()
                or entry.en in {"Internet of Things", "North-South Expressway"}
                or words[0] == "World"
            ), entry


def test_a_province_is_its_name_without_marks(terms):
    from jobs.vietnamese.fold import fold

    others = {"Hà Nội": "Hanoi", "Biển Đông": "East Sea"}
    with (SHIPPED / "provinces.csv").open(encoding="utf-8", newline="") as stream:
        now = [row for row in csv.DictReader(stream) if "until" not in row["note"]]
    named = {row["vi"] for row in now}
    # The 34 of 2025.
    current = (  # noqa: SIM905 -- a list of names reads better as text
        "Hà Nội|Huế|Lai Châu|Điện Biên|Sơn La|Lạng Sơn|Quảng Ninh|Thanh Hóa|Nghệ An|Hà Tĩnh|Cao Bằng|Tuyên Quang|"
        "Lào Cai|Thái Nguyên|Phú Thọ|Bắc Ninh|Hưng Yên|Hải Phòng|Ninh Bình|Quảng Trị|Đà Nẵng|Quảng Ngãi|Gia Lai|"
        "Khánh Hòa|Lâm Đồng|Đắk Lắk|TP Hồ Chí Minh|Đồng Nai|Tây Ninh|Cần Thơ|Vĩnh Long|Đồng Tháp|Cà Mau|An Giang"
    ).split("|")
    assert len(current) == 34
    assert set(current) <= named
    for vi in current:
        if vi != "TP Hồ Chí Minh":
            assert terms.entries[vi].en == others.get(vi, fold(vi))


@pytest.mark.parametrize(("vi", "en"), [tuple(row) for row in table("official.tsv")])
def test_official_names(terms, vi, en):
    assert terms.english(vi) == en
    (found,) = terms.find(vi)
    assert found.english == en


@pytest.mark.parametrize(
    ("marked", "wanted"), [(row[0], [item for item in row[1:] if item]) for row in table("finds.tsv")]
)
def test_terms_are_found_where_they_stand_and_nowhere_else(terms, marked, wanted):
    text = marked.replace("⟦", "").replace("⟧", "")
    found = terms.find(text)
    shown = text
    for mention in reversed(found):
        assert text[mention.start : mention.end] == mention.text
        shown = f"{shown[: mention.start]}⟦{mention.text}⟧{shown[mention.end :]}"
    assert shown == marked
    assert [mention.english or "-" for mention in found] == wanted


def test_documents_are_no_bodies(terms):
    kinds = {
        mention.text: mention.kind for mention in terms.find("Quốc hội thông qua Luật Đất đai ở Hà Nội.")
    }
    assert kinds == {"Quốc hội": "body", "Luật Đất đai": "document", "Hà Nội": "place"}


def test_an_acronym_tells_what_it_stands_for(terms):
    assert terms.expansion("ADGMIN") == "ASEAN Digital Ministers' Meeting"
    assert terms.expansion("Hanoi") is None


def test_every_acronym_that_stays_has_its_expansion(terms):
    for entry in terms.entries.values():
        if entry.kind == "acronym":
            assert entry.note, entry


def flagged(terms, vi, en):
    return [flag.detail for flag in _terms(terms.find(vi), en)]


@pytest.mark.parametrize(
    ("vi", "en"),
    [
        ("Bộ Ngoại giao họp.", "The Foreign Ministry met."),
        ("Bộ Ngoại giao họp.", "The Foreign Affairs Ministry met."),
        ("Bộ Tài chính họp.", "The finance ministry met."),
        ("Bộ Quốc phòng họp.", "The Defense Ministry met."),
        ("Bộ Tài chính họp.", "The Minister of Finance met them."),
        ("TP HCM mưa.", "It rained in HCMC."),
        ("Hoa Kỳ phản đối.", "The U.S. objected."),
        ("Mỹ đã phản đối.", "American officials objected."),
        ("Ở Việt Nam có mưa.", "Viet Nam saw rain."),
        ("Hai người Argentina đến.", "Two Argentines came."),
        ("Ở Hà Nội có mưa.", "Ha Noi’s rain fell."),
        ("Quần đảo Hoàng Sa xa bờ.", "The Paracel islands are far."),
        ("WHO, tức Tổ chức Y tế Thế giới.", "The WHO."),
    ],
)
def test_right_variants_raise_no_alarm(terms, vi, en):
    assert flagged(terms, vi, en) == []


@pytest.mark.parametrize(
    ("vi", "en"),
    [
        ("Bộ Ngoại giao họp.", "The Ministry of Finance met."),
        ("Bộ Tài chính họp.", "They met."),
        ("Ở Hải Phòng có mưa.", "It rained in Hai Duong."),
        ("Hàng sang Mỹ tăng.", "Exports told us they rose."),
        ("Bộ Khoa học và Công nghệ họp.", "Science is a ministry of its own, they said about technology."),
        ("Luật Đất đai có hiệu lực.", "The Housing Law took effect."),
    ],
)
def test_a_lost_term_is_flagged(terms, vi, en):
    assert len(flagged(terms, vi, en)) == 1


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_a_users_file_wins_over_ours_and_a_later_one_over_an_earlier(tmp_path):
    first = write(
        tmp_path / "one.csv", "vi,en,kind,note\nLiên hợp quốc,UN,body,\nHà Nội,Ha Noi,place,,Hanoi\n"
    )
    second = write(tmp_path / "two.tsv", "Hà Nội\tHa-noi\tplace\nchợ nổi\tfloating market\tterm\n")
    terms = load_glossary([first, second])
    assert [item.english for item in terms.find("Liên Hợp Quốc mở chợ nổi ở Hà Nội.")] == [
        "UN",
        "floating market",
        "Ha-noi",
    ]
    assert terms.english("Liên Hợp Quốc") == "UN"
    assert load_glossary([first]).english("Hà Nội") == "Ha Noi"
    assert len({load_glossary().sha256, load_glossary([first]).sha256, terms.sha256}) == 3


def test_a_users_ministry_brings_its_minister(tmp_path):
    own = write(tmp_path / "own.csv", "Bộ Thủy sản,Ministry of Fisheries,body\n")
    (found,) = load_glossary([own]).find("Thứ trưởng Thuỷ sản")
    assert found.english == "Deputy Minister of Fisheries"


def test_every_fault_of_a_users_file_is_told_at_once(tmp_path):
    own = write(
        tmp_path / "own.csv",
        "vi,en,kind,note\nA B,C,nonsense,\n,x,term,\nbàn,table,term,,,\nghế,ghế gỗ,term,\n!!,x,term\n"
        "đá,rock,term\nđá,ice,term\n",
    )
    with pytest.raises(ConfigError) as caught:
        load_glossary([own])
    told = str(caught.value)
    for line, words in {
        2: "unknown kind",
        3: "must both be given",
        4: "columns",
        5: "Vietnamese letters",
    }.items():
        assert re.search(rf"own\.csv:{line}: .*{words}", told), told
    assert "own.csv:6" in told
    assert re.search(r"own\.csv:8: .*“ice” here and “rock”", told)


def test_rules_name_words_as_they_are_compared():
    table = rules()
    lists = [
        *table["not_before"].values(),
        *table["not_after"].values(),
        *table["cut_before"].values(),
        table["before_country"],
        table["before_given_name"],
        table["demonym"]["heads"],
    ]
    for words in lists:
        for word in words:
            assert key(word) == word or key(word) in words, word
    assert set(table["not_before"]) <= set(table["one_syllable_countries"])


@pytest.mark.parametrize(
    "text", ["", "Bộ " * 3000, "Việt Nam " * 1500, "‘" * 5000, "a" * 50_000, "Ủy ban Ủy " * 1000]
)
def test_hostile_text_is_searched_without_error(terms, text):
    for mention in terms.find(text):
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    ("vi", "en", "codes"),
    [
        ("Xã thu hẹp khoảng cách số.", "The commune narrows the gap.", ["term_missing"]),
        ("Xã thu hẹp khoảng cách số.", "The commune narrows the digital divide.", []),
        ("Xã thu hẹp khoảng cách số.", "The commune narrows its digital gap.", []),
        ("Tỉnh phát triển bền vững.", "The province has developed sustainably.", []),
        ("Sở bàn về chuyển đổi số.", "The department discussed the transformed digital city.", []),
        ("Sở bàn về chuyển đổi số.", "The department discussed the change.", ["term_missing"]),
        ("Bão tan thành áp thấp nhiệt đới.", "The storm weakened into a depression.", []),
        ("Cơ quan chức năng đã vào cuộc.", "Officials have stepped in.", []),
        ("Xã dùng số hóa chất còn lại.", "The commune uses the rest of the chemicals.", []),
        ("Họ ủng hộ kinh doanh.", "They support trade.", []),
    ],
)
def test_a_technical_term_has_to_be_told(vi, en, codes):
    """In its English, an accepted form or another inflection; words that are told freely are not asked for."""
    flags = check_pair(vi, en, understand(vi, load_glossary()))
    assert [flag.code for flag in flags] == codes


def test_words_told_freely_are_terms_of_the_shipped_base():
    base = load_glossary()
    known = {key(entry.vi) for entry in base.entries.values() if entry.kind in {"term", "event"}}
    assert rules()["told_freely"]["terms"] <= known


def test_a_term_of_the_users_own_file_is_asked_for(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("vi,en,kind\nđiểm trung chuyển,transfer point,term\n", encoding="utf-8")
    vi = "Xe dừng tại điểm trung chuyển."
    (flag,) = check_pair(vi, "The bus stops at the station.", understand(vi, load_glossary([own])))
    assert (flag.code, flag.detail) == ("term_missing", "“điểm trung chuyển” should read transfer point")
