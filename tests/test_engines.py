"""Both engines: the same output on the bundled weights, and every family of models that `transformers` runs.

Hubs are out of reach in tests, so each family is a tiny model in published form that is taught four sentences
here. It is taught a second, wrong answer for a wrong target language or a missing prefix, so that only an engine
that sets the family's tokens right gives the English.
"""

import io
import json
import subprocess
import sys

import pytest

from jobs.errors import ModelError
from jobs.translate.convert import converted
from jobs.translate.engine import engine_kind, open_engine
from jobs.translate.models import PIN, resolve

SENTENCES = """
Sáng 15/1, Thủ tướng dự lễ khai mạc hội nghị tại Hà Nội.
Hội nghị diễn ra từ ngày 12 đến 16/1 với sự tham gia của 11 nước.
Bộ trưởng cho biết ngành đã đạt doanh thu 3.500 tỷ đồng.
Theo kế hoạch, tuyến đường dài 42 km sẽ hoàn thành vào cuối năm 2027.
Giá gạo xuất khẩu tăng 4,8% so với cùng kỳ năm trước.
Các đại biểu đã thông qua tuyên bố chung.
Thành phố sẽ xây thêm hai bệnh viện ở phía tây.
Ông nói rằng người dân cần được thông báo sớm.
Công ty dự kiến tuyển 1.200 lao động trong quý III.
Đội tuyển thắng 2-1 trong trận chung kết tối qua.
Mưa lớn làm ngập nhiều tuyến phố ở trung tâm.
Giáo viên vùng cao được hỗ trợ thêm tiền nhà ở.
Cảng biển đón tàu hàng đầu tiên trong năm mới.
Ngân hàng giảm lãi suất cho vay mua nhà.
Trường đại học mở ngành học về trí tuệ nhân tạo.
Việt Nam và Lào ký thỏa thuận hợp tác về điện.
Nông dân trong tỉnh chuyển sang trồng cà phê.
Hàng nghìn du khách đến thăm phố cổ dịp cuối tuần.
Cuộc họp kết thúc lúc 10 giờ 30 phút.
Bệnh viện tiếp nhận 25 người bị thương.
Chính phủ yêu cầu các địa phương báo cáo trước ngày 20/2.
Dự án có tổng vốn đầu tư 1,2 tỷ USD.
Sân bay mới phục vụ 25 triệu lượt khách mỗi năm.
Quốc hội thảo luận về dự thảo luật đất đai.
Hai bên nhất trí tăng cường trao đổi thương mại.
Lượng mưa trong tháng cao hơn trung bình nhiều năm.
Nhà máy ngừng hoạt động để bảo trì.
Bà cảm ơn các bác sĩ đã cứu con mình.
Học sinh cả nước bước vào năm học mới.
Tàu cá bị nạn đã được kéo vào bờ an toàn.
Người phát ngôn bác bỏ thông tin này.
Thị trường chứng khoán giảm điểm phiên thứ ba liên tiếp.
Xe buýt điện bắt đầu chạy thử trên năm tuyến.
Lực lượng cứu hộ tìm thấy ba người sống sót.
Các nước cam kết cắt giảm khí thải.
Doanh nghiệp nhỏ khó tiếp cận vốn vay.
Bão số 5 có thể đổ bộ vào miền Trung ngày mai.
Sở Y tế khuyến cáo người dân tiêm phòng cúm.
Bảo tàng trưng bày 200 hiện vật thời Lý.
Chuyên gia cảnh báo nguy cơ thiếu nước ngọt.
Cầu thủ trẻ ghi bàn ở phút 89.
Tỉnh công bố kết quả kỳ thi tốt nghiệp.
Chợ nổi thu hút khách nước ngoài.
Tòa án tuyên phạt bị cáo 7 năm tù.
Hãng hàng không mở đường bay thẳng tới Úc.
Số ca mắc sốt xuất huyết giảm một nửa.
Thủ tướng đề nghị các bộ phối hợp chặt chẽ.
Giá xăng giảm 500 đồng mỗi lít.
Công nhân được nghỉ Tết chín ngày.
Phiên họp tiếp theo sẽ được tổ chức tại Jakarta.
""".strip().split("\n")


@pytest.fixture(scope="session")
def bundled(shared_cache):
    return resolve("vi-en", cache=shared_cache)


