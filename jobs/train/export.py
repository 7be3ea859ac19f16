"""Export: learnt tensors in, a model folder in Hugging Face Marian form out, which `run` loads; needs no transformers.

The folder holds float16 safetensors, the joint subword model for both sides, vocabulary, configurations and a card.
It is written beside its place and renamed into it; a folder that is no model of ours is never replaced.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from jobs.errors import UsageError
from jobs.store import storage, to_json, write_file
from jobs.train.subwords import EOS, open_subwords, vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from jobs.train.config import ModelConfig

# <pad> must never be generated; the most negative round number that float16 holds comfortably.
_NEVER = -1e4
_POSITIONS = 512
_LEVELS = 127  # int8, symmetric around 0
_MARK = "press_brief_code_switched"


def check_place(folder: Path) -> None:
    """Refuse, before any work, to put a model where something else lies.

    Raises:
        UsageError: the folder is there and is no model that was written by this command.

    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    try:
        ours = _MARK in json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        ours = False
    if not ours:
        raise UsageError(
            f"{folder} holds something that is not a model of this command; it would be replaced",
            hint="Give another `model_folder:`, or move that folder away.",
        )


def write_model(
    folder: Path, tensors: Mapping[str, NDArray[Any]], subwords: bytes, shape: ModelConfig, card: str
) -> None:
    """Write the files of a model into the existing `folder`."""
    from safetensors.numpy import save

    tokens = vocabulary(open_subwords(subwords))
    files = {
        "model.safetensors": save(_named(tensors), metadata={"format": "pt"}),
        "config.json": to_json(_configuration(shape, len(tokens))),
        "generation_config.json": to_json(_generation(len(tokens) - 1)),
        "tokenizer_config.json": to_json(_TOKENIZER),
        "vocab.json": to_json(tokens),
        "source.spm": subwords,
        "target.spm": subwords,
        "README.md": card.encode(),
    }
    for name, data in files.items():
        write_file(folder / name, data)


@contextmanager
def published(folder: Path) -> Iterator[Path]:
    """Give an empty folder to fill; it takes the place of `folder` if nothing fails."""
    with storage(folder, "cannot write the model"):
        folder.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
        staging.chmod(0o755)
    try:
        yield staging
        with storage(folder, "cannot write the model"):
            old = folder.with_name(f".{folder.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            if folder.exists():
                folder.rename(old)
            staging.rename(folder)
            shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def on_int8_grid(values: NDArray[Any]) -> NDArray[np.float32]:
    """Return a matrix with each row rounded to the 255 levels that CTranslate2's int8 gives it.

    The job's engine would round it anyway. Rounded here, transformers reads the same weights: on the bundled
    model int8 then differed from float32 on 3 of 50 greedy outputs instead of 10; chrF stayed as it was.
    """
    wide = np.asarray(values, np.float32)
    level = np.abs(wide).max(axis=1, keepdims=True) / _LEVELS
    level[level == 0] = 1
    return np.asarray(np.rint(wide / level) * level, np.float32)


def _named(tensors: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    found = {
        f"model.{name}": (on_int8_grid(values) if values.ndim == 2 else values).astype(np.float16)
        for name, values in tensors.items()
        if name != "output_bias"
    }
    bias = np.append(tensors["output_bias"], _NEVER)
    return {"final_logits_bias": np.asarray(bias[None], np.float16), **found}


def _configuration(shape: ModelConfig, size: int) -> dict[str, Any]:
    pad = size - 1
    return {
        "architectures": ["MarianMTModel"],
        "model_type": "marian",
        "activation_function": "relu",
        "activation_dropout": 0.0,
        "attention_dropout": 0.0,
        "bos_token_id": None,
        "d_model": shape.d_model,
        "decoder_attention_heads": shape.heads,
        "decoder_ffn_dim": shape.ffn,
        "decoder_layerdrop": 0.0,
        "decoder_layers": shape.decoder_layers,
        "decoder_start_token_id": pad,
        "decoder_vocab_size": size,
        "dropout": shape.dropout,
        "dtype": "float16",
        "encoder_attention_heads": shape.heads,
        "encoder_ffn_dim": shape.ffn,
        "encoder_layerdrop": 0.0,
        "encoder_layers": shape.encoder_layers,
        "eos_token_id": EOS,
        "forced_eos_token_id": EOS,
        "init_std": 0.02,
        "is_encoder_decoder": True,
        "max_position_embeddings": _POSITIONS,
        "normalize_before": False,
        "pad_token_id": pad,
        "scale_embedding": True,
        "share_encoder_decoder_embeddings": True,
        "static_position_embeddings": True,
        "tie_word_embeddings": True,
        "use_cache": True,
        "vocab_size": size,
        # Read by the job: such a model is given English spans, and text in our own normal form.
        _MARK: True,
        "press_brief_normalisation": True,
    }


def _generation(pad: int) -> dict[str, Any]:
    return {
        "bad_words_ids": [[pad]],
        "decoder_start_token_id": pad,
        "eos_token_id": EOS,
        "forced_eos_token_id": EOS,
        "max_length": _POSITIONS,
        "num_beams": 4,
        "pad_token_id": pad,
        "use_cache": True,
    }


_TOKENIZER = {
    "tokenizer_class": "MarianTokenizer",
    "source_lang": "vi",
    "target_lang": "en",
    "model_max_length": _POSITIONS,
    "separate_vocabs": False,
    "unk_token": "<unk>",
    "eos_token": "</s>",
    "pad_token": "<pad>",
}
