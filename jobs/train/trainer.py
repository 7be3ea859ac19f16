"""The training loop: prepared rows in, checkpoints, a log and the best averaged weights out.

Every step is a function of (weights, seed, step): the order of the data comes from (seed, epoch), the dropout
from (seed, step). So a training that was killed and goes on from its last checkpoint ends with the same weights,
bit for bit on the same machine with the same number of threads, as one that was not. Raises `ConfigError` where
the checkpoint belongs to other settings.
"""

from __future__ import annotations

import math
import os
import signal
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from jobs.errors import ConfigError, PressBriefError
from jobs.store import storage
from jobs.train.batches import assemble, epoch_batches
from jobs.train.checkpoint import BEST, LAST, State, load, save
from jobs.train.curve import Entry, Log
from jobs.train.equality import greedy
from jobs.train.export import write_model
from jobs.train.loss import OutputLoss, guidance
from jobs.train.network import Network
from jobs.train.subwords import open_subwords, vocabulary
from jobs.train.warm import warm_embeddings
from jobs.train.weights import FlatWeights, learning_rate, precision

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jobs.terminal import Reporter
    from jobs.train.config import TrainConfig
    from jobs.train.prepare import Prepared

# So many steps in a row without a finite gradient, and it will not come back.
_LOST = 25


class Trainer:
    """A training in its work folder. `run` it, then take `best`."""

    def __init__(
        self, config: TrainConfig, prepared: Prepared, reporter: Reporter, *, fresh: bool = False
    ) -> None:
        self._config, self._prepared, self._reporter = config, prepared, reporter
        self._device = _device(config)
        if self._device.type == "cpu":
            torch.set_num_threads(config.training.threads or os.cpu_count() or 1)
        self.vocabulary = len(vocabulary(open_subwords(prepared.subwords)))
        dtype = precision(config.training, self._device)
        self.network = Network(
            config.model, self.vocabulary, seed=config.seed, dtype=dtype, device=self._device
        )
        self.state = State(run=config.run_digest)
        found = None if fresh else load(config.work / LAST)
        if found is not None and found[1].run != self.state.run:
            raise ConfigError(
                f"{config.work / LAST} was made with other data or settings",
                hint="Put the settings back, give another `work:`, or start anew with --fresh.",
            )
        if fresh:
            for name in (LAST, BEST):
                (config.work / name).unlink(missing_ok=True)
        if found is None and config.links.warm_start and bool((prepared.rows.links >= 0).any()):
            reporter.say("warm start: embeddings from the word links")
            table, bias = warm_embeddings(
                prepared.rows, self.vocabulary, config.model.d_model, seed=config.seed
            )
            self.network.warm(torch.from_numpy(table), torch.from_numpy(bias))
        self.weights = FlatWeights(self.network, config.training)
        if found is not None:
            self.weights.restore(found[0])
            self.state = found[1]
            reporter.say(f"going on from step {self.state.step}")
        self._log = Log.resumed(config.work / "log.csv", self.state.step)
        self._norm = 0.0
        self._lost = 0

    def run(self, minutes: float | None = None) -> bool:
        """Train to the last step, or for `minutes`; return whether the last step was reached."""
        settings, report = self._config.training, self._config.report
        begin, spent = time.monotonic(), self.state.seconds
        self._reporter.say(f"training {self.parameters / 1e6:.1f} million parameters on {self._device.type}")
        self._reporter.stage("training", settings.steps)
        self._reporter.advance(self.state.step)
        with _Interruption() as interruption:
            over = self.state.step >= settings.steps
            while not over:
                for chosen in self._rest_of_epoch():
                    self._step(chosen)
                    self.state.seconds = spent + time.monotonic() - begin
                    done = self.state.step
                    last = done == settings.steps
                    if last or done % report.log_every == 0 or done % report.validate_every == 0:
                        self._note(validated=last or done % report.validate_every == 0)
                    if last or done % report.save_every == 0 or interruption.number is not None:
                        self.save()
                    interruption.raise_if_any()
                    over = last or (minutes is not None and time.monotonic() - begin >= minutes * 60)
                    if over:
                        break
        finished = self.state.step >= settings.steps
        if not finished:
            if self.state.best_step is None:
                self._note(validated=True)
            self.save()
        return finished

    @property
    def parameters(self) -> int:
        """Return how many numbers are learnt."""
        return int(self.weights.master.numel())

    def save(self) -> None:
        """Write the checkpoint from which a later call goes on."""
        save(self._config.work / LAST, self.weights.tensors(), self.state)

    def best(self) -> dict[str, NDArray[Any]]:
        """Return the averaged weights with the best validation score, by name."""
        found = load(self._config.work / BEST)
        return _arrays(self.weights.named(self.weights.average if found is None else found[0]["average"]))

    def translate(self, sentences: list[str]) -> list[str]:
        """Return greedy translations with the averaged weights of now, by the engine and quantisation of the job."""
        named = _arrays(self.weights.named(self.weights.average))
        with (
            storage(self._config.work, "cannot write"),
            tempfile.TemporaryDirectory(prefix=".validate-", dir=self._config.work) as folder,
        ):
            model = Path(folder) / "model"
            model.mkdir()
            write_model(model, named, self._prepared.subwords, self._config.model, card="")
            threads = self._config.training.threads
            return greedy(model, sentences, compute_type="int8", threads=threads, cache=Path(folder))

    def _rest_of_epoch(self) -> list[NDArray[np.int64]]:
        batches = epoch_batches(
            self._prepared.rows, self._config.training.tokens, seed=self._config.seed, epoch=self.state.epoch
        )
        if self.state.position >= len(batches):
            self.state.epoch, self.state.position = self.state.epoch + 1, 0
            return self._rest_of_epoch()
        return batches[self.state.position :]

    def _step(self, chosen: NDArray[np.int64]) -> None:
        settings, step = self._config.training, self.state.step
        torch.manual_seed((self._config.seed << 32) + step)
        batch = assemble(self._prepared.rows, chosen, self.network.pad)
        source, target, labels, links = (part.to(self._device, non_blocking=True) for part in batch)
        weight = _guide_weight(self._config, step)
        linked = (links >= 0) & (labels != self.network.pad)
        states, given = self.network(source, target, links.clamp(min=0) if weight > 0 else None)
        real = labels != self.network.pad
        loss, likelihood = OutputLoss.apply(
            states[real],
            self.network.shared.weight[:-1],
            self.network.output_bias,
            labels[real],
            settings.label_smoothing,
        )
        guided = 0.0
        if given:
            guide = guidance(given, linked)
            guided = float(guide.detach())
            loss = loss + weight * guide
        loss.backward()
        self._norm = self.weights.step(step)
        self._lost = 0 if math.isfinite(self._norm) else self._lost + 1
        if self._lost >= _LOST:
            raise PressBriefError(
                f"the gradients are not finite since step {step - _LOST + 1}",
                hint="Lower `training.rate` and start anew with --fresh.",
            )
        self.state.window_steps += 1
        self.state.window_nll += float(likelihood)
        self.state.window_guidance += guided
        self.state.step += 1
        self.state.position += 1
        self.state.subwords += int(real.sum())
        self._reporter.advance()

    def _note(self, *, validated: bool) -> None:
        """Log the steps since the last note; validate, and keep the weights if they are the best so far."""
        score = self._validate() if validated else None
        steps = max(1, self.state.window_steps)
        nll, guided = self.state.window_nll / steps, self.state.window_guidance / steps
        self.state.window_steps, self.state.window_nll, self.state.window_guidance = 0, 0.0, 0.0
        entry = Entry(
            step=self.state.step,
            epoch=self.state.epoch,
            subwords=self.state.subwords,
            nll=round(nll, 4),
            guidance=round(guided, 4),
            rate=float(f"{learning_rate(self._config.training, max(0, self.state.step - 1)):.4g}"),
            norm=round(self._norm, 3),
            chrf=score,
            seconds=round(self.state.seconds, 1),
        )
        self._log.add(entry)
        speed = self.state.subwords / max(self.state.seconds, 1e-9)
        told = "" if score is None else f", validation chrF {score:.2f}"
        self._reporter.say(f"step {entry.step}: loss {entry.nll:.3f}, {speed:.0f} subwords/s{told}")

    def _validate(self) -> float | None:
        pairs = self._prepared.validation
        if not pairs:
            return None
        score = chrf(self.translate([pair.vi for pair in pairs]), [pair.en for pair in pairs])
        if self.state.best_chrf is None or score > self.state.best_chrf:
            self.state.best_chrf, self.state.best_step = score, self.state.step
            save(self._config.work / BEST, {"average": self.weights.average}, self.state)
        return score


