"""The network, its loss and its weights: equal to the reference implementations, reproducible, restorable."""

import json
import math
from itertools import pairwise

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from torch.nn import functional
from train_pairs import pairs as grammar_pairs

from jobs.train.batches import assemble, epoch_batches
from jobs.train.checkpoint import State, load, save
from jobs.train.config import LinksConfig, ModelConfig, SubwordsConfig, TrainingConfig
from jobs.train.curve import Entry, Log, curve
from jobs.train.export import on_int8_grid, published, write_model
from jobs.train.links import chosen_aligner, link, linked_share
from jobs.train.loss import OutputLoss, guidance
from jobs.train.network import Network
from jobs.train.rows import Rows
from jobs.train.subwords import open_subwords, train_subwords, vocabulary
from jobs.train.warm import warm_embeddings
from jobs.train.weights import FlatWeights, learning_rate, precision

SHAPE = ModelConfig(d_model=32, heads=2, ffn=48, encoder_layers=2, decoder_layers=2, dropout=0.0)
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def subwords():
    texts = [text for pair in grammar_pairs(300) for text in pair]
    return train_subwords(texts, SubwordsConfig(vocabulary=700), seed=1)


@pytest.fixture(scope="module")
def rows(subwords):
    processor = open_subwords(subwords)
    built = Rows.build([(processor.encode(vi), processor.encode(en)) for vi, en in grammar_pairs(400)])
    return link(built, LinksConfig(aligner="own"), seed=1)


