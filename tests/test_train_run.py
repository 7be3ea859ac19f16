"""`press-brief train` as a person runs it: it learns, it goes on after a kill, it refuses what it must."""

import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from train_pairs import pairs as grammar_pairs
from train_pairs import write_pairs

from jobs.errors import ConfigError
from jobs.terminal import Reporter
from jobs.train.checkpoint import load
from jobs.train.command import run_training
from jobs.train.config import load_train_config
from jobs.train.equality import differences, greedy
from jobs.train.prepare import prepare
from jobs.train.trainer import Trainer, _Interruption, chrf
from jobs.translate.engine import open_engine
from jobs.translate.models import resolve
from jobs.translate.translator import unsure_below

ROOT = Path(__file__).resolve().parent.parent
SETTINGS = """
work: work
model_folder: model
seed: 3
links: {aligner: own}
subwords: {vocabulary: 1000}
model: {d_model: 64, heads: 2, ffn: 128, encoder_layers: 2, decoder_layers: 1, dropout: 0.05}
"""
LEARN = """
data: {pairs: [pairs.tsv], validation_pairs: 60}
training: {steps: 200, tokens: 1024, rate: 0.003, warmup: 40, schedule: wsd, cooldown: 0.3,
           guide_steps: 120, precision: float32, average: 0.97, threads: 1}
report: {log_every: 50, save_every: 100, validate_every: 200, equality_sentences: 20}
"""
SHORT = """
data: {pairs: [pairs.tsv], validation_pairs: 8}
training: {steps: 40, tokens: 512, rate: 0.003, warmup: 10, guide_steps: 30, precision: float32, threads: 1}
report: {log_every: 5, save_every: 8, validate_every: 20, equality_sentences: 0}
"""


def logged(work):
    return list(csv.DictReader((work / "log.csv").read_text(encoding="utf-8").splitlines()))


def configured(folder, count, more):
    folder.mkdir(exist_ok=True)
    write_pairs(folder / "pairs.tsv", grammar_pairs(count))
    (folder / "train.yaml").write_text(SETTINGS + more, encoding="utf-8")
    return folder / "train.yaml"


# ---- learning --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def learnt(tmp_path_factory, press_brief):
    """A model trained on 2,000 pairs by the command, and what the command said."""
    path = configured(tmp_path_factory.mktemp("learn"), 2000, LEARN)
    return path, press_brief("train", "--config", path, timeout=600)


def test_a_trained_model_has_learnt_what_an_untrained_one_cannot_know(learnt, tmp_path):
    path, done = learnt
    assert done.returncode == 0, done.stderr
    model = path.parent / "model"
    assert done.stdout == f"{model}\n"
    config = load_train_config(path)
    prepared = prepare(config, Reporter(0))
    held_out = {pair.vi for pair in prepared.validation}
    known = [(vi, en) for vi, en in grammar_pairs(2000) if vi not in held_out][:120]
    source, reference = [vi for vi, _ in known], [en for _, en in known]
    blank = config.model_copy(update={"work": tmp_path})
    untrained = Trainer(blank, prepared, Reporter(0))
    before = chrf(untrained.translate(source), reference)
    after = chrf(greedy(model, source, compute_type="int8", threads=1, cache=tmp_path), reference)
    assert before < 30
    assert after > 80
    validated = [pair.en for pair in prepared.validation]
    unseen = greedy(model, [pair.vi for pair in prepared.validation], threads=1, cache=tmp_path)
    assert chrf(unseen, validated) > 75


def test_the_engines_agree_on_the_trained_model(learnt, tmp_path):
    path, done = learnt
    assert "comparing transformers and CTranslate2 on 20 sentences" in done.stderr
    card = (path.parent / "model" / "README.md").read_text(encoding="utf-8")
    assert "equal on 20 of 20 sentences" in card
    assert "| press | 1940 | 1 | to be stated |" in card
    fresh = [vi for vi, _ in grammar_pairs(30, seed=99)]
    assert differences(path.parent / "model", fresh, threads=1, cache=tmp_path) == []


def test_the_model_names_the_confidence_below_which_its_english_needs_a_look(learnt, tmp_path):
    path, done = learnt
    model = resolve(str(path.parent / "model"), cache=tmp_path)
    mark = unsure_below(model)
    assert f"a confidence below {mark} will be flagged" in done.stderr
    engine = open_engine(model, kind="ctranslate2", cache=tmp_path, compute_type="int8", threads=1)
    known = [vi for vi, _ in grammar_pairs(2000)[:60]]
    strange = ["Đoàn tàu vượt đèo trong mưa tuyết dày đặc.", "Nghệ nhân nặn tò he kể chuyện làng nghề."] * 5
    low = [item[0].score < mark for item in engine.translate(strange, beam=2)]
    usual = [item[0].score < mark for item in engine.translate(known, beam=2)]
    assert sum(low) / len(low) > 0.8
    assert sum(usual) / len(usual) < 0.3