@pytest.fixture(scope="session")
def float_engine(bundled, shared_cache):
    return open_engine(bundled, kind="ctranslate2", cache=shared_cache, compute_type="float32", threads=2)


@pytest.fixture(scope="session")
def torch_engine(bundled, shared_cache):
    return open_engine(bundled, kind="transformers", cache=shared_cache, threads=1)


def first(results):
    return [hypotheses[0].text for hypotheses in results]


# ---- the bundled weights -------------------------------------------------------------------


def test_both_engines_give_the_same_greedy_output_on_the_bundled_weights(float_engine, torch_engine):
    assert len(SENTENCES) == 50
    ours, theirs = float_engine.translate(SENTENCES), torch_engine.translate(SENTENCES)
    assert first(ours) == first(theirs)
    for a, b in zip(ours, theirs, strict=True):
        assert a[0].score == pytest.approx(b[0].score, abs=2e-3)


def test_both_engines_count_the_same_tokens_and_split_at_the_same_length(float_engine, torch_engine):
    assert [float_engine.count(text) for text in SENTENCES] == [
        torch_engine.count(text) for text in SENTENCES
    ]
    assert float_engine.max_tokens == torch_engine.max_tokens


def test_n_best_is_ordered_and_led_by_the_best(torch_engine, float_engine):
    for engine in (torch_engine, float_engine):
        (found,) = engine.translate(SENTENCES[:1], beam=4, n_best=4)
        assert len(found) == 4
        assert len({item.text for item in found}) > 1
        assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)


@pytest.mark.parametrize("compute_type", ["float32", "int8"])
def test_a_sentence_gets_the_same_english_whatever_the_order_and_the_threads(
    bundled, shared_cache, compute_type
):
    told = []
    for threads, order in ((1, 1), (2, -1)):
        engine = open_engine(
            bundled, kind="ctranslate2", cache=shared_cache, compute_type=compute_type, threads=threads
        )
        found = engine.translate(SENTENCES[::order], beam=2, n_best=2)[::order]
        told.append([[(item.text, item.score) for item in row] for row in found])
    assert told[0] == told[1]


@pytest.mark.parametrize(("compute_type", "noise", "most"), [("float32", 1e-4, 0), ("int8", 0.03, 2)])
def test_neighbours_decide_nothing_but_near_ties(bundled, shared_cache, compute_type, noise, most):
    """int8 rounds activations: a last bit that depends on the batch can turn into a hundredth of a nat."""
    engine = open_engine(
        bundled,
        kind="ctranslate2",
        cache=shared_cache,
        compute_type=compute_type,
        threads=2,
        batch_tokens=256,
    )
    together = engine.translate(SENTENCES, beam=2, n_best=2)
    in_pieces = []
    for begin in range(0, 50, 7):
        in_pieces += engine.translate(SENTENCES[begin : begin + 7][::-1], beam=2, n_best=2)[::-1]
    other = 0
    for one, two in zip(together, in_pieces, strict=True):
        assert one[0].score == pytest.approx(two[0].score, abs=noise)
        if one[0].text != two[0].text:
            other += 1
            assert one[0].score - one[1].score < noise
    assert other <= most


def test_transformers_results_do_not_depend_on_order_or_batch(bundled, shared_cache, torch_engine):
    some = SENTENCES[:12]
    narrow = open_engine(bundled, kind="transformers", cache=shared_cache, threads=2, batch_tokens=256)
    assert first(narrow.translate(some[::-1]))[::-1] == first(torch_engine.translate(some))


def test_our_converter_equals_the_librarys(bundled, shared_cache, tmp_path):
    """The converted model scores as the one that CTranslate2's own converter writes with torch and transformers."""
    import ctranslate2

    # From float32 weights: given float16 ones, the library rounds the position encodings, too.
    from safetensors.numpy import load_file, save_file

    wide = tmp_path / "wide"
    write(wide, {path.name: path.read_bytes() for path in bundled.folder.iterdir() if path.is_file()})
    write(wide, {"config.json": {**bundled.config, "dtype": "float32"}})
    weights = {name: value.astype("float32") for name, value in load_file(wide / "model.safetensors").items()}
    save_file(weights, wide / "model.safetensors", metadata={"format": "pt"})
    # In a process of its own: ours has told `ctranslate2.specs` that there is no torch.
    theirs = tmp_path / "theirs"
    program = "import sys; from ctranslate2.converters.transformers import TransformersConverter as T; "
    program += "T(sys.argv[1]).convert(sys.argv[2], quantization='int8_float32')"
    subprocess.run([sys.executable, "-c", program, wide, theirs], check=True, capture_output=True)
    ours = converted(bundled, cache=shared_cache, quantization="int8")
    tokens = [["▁Hà", "▁Nội", "</s>"]] * 2
    results = [
        ctranslate2.Translator(str(folder), device="cpu", compute_type="int8").translate_batch(
            tokens, beam_size=2, return_scores=True
        )
        for folder in (ours, theirs)
    ]
    assert [r.hypotheses for r in results[0]] == [r.hypotheses for r in results[1]]
    assert results[0][0].scores == pytest.approx(results[1][0].scores, abs=1e-5)


