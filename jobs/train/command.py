"""`press-brief train`: parallel text to a model folder."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.cli import CONTEXT, ExamplesFirst, examples

if TYPE_CHECKING:
    from jobs.terminal import Reporter
    from jobs.train.config import TrainConfig


@examples(
    "press-brief train --config train.yaml                 train, or go on where it stopped",
    "press-brief train --config train.yaml --minutes 600   stop in time; call again to go on",
    "press-brief train --config train.yaml --fresh         forget the checkpoints, start anew",
)
@click.command(cls=ExamplesFirst, context_settings=CONTEXT)
@click.option(
    "--config",
    "config_file",
    required=True,
    type=click.Path(path_type=Path),
    help="Training configuration (docs/train.example.yaml).",
)
@click.option(
    "--resume/--fresh",
    default=True,
    show_default=True,
    help="Go on from the last checkpoint, if any, or start anew.",
)
@click.option(
    "--minutes", type=click.FloatRange(min=0, min_open=True), help="Stop after so many minutes of training."
)
@click.option("--quiet", "-q", is_flag=True, help="Problems only.")
@click.option("--verbose", "-v", is_flag=True, help="More of what is done.")
def train(config_file: Path, resume: bool, minutes: float | None, quiet: bool, verbose: bool) -> None:
    """Train a Vietnamese-English model on parallel text and export it to a folder that `run` loads.

    Prints the model folder. What is prepared and learnt is kept in the work folder of the configuration.
    """
    from jobs.terminal import Reporter
    from jobs.train.config import load_train_config
    from jobs.train.export import check_place

    config = load_train_config(config_file)
    check_place(config.model_folder)
    with Reporter(0 if quiet else 2 if verbose else 1) as reporter:
        click.echo(run_training(config, reporter, fresh=not resume, minutes=minutes))


def run_training(config: TrainConfig, reporter: Reporter, *, fresh: bool, minutes: float | None) -> Path:
    """Prepare, train and export; return the model folder.

    Raises:
        LockedError: another training holds the work folder.
        ModelError: transformers and CTranslate2 do not agree on the exported model.

    """
    from filelock import FileLock, Timeout

    from jobs.errors import LockedError
    from jobs.store import storage

    with storage(config.work, "cannot use the work folder"):
        config.work.mkdir(parents=True, exist_ok=True)
        lock = FileLock(config.work / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise LockedError(
                f"another training holds {config.work / '.lock'}",
                hint="Wait for it to end; a training that was killed leaves no lock behind.",
            ) from None
    try:
        _sweep(config.work)
        return _train_and_export(config, reporter, fresh=fresh, minutes=minutes)
    finally:
        lock.release()


def _sweep(work: Path) -> None:
    """Remove what a killed training left half-written."""
    for pattern in (".prepare-*", ".validate-*", ".compare-*"):
        for folder in work.glob(pattern):
            shutil.rmtree(folder, ignore_errors=True)


def _train_and_export(config: TrainConfig, reporter: Reporter, *, fresh: bool, minutes: float | None) -> Path:
    from jobs.train.card import card
    from jobs.train.export import published, write_model
    from jobs.train.prepare import prepare
    from jobs.train.trainer import Trainer

    prepared = prepare(config, reporter)
    trainer = Trainer(config, prepared, reporter, fresh=fresh)
    if not trainer.run(minutes):
        reporter.problem(
            f"stopped at step {trainer.state.step} of {config.training.steps}; call again to go on"
        )
    with published(config.model_folder) as folder:
        weights = trainer.best()
        write_model(folder, weights, prepared.subwords, config.model, card="")
        held_out = [pair.vi for pair in prepared.validation]
        equality = _checked(config, folder, held_out, reporter)
        _calibrated(config, folder, held_out, reporter)
        text = card(
            config,
            {**prepared.report, "vocabulary": trainer.vocabulary},
            trainer.state,
            parameters=trainer.parameters,
            equality=equality,
        )
        (folder / "README.md").write_text(text, encoding="utf-8")
    return config.model_folder


def _calibrated(config: TrainConfig, folder: Path, sentences: list[str], reporter: Reporter) -> None:
    """Let the model say below which confidence its English needs a look."""
    from jobs.train.calibrate import LEAST, calibrate

    with tempfile.TemporaryDirectory(prefix=".compare-", dir=config.work) as cache:
        mark = calibrate(folder, sentences, threads=config.training.threads, cache=Path(cache))
    if mark is None:
        reporter.problem(f"fewer than {LEAST} validation sentences: the model will flag nothing as unsure")
    else:
        reporter.say(f"English of a confidence below {mark} will be flagged")


def _checked(config: TrainConfig, folder: Path, sentences: list[str], reporter: Reporter) -> str:
    """Compare the engines on the first validation sentences; refuse an export on which they disagree."""
    from jobs.errors import ModelError
    from jobs.train.equality import differences

    sentences = sentences[: config.report.equality_sentences]
    if not sentences:
        return "not compared"
    reporter.say(f"comparing transformers and CTranslate2 on {len(sentences)} sentences")
    with tempfile.TemporaryDirectory(prefix=".compare-", dir=config.work) as cache:
        found = differences(folder, sentences, threads=config.training.threads, cache=Path(cache))
    for item in found:
        reporter.problem(f"engines differ: {item.source}\n  {item.transformers}\n  {item.ctranslate2}")
    # Rounding may decide a near tie differently; a wrong export spoils nearly every sentence.
    if len(found) * 10 > len(sentences):
        raise ModelError(f"transformers and CTranslate2 differ on {len(found)} of {len(sentences)} sentences")
    return f"equal on {len(sentences) - len(found)} of {len(sentences)} sentences"