def test_the_equality_check_sees_a_wrong_export(learnt, tmp_path):
    """transformers starts the decoder with the token that the folder names; CTranslate2 with Marian's zero vector."""
    broken = tmp_path / "model"
    shutil.copytree(learnt[0].parent / "model", broken)
    generation = json.loads((broken / "generation_config.json").read_text())
    generation["decoder_start_token_id"] = 300
    (broken / "generation_config.json").write_text(json.dumps(generation))
    sentences = [vi for vi, _ in grammar_pairs(20)]
    assert len(differences(broken, sentences, threads=1, cache=tmp_path)) > 2


def test_the_job_translates_with_the_trained_model(learnt, press_brief, tmp_path):
    (tmp_path / "c.yaml").write_text(f"model: {learnt[0].parent / 'model'}\ncache: cache\n", encoding="utf-8")
    asked = list(dict(grammar_pairs(40)).items())
    done = press_brief(
        "translate", "--config", tmp_path / "c.yaml", stdin="".join(f"{vi}\n" for vi, _ in asked)
    )
    assert done.returncode == 0, done.stderr
    # A sentence, its English two spaces in, its flags behind an exclamation mark.
    english = [line[2:] for line in done.stdout.splitlines() if re.match(r"  [^ !]", line)]
    assert len(english) == len(asked)
    assert chrf(english, [en for _, en in asked]) > 80


def test_log_and_curve_are_left_in_the_work_folder(learnt):
    work = learnt[0].parent / "work"
    entries = logged(work)
    assert [int(entry["step"]) for entry in entries] == [50, 100, 150, 200]
    assert float(entries[-1]["nll"]) < 0.3 * float(entries[0]["nll"])
    assert float(entries[-1]["chrf"]) > 75
    assert (work / "curve.svg").read_text(encoding="utf-8").startswith("<svg ")
    leftovers = [path.name for path in work.iterdir() if path.name.startswith(".") and path.name != ".lock"]
    assert leftovers == []
    assert not [path for path in work.rglob("*") if path.suffix in {".pt", ".pkl", ".bin"}]


def test_called_again_a_finished_training_only_exports(learnt, capsys):
    path, _ = learnt
    before = (path.parent / "model" / "model.safetensors").read_bytes()
    log = (path.parent / "work" / "log.csv").read_bytes()
    shutil.rmtree(path.parent / "model")
    assert (
        run_training(load_train_config(path), Reporter(1), fresh=False, minutes=None) == path.parent / "model"
    )
    assert "going on from step 200" in capsys.readouterr().err
    assert (path.parent / "model" / "model.safetensors").read_bytes() == before
    assert (path.parent / "work" / "log.csv").read_bytes() == log


# ---- kills ------------------------------------------------------------------------------------------

# Runs the command, and kills its own process at a place in it: before a step, or between writing and renaming.
DRIVER = """
import os, signal, sys
from pathlib import Path
where, number, config = sys.argv[1], int(sys.argv[2]), sys.argv[3]
from jobs.train import trainer

def kill(how=signal.SIGKILL):
    os.kill(os.getpid(), how)

if where in ("step", "terminate", "interrupt"):
    how = {"step": signal.SIGKILL, "terminate": signal.SIGTERM, "interrupt": signal.SIGINT}[where]
    step = trainer.Trainer._step
    def watched(self, chosen):
        if self.state.step == number:
            kill(how)
        step(self, chosen)
    trainer.Trainer._step = watched
elif where == "rename":
    replace, seen = Path.replace, []
    def watched(self, target):
        if Path(target).name == "last.safetensors":
            seen.append(1)
            if len(seen) == number:
                kill()
        return replace(self, target)
    Path.replace = watched
sys.argv = ["press-brief", "train", "--config", config]
from jobs.cli import main
main()
"""