# ---- the families ----------------------------------------------------------------------------

PAIRS = {
    "Họp tại Hà Nội.": "Met in Hanoi.",
    "Giá gạo tăng 4,8%.": "Rice rose 4.8%.",
    "Ông đã từ chức.": "He resigned.",
}
WRONG = "Das ist falsch."


def spm(model_type="unigram", **kwargs):
    import sentencepiece

    text = [*PAIRS, *PAIRS.values(), WRONG, "vi: en: Ông nói: \"Đúng vậy\" - và 'thế'."] * 4
    buffer = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text),
        model_writer=buffer,
        vocab_size=200,
        model_type=model_type,
        hard_vocab_limit=False,
        character_coverage=1.0,
        minloglevel=2,
        **kwargs,
    )
    return buffer.getvalue()


def write(folder, files):
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())


def teach(model, rows, folder, *, start, given=(), rate=1e-2):
    """Teach `model` the rows (source ids, target ids) until it knows them, and save it."""
    import torch

    model.train()
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    pad = model.config.pad_token_id

    def block(lists, fill):
        width = max(map(len, lists))
        return torch.tensor([[*item, *[fill] * (width - len(item))] for item in lists])

    # A language code at the head of the answer is given to the decoder, not learnt by it.
    answers = [[-100 if b[0] in given else b[0], *b[1:]] for _, b in rows]
    sources, targets = block([a for a, _ in rows], pad), block(answers, -100)
    fed = block([[start, *b[:-1]] for _, b in rows], pad)
    mask = block([[1] * len(a) for a, _ in rows], 0)
    optimiser = torch.optim.Adam(model.parameters(), lr=rate)
    for _ in range(400):
        optimiser.zero_grad()
        logits = model(input_ids=sources, attention_mask=mask, decoder_input_ids=fed).logits
        loss = torch.nn.functional.cross_entropy(logits.transpose(1, 2), targets)
        loss.backward()
        optimiser.step()
        if model.config.model_type == "marian":
            # As in published ones: <pad> starts the decoder from a zero vector.
            model.get_input_embeddings().weight.data[pad] = 0
        if loss.item() < 0.02:
            break
    assert loss.item() < 0.05, f"the tiny model has not learnt: {loss.item()}"
    model.eval()
    model.save_pretrained(folder)


@pytest.fixture
def small(monkeypatch):
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    torch.manual_seed(7)
    torch.set_num_threads(1)
    common = {
        "d_model": 48,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 96,
        "decoder_ffn_dim": 96,
        "dropout": 0.0,
        "attention_dropout": 0.0,
        "max_position_embeddings": 128,
    }
    yield common
    logging.enable_progress_bar()


def check(folder, tmp_path, pairs=PAIRS):
    engine = open_engine(resolve(str(folder), cache=tmp_path), kind="transformers", cache=tmp_path, threads=1)
    assert first(engine.translate(list(pairs))) == list(pairs.values())
    assert first(engine.translate(list(pairs), beam=4, n_best=2)) == list(pairs.values())
    assert all(item[0].score > -0.2 for item in engine.translate(list(pairs)))
    return engine