@pytest.fixture(autouse=True, scope="module")
def _one_thread():
    """Tiny products are slower on many threads, far slower where something else runs beside them."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def network(size, *, seed=3, shape=SHAPE, dtype=torch.float32):
    return Network(shape, size, seed=seed, dtype=dtype, device=CPU)


def scrambled(net):
    """Random values everywhere, so that no bias or norm is at its start and hides a mistake."""
    with torch.no_grad():
        for values in net.parameters():
            values.add_(
                torch.randn(values.shape, generator=torch.Generator().manual_seed(values.numel())) * 0.2
            )
        net.shared.weight[-1] = 0
    return net


# ---- equal to the reference ------------------------------------------------------------------


def test_the_exported_folder_is_the_same_function_in_transformers(subwords, rows, tmp_path):
    from transformers import MarianMTModel
    from transformers.utils import logging

    logging.disable_progress_bar()
    size = len(vocabulary(open_subwords(subwords)))
    net = scrambled(network(size))
    named = {name: values.detach().numpy() for name, values in net.named_parameters()}
    write_model(tmp_path, named, subwords, SHAPE, card="card")
    # The file holds rounded values; with those, nothing but a mistake can differ.
    stored = load_file(tmp_path / "model.safetensors")
    with torch.no_grad():
        for name, values in net.named_parameters():
            kept = stored["final_logits_bias"][0, :-1] if name == "output_bias" else stored[f"model.{name}"]
            torch.testing.assert_close(torch.from_numpy(kept).float(), values, rtol=0.01, atol=0.02)
            values.copy_(torch.from_numpy(kept))
    reference, report = MarianMTModel.from_pretrained(
        tmp_path, dtype=torch.float32, local_files_only=True, output_loading_info=True
    )
    assert not report["missing_keys"]
    assert not report["unexpected_keys"]
    assert not report["mismatched_keys"]
    batch = assemble(rows, np.arange(6), size - 1)
    with torch.no_grad():
        ours = net(batch.source, batch.target)[0] @ net.shared.weight[:-1].T + net.output_bias
        theirs = reference(
            input_ids=batch.source,
            attention_mask=(batch.source != size - 1).long(),
            decoder_input_ids=batch.target,
        ).logits
    real = batch.labels != size - 1
    torch.testing.assert_close(ours[real], theirs[..., :-1][real], rtol=1e-4, atol=1e-4)
    assert float(theirs[..., -1][real].max()) < -1000  # <pad> is never generated


def test_transformers_own_tokenizer_reads_the_folder(subwords, tmp_path):
    from transformers import MarianTokenizer

    from jobs.translate.tokens import MarianTokens

    size = len(vocabulary(open_subwords(subwords)))
    named = {name: values.detach().numpy() for name, values in network(size).named_parameters()}
    write_model(tmp_path, named, subwords, SHAPE, card="card")
    tokenizer = MarianTokenizer.from_pretrained(tmp_path)
    ours = MarianTokens(tmp_path, plain=True)
    for vi, _ in grammar_pairs(20):
        assert tokenizer(vi)["input_ids"] == [ours.vocabulary[piece] for piece in ours.encode(vi)]
    config = json.loads((tmp_path / "config.json").read_text())
    assert config["press_brief_code_switched"] is True
    assert config["press_brief_normalisation"] is True
    weights = load_file(tmp_path / "model.safetensors")
    assert {str(value.dtype) for value in weights.values()} == {"float16"}
    assert not weights["model.shared.weight"][-1].any()
    assert (tmp_path / "README.md").read_text() == "card"


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_chunked_loss_and_its_gradients_equal_torchs(smoothing):
    draw = torch.Generator().manual_seed(0)
    count, size, width = 600, 50, 12  # more than two chunks
    labels = torch.randint(0, size, (count,), generator=draw)
    start = [torch.randn(shape, generator=draw) for shape in ((count, width), (size, width), (size,))]
    results = []
    for ours in (True, False):
        states, weight, bias = (part.clone().requires_grad_() for part in start)
        if ours:
            loss, likelihood = OutputLoss.apply(states, weight, bias, labels, smoothing)
        else:
            logits = states @ weight.T + bias
            loss = functional.cross_entropy(logits, labels, label_smoothing=smoothing)
            likelihood = functional.cross_entropy(logits, labels)
        (3 * loss).backward()
        results.append([loss.detach(), likelihood.detach(), states.grad, weight.grad, bias.grad])
    for one, other in zip(*results, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)


def test_a_shorter_neighbour_or_padding_changes_nothing(rows, subwords):
    size = len(vocabulary(open_subwords(subwords)))
    net = scrambled(network(size))
    lengths = np.diff(rows.target_at) + np.diff(rows.source_at)
    short, long = int(lengths.argmin()), int(lengths.argmax())
    with torch.no_grad():
        alone, together = (assemble(rows, np.array(chosen), size - 1) for chosen in ([short], [short, long]))
        one = net(alone.source, alone.target)[0][0]
        both = net(together.source, together.target)[0][0]
    real = alone.labels[0] != size - 1
    assert together.source.shape[1] > alone.source.shape[1]
    torch.testing.assert_close(one[real], both[: len(real)][real], rtol=1e-4, atol=1e-5)


def test_the_decoder_sees_no_later_word(rows, subwords):
    size = len(vocabulary(open_subwords(subwords)))
    net = scrambled(network(size))
    batch = assemble(rows, np.arange(1), size - 1)
    changed = batch.target.clone()
    changed[0, 5] = 7 if int(changed[0, 5]) != 7 else 8
    with torch.no_grad():
        one, other = net(batch.source, batch.target)[0], net(batch.source, changed)[0]
    assert torch.equal(one[0, :5], other[0, :5])
    assert not torch.allclose(one[0, 5:], other[0, 5:])


def test_guided_attention_learns_its_links(rows, subwords):
    size = len(vocabulary(open_subwords(subwords)))
    net = network(size)
    flat = FlatWeights(net, TrainingConfig(rate=0.01, warmup=0, steps=60))
    batch = assemble(rows, np.arange(32), size - 1)
    linked = (batch.links >= 0) & (batch.labels != size - 1)
    losses = []
    for step in range(60):
        _, given = net(batch.source, batch.target, batch.links.clamp(min=0))
        assert len(given) == SHAPE.decoder_layers
        assert given[0].shape == batch.links.shape
        loss = guidance(given, linked)
        loss.backward()
        flat.step(step)
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.5 * losses[0]


def test_exported_weights_are_on_the_int8_grid_and_stay_there():
    weights = torch.randn((40, 64), generator=torch.Generator().manual_seed(0)).numpy()
    weights[3] = 0
    once = on_int8_grid(weights)
    level = np.abs(weights).max(axis=1, keepdims=True) / 127
    assert (np.abs(once - weights) <= 0.5001 * level).all()
    kept = once.astype(np.float16).astype(np.float32)  # as the file holds it
    same = np.abs(kept).max(axis=1, keepdims=True) / 127
    steps = [np.rint(part / np.where(one == 0, 1, one)) for part, one in ((once, level), (kept, same))]
    assert (steps[0] == steps[1]).all()
    assert np.abs(steps[0]).max() == 127


# ---- batches --------------------------------------------------------------------------------------


def test_an_epoch_has_every_row_once_within_the_budget_and_depends_on_seed_and_epoch_alone(rows):
    epoch = epoch_batches(rows, 256, seed=1, epoch=0)
    assert sorted(np.concatenate(epoch).tolist()) == list(range(len(rows)))
    for chosen in epoch:
        batch = assemble(rows, chosen, 699)
        assert max(batch.source.numel(), batch.labels.numel()) <= 256 or len(chosen) == 1
        assert batch.source.shape[1] % 4 == batch.labels.shape[1] % 4 == 0

    def order(**wanted):
        return [chosen.tolist() for chosen in epoch_batches(rows, 256, **wanted)]

    assert order(seed=1, epoch=0) == [chosen.tolist() for chosen in epoch]
    assert order(seed=1, epoch=1) != order(seed=1, epoch=0) != order(seed=2, epoch=0)


def test_a_batch_is_shifted_closed_and_padded():
    rows = Rows.build([([5, 6], [7, 8, 9, 10, 11]), ([5], [7])])
    batch = assemble(rows, np.array([0, 1]), 99)
    assert batch.source.tolist() == [[5, 6, 0, 99], [5, 0, 99, 99]]
    assert batch.labels.tolist() == [[7, 8, 9, 10, 11, 0, 99, 99], [7, 0, *[99] * 6]]
    assert batch.target.tolist() == [[99, 7, 8, 9, 10, 11, 0, 99], [99, 7, 0, *[99] * 5]]
    # Without word links, only the end looks at the end.
    assert batch.links.tolist() == [[-1, -1, -1, -1, -1, 2, -1, -1], [-1, 1, *[-1] * 6]]


# ---- links and warm start ---------------------------------------------------------------------------


def toy_language(count=400, words=30):
    """Source word n is target word n + 100, in another order."""
    rng = np.random.default_rng(0)
    pairs, links = [], []
    for _ in range(count):
        source = rng.choice(np.arange(2, words), size=rng.integers(3, 8), replace=False).tolist()
        order = rng.permutation(len(source)).tolist()
        pairs.append((source, [source[place] + 100 for place in order]))
        links += order
    return Rows.build(pairs), links


def test_our_aligner_finds_translations_off_the_diagonal():
    rows, truth = toy_language()
    found = link(rows, LinksConfig(aligner="own", sample=300), seed=1)
    right = [one == other for one, other in zip(found.links.tolist(), truth, strict=True)]
    assert sum(right) / len(right) > 0.95
    assert linked_share(link(rows, LinksConfig(aligner="none"), seed=1)) == 0


def test_warm_embeddings_bring_translations_together():
    rows, _ = toy_language(800)
    rows = link(rows, LinksConfig(aligner="own"), seed=1)
    table, bias = warm_embeddings(rows, 140, 32, seed=1)
    assert table.shape == (140, 32)
    assert not table[-1].any()
    np.testing.assert_allclose(np.linalg.norm(table[:-1], axis=1), 1, atol=1e-4)
    nearest = (table[2:30] @ table[100:130].T).argmax(1) - np.arange(2, 30)
    assert (nearest == 0).mean() > 0.9
    assert bias[105] > bias[50]  # met as a target, and never met
    again, _ = warm_embeddings(rows, 140, 32, seed=1)
    assert np.array_equal(table, again)


def test_eflomal_by_name_needs_eflomal(monkeypatch):
    import importlib.util

    from jobs.errors import ConfigError

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert chosen_aligner(LinksConfig()) == "own"
    with pytest.raises(ConfigError, match="eflomal is not installed"):
        chosen_aligner(LinksConfig(aligner="eflomal"))


# ---- weights ------------------------------------------------------------------------------------


def test_schedules():
    square = TrainingConfig(rate=0.1, warmup=10, steps=100)
    assert [round(learning_rate(square, step), 4) for step in (0, 4, 9, 39)] == [0.01, 0.05, 0.1, 0.05]
    wsd = square.model_copy(update={"schedule": "wsd", "cooldown": 0.2})
    rates = [learning_rate(wsd, step) for step in range(100)]
    assert rates[9:80] == [0.1] * 71
    assert rates[99] == 0
    assert all(one > other for one, other in pairwise(rates[79:]))
    assert learning_rate(wsd.model_copy(update={"cooldown": 0}), 99) == 0.1


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_flat_weights_do_what_adamw_does_and_come_back_from_a_checkpoint(tmp_path, dtype):
    settings = TrainingConfig(rate=0.01, warmup=0, steps=100, clip=0.5)

    def gradients(net, step):
        for place, values in enumerate(net.parameters()):
            draw = torch.Generator().manual_seed(1000 * step + place)
            values.grad.copy_(torch.randn(values.shape, generator=draw))

    straight, other = network(60, dtype=dtype), network(60, dtype=dtype)
    flat, first = FlatWeights(straight, settings), FlatWeights(other, settings)
    plain = network(60)  # torch's own clipping and AdamW, tensor by tensor
    with torch.no_grad():
        for values, wanted in zip(plain.parameters(), flat.named(flat.master).values(), strict=True):
            values.copy_(wanted)
    adam = torch.optim.AdamW(
        plain.parameters(), betas=(0.9, 0.98), eps=1e-8, weight_decay=settings.weight_decay
    )
    for step in range(6):
        gradients(straight, step)
        for values, low in zip(plain.parameters(), straight.parameters(), strict=True):
            values.grad = low.grad.float().clone()
        torch.nn.utils.clip_grad_norm_(plain.parameters(), settings.clip)
        adam.param_groups[0]["lr"] = learning_rate(settings, step)
        adam.step()
        flat.step(step)
    for values, wanted in zip(plain.parameters(), flat.named(flat.master).values(), strict=True):
        torch.testing.assert_close(values.detach(), wanted, rtol=1e-4, atol=1e-5)
    for step in range(3):
        gradients(other, step)
        first.step(step)
    save(tmp_path / "c.safetensors", first.tensors(), State(run="x", step=3))
    fresh = network(60, seed=99, dtype=dtype)
    restored = FlatWeights(fresh, settings)
    tensors, state = load(tmp_path / "c.safetensors")
    restored.restore(tensors)
    assert state == State(run="x", step=3)
    for step in range(3, 6):
        gradients(fresh, step)
        restored.step(step)
    for name, values in flat.tensors().items():
        assert torch.equal(values, restored.tensors()[name]), name
    for one, two in zip(straight.parameters(), fresh.parameters(), strict=True):
        assert one.dtype == dtype
        assert torch.equal(one, two)


def test_a_step_without_a_finite_gradient_is_left_out():
    net = network(60)
    flat = FlatWeights(net, TrainingConfig())
    before = flat.master.clone()
    net.shared.weight.grad[0, 0] = math.inf
    assert not math.isfinite(flat.step(0))
    assert torch.equal(flat.master, before)
    assert not any(values.grad.any() for values in net.parameters())


def test_a_damaged_checkpoint_says_what_to_do(tmp_path):
    from jobs.errors import PressBriefError

    assert load(tmp_path / "none") is None
    (tmp_path / "last.safetensors").write_bytes(b"\x10" + bytes(40))
    with pytest.raises(PressBriefError, match="--fresh"):
        load(tmp_path / "last.safetensors")


def test_precision_follows_the_processor(monkeypatch):
    import jobs.train.weights as module

    for native, wanted in ((True, torch.bfloat16), (False, torch.float32)):
        monkeypatch.setattr(module, "_native_bfloat16", lambda native=native: native)
        assert precision(TrainingConfig(), CPU) == wanted
    assert precision(TrainingConfig(precision="bfloat16"), CPU) == torch.bfloat16
    assert precision(TrainingConfig(), torch.device("cuda")) == torch.bfloat16


# ---- log and publishing -----------------------------------------------------------------------------


def test_the_log_is_cut_back_to_the_checkpoint_and_drawn(tmp_path):
    log = Log(tmp_path / "log.csv")
    for step in (10, 20, 30):
        score = 40.0 + step if step != 20 else None
        log.add(Entry(step, 0, step, 5.0 - step / 10, 0.1, 1e-3, 1.0, score, 1.0))
    resumed = Log.resumed(tmp_path / "log.csv", 20)
    assert resumed.entries == log.entries[:2]
    drawing = (tmp_path / "curve.svg").read_text()
    assert drawing == curve(log.entries)
    assert "best 70.0" in drawing
    assert drawing.count("<circle") == 2
    assert len(drawing) < 3000


def test_a_failed_export_leaves_the_old_model_and_nothing_beside_it(tmp_path):
    place = tmp_path / "model"
    with published(place) as folder:
        (folder / "a").write_text("old")

    def fail():
        with published(place) as folder:
            (folder / "a").write_text("new")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (place / "a").read_text() == "old"
    with published(place) as folder:
        (folder / "b").write_text("new")
    assert [path.name for path in place.iterdir()] == ["b"]
    assert [path.name for path in tmp_path.iterdir()] == ["model"]