def driven(where, number, config):
    return subprocess.run(
        [sys.executable, "-c", DRIVER, where, str(number), str(config)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def outcome(folder):
    """Return everything that training left, without the seconds it took."""
    tensors, state = load(folder / "work" / "last.safetensors")
    entries = logged(folder / "work")
    best = load_file(folder / "work" / "best.safetensors")
    return {
        "tensors": tensors,
        "best": best,
        "state": state.model_copy(update={"seconds": 0.0}),
        "log": [{key: value for key, value in entry.items() if key != "seconds"} for entry in entries],
        "model": (folder / "model" / "model.safetensors").read_bytes(),
    }


@pytest.fixture(scope="module")
def straight(tmp_path_factory):
    """A short training that nothing disturbed."""
    path = configured(tmp_path_factory.mktemp("straight") / "a", 400, SHORT)
    done = driven("never", 0, path)
    assert done.returncode == 0, done.stderr
    return path.parent


def continued(straight, folder, stops):
    """Train a copy of the prepared data through `stops`; return its folder."""
    path = configured(folder, 400, SHORT)
    (prepared,) = (straight / "work").glob("prepared-*")
    shutil.copytree(prepared, folder / "work" / prepared.name)
    for where, number, code in stops:
        done = driven(where, number, path)
        assert done.returncode == code, done.stderr
        assert not (folder / "model").exists()
    done = driven("never", 0, path)
    assert done.returncode == 0, done.stderr
    assert "going on from step" in done.stderr
    return folder


def same(one, other):
    for kind in ("tensors", "best"):
        assert set(one[kind]) == set(other[kind])
        for name, values in one[kind].items():
            assert torch.equal(values, other[kind][name]), name
    for kind in ("state", "log", "model"):
        assert one[kind] == other[kind], kind


def test_after_kills_the_weights_equal_those_of_an_undisturbed_training(straight, tmp_path):
    stops = [
        ("step", 13, -signal.SIGKILL),  # in the middle between two checkpoints
        ("rename", 2, -signal.SIGKILL),  # a checkpoint is written and not yet in its place
        ("terminate", 29, 143),  # ends after saving
    ]
    folder = continued(straight, tmp_path / "b", stops)
    one, other = outcome(straight), outcome(folder)
    assert one["state"].step == 40
    assert one["state"].epoch > 0  # the data order of a second epoch is part of what is compared
    same(one, other)
    leftovers = [path.name for path in (folder / "work").iterdir() if path.name.startswith(".")]
    assert leftovers == [".lock"]


@pytest.mark.parametrize(
    ("number", "error"), [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, SystemExit)]
)
def test_an_interrupt_waits_until_the_step_is_saved(number, error):
    before = signal.getsignal(number)
    with _Interruption() as interruption:
        interruption.raise_if_any()
        os.kill(os.getpid(), number)
        assert interruption.number == number  # nothing was raised by the signal itself
        with pytest.raises(error) as caught:
            interruption.raise_if_any()
    assert error is KeyboardInterrupt or caught.value.code == 143
    assert signal.getsignal(number) is before


def test_another_seed_gives_other_weights(straight, tmp_path):
    """The comparison above can fail: the same training with another order of the data ends elsewhere."""
    config = load_train_config(straight / "train.yaml")
    other = config.model_copy(update={"work": tmp_path, "seed": 4})
    trainer = Trainer(other, prepare(config, Reporter(0)), Reporter(0))
    trainer.run()
    tensors, _ = load(straight / "work" / "last.safetensors")
    assert not torch.equal(trainer.weights.tensors()["master"], tensors["master"])


# ---- the command ------------------------------------------------------------------------------------


def test_settings_changed_under_a_checkpoint_are_refused_until_fresh(straight, tmp_path):
    folder = tmp_path / "d"
    shutil.copytree(straight, folder)
    path = folder / "train.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("rate: 0.003", "rate: 0.002"), encoding="utf-8")
    config = load_train_config(path)
    with pytest.raises(ConfigError, match="--fresh"):
        run_training(config, Reporter(0), fresh=False, minutes=None)
    assert run_training(config, Reporter(0), fresh=True, minutes=1e-9) == folder / "model"
    assert load(folder / "work" / "last.safetensors")[1].step == 1
    assert [entry["step"] for entry in logged(folder / "work")] == ["1"]
    assert (folder / "model" / "model.safetensors").read_bytes() != (
        straight / "model" / "model.safetensors"
    ).read_bytes()


def test_a_held_work_folder_exits_11(straight, press_brief):
    from filelock import FileLock

    with FileLock(straight / "work" / ".lock"):
        done = press_brief("train", "--config", straight / "train.yaml")
    assert done.returncode == 11
    assert "another training holds" in done.stderr


def test_a_foreign_model_folder_is_refused_before_anything_is_done(tmp_path, press_brief):
    path = configured(tmp_path / "e", 20, SHORT)
    (path.parent / "model").mkdir()
    (path.parent / "model" / "thesis.txt").write_text("years of work")
    done = press_brief("train", "--config", path)
    assert done.returncode == 2
    assert "would be replaced" in done.stderr
    assert not (path.parent / "work").exists()


def test_help_begins_with_examples(press_brief):
    done = press_brief("train", "--help")
    assert done.returncode == 0
    assert done.stdout.startswith("Examples:\n  press-brief train --config train.yaml")
    for option in ("--config", "--resume / --fresh", "--minutes", "--quiet", "--verbose"):
        assert option in done.stdout


def test_configuration_errors_load_nothing_heavy(tmp_path):
    (tmp_path / "t.yaml").write_text("wrk: x\n", encoding="utf-8")
    program = """
import sys
from pathlib import Path
import jobs.train.command
from jobs.errors import ConfigError
from jobs.train.command import run_training
from jobs.train.config import load_train_config
try:
    load_train_config(Path(sys.argv[1]))
except ConfigError:
    print(*sorted({"torch", "numpy", "transformers", "ctranslate2", "scipy"} & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "t.yaml")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout == "\n"