def chrf(hypotheses: list[str], references: list[str]) -> float:
    """Return corpus chrF2 (sacrebleu), 0 to 100, with two decimals."""
    from sacrebleu import corpus_chrf

    return round(float(corpus_chrf(hypotheses, [references]).score), 2)


def _arrays(tensors: dict[str, torch.Tensor]) -> dict[str, NDArray[Any]]:
    return {name: values.detach().cpu().numpy() for name, values in tensors.items()}


def _guide_weight(config: TrainConfig, step: int) -> float:
    """Return the weight of the guidance at `step`: falling in a line to its floor; none without links."""
    settings = config.training
    if config.links.aligner == "none":
        return 0.0
    fading = settings.guide * (1 - step / settings.guide_steps) if settings.guide_steps else 0.0
    return max(settings.guide_floor, fading)


def _device(config: TrainConfig) -> torch.device:
    wanted = config.training.device
    if wanted == "cuda" and not torch.cuda.is_available():
        raise ConfigError(
            "`training.device: cuda`: torch sees no CUDA device", hint="Set `training: {device: auto}`."
        )
    return torch.device("cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu")


class _Interruption:
    """Holds SIGINT and SIGTERM back until the step is whole and saved."""

    def __init__(self) -> None:
        self.number: int | None = None
        self._before: dict[int, Any] = {}

    def __enter__(self) -> _Interruption:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number: int, _frame: object) -> None:
        self.number = number

    def raise_if_any(self) -> None:
        if self.number == signal.SIGINT:
            raise KeyboardInterrupt
        if self.number is not None:
            raise SystemExit(128 + self.number)