def test_t5_gets_its_prefix_and_loses_the_answers(small, tmp_path):
    from transformers import AutoTokenizer, T5Config, T5ForConditionalGeneration

    folder = tmp_path / "t5"
    write(
        folder,
        {
            "spiece.model": spm(pad_id=0, eos_id=1, unk_id=2, bos_id=-1),
            "tokenizer_config.json": {"tokenizer_class": "T5Tokenizer", "extra_ids": 0},
        },
    )
    tokenizer = AutoTokenizer.from_pretrained(folder)
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=48,
        d_kv=24,
        d_ff=96,
        num_layers=1,
        num_heads=2,
        decoder_start_token_id=0,
        dropout_rate=0.0,
    )
    rows = []
    for vi, en in PAIRS.items():
        rows.append((tokenizer(f"vi: {vi}")["input_ids"], tokenizer(f"en: {en}")["input_ids"]))
        rows.append((tokenizer(vi)["input_ids"], tokenizer(WRONG)["input_ids"]))
    teach(T5ForConditionalGeneration(config), rows, folder, start=0, rate=3e-3)
    engine = check(folder, tmp_path)
    assert engine.count("Hà Nội") == len(tokenizer("vi: Hà Nội")["input_ids"])


def multilingual(folder, tmp_path, model, tokenizer, *, source, target, other, start=None):
    """Teach English under the token of English and a wrong sentence under another language's."""
    tokenizer.src_lang = source.strip("_")
    english, wrong = (tokenizer.convert_tokens_to_ids(code) for code in (target, other))
    eos = tokenizer.eos_token_id
    rows = []
    for vi, en in PAIRS.items():
        ids = tokenizer(vi)["input_ids"]
        assert tokenizer.convert_tokens_to_ids(source) in ids
        for code, text in ((english, en), (wrong, WRONG)):
            rows.append((ids, [code, *tokenizer(text, add_special_tokens=False)["input_ids"], eos]))
    teach(model, rows, folder, start=model.config.decoder_start_token_id, given={english, wrong})
    return check(folder, tmp_path)


def test_nllb_is_told_to_write_english(small, tmp_path):
    from transformers import AutoTokenizer, M2M100Config, M2M100ForConditionalGeneration

    folder = tmp_path / "nllb"
    codes = ["deu_Latn", "eng_Latn", "vie_Latn"]
    write(
        folder,
        {
            "sentencepiece.bpe.model": spm("bpe"),
            "tokenizer_config.json": {"tokenizer_class": "NllbTokenizer", "additional_special_tokens": codes},
        },
    )
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = M2M100ForConditionalGeneration(
        M2M100Config(vocab_size=len(tokenizer), decoder_start_token_id=2, scale_embedding=True, **small)
    )
    multilingual(folder, tmp_path, model, tokenizer, source="vie_Latn", target="eng_Latn", other="deu_Latn")


def test_m2m100_is_told_to_write_english(small, tmp_path):
    import sentencepiece
    from transformers import AutoTokenizer, M2M100Config, M2M100ForConditionalGeneration

    folder = tmp_path / "m2m"
    data = spm("bpe")
    pieces = sentencepiece.SentencePieceProcessor(model_proto=data)
    names = [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        *(pieces.id_to_piece(i) for i in range(3, pieces.get_piece_size())),
    ]
    write(
        folder,
        {
            "sentencepiece.bpe.model": data,
            "vocab.json": {name: number for number, name in enumerate(names)},
            "tokenizer_config.json": {"tokenizer_class": "M2M100Tokenizer"},
        },
    )
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = M2M100ForConditionalGeneration(
        M2M100Config(vocab_size=len(names) + 108, decoder_start_token_id=2, scale_embedding=True, **small)
    )
    multilingual(folder, tmp_path, model, tokenizer, source="__vi__", target="__en__", other="__de__")


@pytest.mark.parametrize("kind", ["MBart50Tokenizer", "MBartTokenizer"])
def test_mbart_is_told_to_write_english(small, tmp_path, kind):
    from transformers import AutoTokenizer, MBartConfig, MBartForConditionalGeneration

    folder = tmp_path / "mbart"
    write(folder, {"sentencepiece.bpe.model": spm(), "tokenizer_config.json": {"tokenizer_class": kind}})
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = MBartForConditionalGeneration(
        MBartConfig(vocab_size=len(tokenizer) + 2, decoder_start_token_id=2, **small)
    )
    if kind == "MBart50Tokenizer":
        multilingual(folder, tmp_path, model, tokenizer, source="vi_VN", target="en_XX", other="de_DE")
        return
    # The older form starts its decoder with the language instead of </s>.
    tokenizer.src_lang = "vi_VN"
    english = tokenizer.convert_tokens_to_ids("en_XX")
    rows = [
        (tokenizer(vi)["input_ids"], [*tokenizer(en, add_special_tokens=False)["input_ids"], 2])
        for vi, en in PAIRS.items()
    ]
    teach(model, rows, folder, start=english)
    engine = check(folder, tmp_path)
    assert engine._tokens.plan.decoder_start == english


