"""The card of a trained model: what went in and what came out, in Markdown, with gaps for what only people know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jobs.train.checkpoint import State
    from jobs.train.config import TrainConfig


def card(
    config: TrainConfig, report: Mapping[str, Any], state: State, *, parameters: int, equality: str
) -> str:
    """Return README.md of the model folder."""
    shape, training = config.model, config.training
    score = (
        "not validated"
        if state.best_chrf is None
        else f"chrF {state.best_chrf:.2f} at step {state.best_step}"
    )
    labels = "\n".join(
        f"| {label} | {rows} | {config.data.weights.get(label, 1.0):g} | to be stated |"
        for label, rows in report["rows_by_label"].items()
    )
    taken_out = ", ".join(f"{name} {count}" for name, count in report["decontaminated"].items()) or "nothing"
    dropped = ", ".join(f"{name} {count}" for name, count in report["dropped"].items()) or "nothing"
    return f"""---
language: [vi, en]
pipeline_tag: translation
---
# {config.name}: Vietnamese to English

Written by `press-brief train`. Load it with `model: <this folder>` in config.yaml, or as transformers'
`MarianMTModel`. It was trained on sentences with figures, dates, names and terms already in English.

## Data
{report["kept"]} of {report["read"]} pairs; {report["rows"]} rows ({report["code_switched"]} code-switched), \
{report["target_subwords"]} target subwords. Cleaning took out: {dropped}. Decontamination took out: {taken_out}.

| label | rows | weight | licence |
|---|---|---|---|
{labels}

## Model and training
Marian transformer, {parameters / 1e6:.1f} million parameters: {shape.encoder_layers} encoder and \
{shape.decoder_layers} decoder layers, width {shape.d_model}, {shape.heads} heads, feed-forward {shape.ffn}; \
joint SentencePiece vocabulary of {report["vocabulary"]}.
{state.step} of {training.steps} steps of up to {training.tokens} subwords a side, peak rate {training.rate:g} \
({training.schedule}), label smoothing {training.label_smoothing:g}, dropout {shape.dropout:g}, seed {config.seed}; \
word links: {report["aligner"]}; {state.seconds / 3600:.2f} hours.

## Scores
Validation on {report["validation"]} held-out pairs, greedy, int8: {score}.
Greedy output of transformers and CTranslate2, float32: {equality}.

## Known faults
To be written by whoever reads its output.
"""