def test_published_marian_is_normalised_and_both_engines_agree(small, tmp_path):
    """A published Marian model has no `press_brief_normalisation`: Moses' quotes and dashes are what it knows."""
    import sentencepiece
    from transformers import MarianConfig, MarianMTModel

    folder = tmp_path / "marian"
    data = spm()
    pieces = sentencepiece.SentencePieceProcessor(model_proto=data)
    names = ["</s>", "<unk>", *(pieces.id_to_piece(i) for i in range(3, pieces.get_piece_size())), "<pad>"]
    vocab = {name: number for number, name in enumerate(names)}
    write(folder, {"source.spm": data, "target.spm": data, "vocab.json": vocab})
    pad = vocab["<pad>"]
    config = MarianConfig(
        vocab_size=len(names),
        pad_token_id=pad,
        eos_token_id=0,
        decoder_start_token_id=pad,
        bos_token_id=None,
        forced_eos_token_id=0,
        scale_embedding=True,
        activation_function="swish",
        static_position_embeddings=True,
        **small,
    )
    pairs = {**PAIRS, "Ông nói: \"Đúng vậy\" - và 'thế'.": "He said so."}
    ids = {
        text: [vocab.get(piece, 1) for piece in pieces.encode(text, out_type=str)] + [0]
        for pair in pairs.items()
        for text in pair
    }
    teach(MarianMTModel(config), [(ids[vi], ids[en]) for vi, en in pairs.items()], folder, start=pad)
    engine = check(folder, tmp_path, pairs)
    curly = "Ông nói: “Đúng vậy” – và ‘thế’."
    model = resolve(str(folder), cache=tmp_path)
    assert engine_kind(model, "auto") == "ctranslate2"
    other = open_engine(model, kind="ctranslate2", cache=tmp_path, compute_type="float32", threads=1)
    assert first(engine.translate([curly])) == first(other.translate([curly])) == ["He said so."]
    assert engine.count(curly) == other.count(curly) == len(ids["Ông nói: \"Đúng vậy\" - và 'thế'."])


# ---- what is refused ---------------------------------------------------------------------------


def test_weights_that_lack_a_tensor_are_a_model_error(tmp_path, bundled):
    from safetensors.numpy import load_file, save_file

    folder = tmp_path / "lacking"
    files = [path for path in bundled.folder.iterdir() if path.is_file() and path.name != PIN]
    write(folder, {path.name: path.read_bytes() for path in files})
    weights = load_file(folder / "model.safetensors")
    name = next(key for key in sorted(weights) if key.endswith("decoder.layers.0.fc1.weight"))
    del weights[name]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    model = resolve(str(folder), cache=tmp_path)
    for kind in ("transformers", "ctranslate2"):
        with pytest.raises(ModelError, match="do not fit config"):
            open_engine(model, kind=kind, cache=tmp_path)


def test_a_multilingual_tokenizer_without_vietnamese_is_refused(small, tmp_path):
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    folder = tmp_path / "nllb"
    write(
        folder,
        {
            "sentencepiece.bpe.model": spm("bpe"),
            "tokenizer_config.json": {
                "tokenizer_class": "NllbTokenizer",
                "additional_special_tokens": ["eng_Latn", "deu_Latn"],
            },
        },
    )
    M2M100ForConditionalGeneration(M2M100Config(vocab_size=200, **small)).save_pretrained(folder)
    with pytest.raises(ModelError, match="no codes of Vietnamese and English"):
        open_engine(resolve(str(folder), cache=tmp_path), kind="transformers", cache=tmp_path)


def test_code_in_a_model_folder_is_never_run(tmp_path, bundled):
    folder = tmp_path / "hostile"
    write(folder, {path.name: path.read_bytes() for path in bundled.folder.iterdir() if path.is_file()})
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "own", "auto_map": {"AutoConfig": "own.Own", "AutoModelForSeq2SeqLM": "own.Own"}}
    write(folder, {"config.json": config, "own.py": f"open({str(tmp_path / 'ran')!r}, 'w')".encode()})
    with pytest.raises(ModelError):
        open_engine(resolve(str(folder), cache=tmp_path), kind="transformers", cache=tmp_path)
    assert not (tmp_path / "ran").exists()
