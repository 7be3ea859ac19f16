"""Marian weights to a CTranslate2 model, with numpy alone: a model folder in, a converted folder out.

CTranslate2's own converter needs torch and transformers; a run with the bundled model must not pay for them.
The result is kept in the cache under the hash of the weights, written beside and renamed, so that two
processes may convert at once. Equal to the library's converter, which a test shows.
"""

from __future__ import annotations

import math
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from jobs.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from jobs.translate.models import ModelFolder

FORMAT = 1  # raised when the conversion changes, so that old cache entries are left aside


def converted(model: ModelFolder, *, cache: Path, quantization: str) -> Path:
    """Return the folder of the converted model, converting once.

    Raises:
        ModelError: not a Marian model, or weights with missing or misshapen tensors.
        StorageError: the cache cannot be written.

    """
    final = cache / "converted" / f"{model.sha256[:32]}-{quantization}-{FORMAT}"
    if (final / "model.bin").is_file():
        return final
    if model.model_type != "marian":
        raise ModelError(
            f"{model.name}: the ctranslate2 engine converts Marian models, this is {model.model_type}",
            hint="Set `translation: {engine: transformers}`.",
        )
    from jobs.store import storage

    with storage(cache, "cannot keep the converted model"):
        _convert_into(model, final, quantization)
    return final


def _convert_into(model: ModelFolder, final: Path, quantization: str) -> None:
    final.parent.mkdir(parents=True, exist_ok=True)
    staging = tempfile.mkdtemp(prefix=".convert-", dir=final.parent)
    try:
        try:
            _specification(model).save_into(staging, quantization)
        except (KeyError, ValueError, IndexError) as error:
            raise ModelError(f"{model.folder}: the weights do not fit config.json: {error!r}") from error
        try:
            os.rename(staging, final)  # noqa: PTH104 - a Path's rename is the same call
        except OSError:
            if not (final / "model.bin").is_file():
                raise
    finally:
        shutil.rmtree(staging, ignore_errors=True)


class _Specification:
    """A filled CTranslate2 specification that can be saved quantised."""

    def __init__(self, spec: Any) -> None:
        self._spec = spec

    def save_into(self, folder: str, quantization: str) -> None:
        with _without_torch():
            self._spec.validate()
            self._spec.optimize(quantization=None if quantization == "float32" else "int8")
            self._spec.save(folder)


@contextmanager
def _without_torch() -> Iterator[None]:
    """Let `ctranslate2.specs` take its numpy path: it imports torch when it finds it, only to ask for types."""
    if "torch" in sys.modules:
        yield
        return
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["torch"]


def _specification(model: ModelFolder) -> _Specification:
    with _without_torch():
        from ctranslate2.specs import common_spec, transformer_spec
    from safetensors.numpy import load_file

    config = model.config
    raw = load_file(model.folder / "model.safetensors")
    weights = {name.removeprefix("model."): value.astype("float32") for name, value in raw.items()}
    activation = {
        "relu": common_spec.Activation.RELU,
        "swish": common_spec.Activation.SWISH,
        "silu": common_spec.Activation.SWISH,
        "gelu": common_spec.Activation.GELU,
    }[config["activation_function"]]
    spec = transformer_spec.TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=False,
        activation=activation,
        layernorm_embedding=False,
    )
    fill = _Filler(weights, config)
    fill.stack(spec.encoder, "encoder", decoder=False)
    fill.stack(spec.decoder, "decoder", decoder=True)
    spec.decoder.start_from_zero_embedding = True
    if weights["shared.weight"][-1].any():
        raise ModelError(
            f"{model.folder}: the last row of the embeddings is not the zero vector of `<pad>` that Marian models have",
            hint="Set `translation: {engine: transformers}`.",
        )
    # `<pad>`, the last token, only starts the decoder from a zero vector; CTranslate2 has an option for that.
    shared = weights["shared.weight"][:-1]
    spec.decoder.projection.weight = weights.get("lm_head.weight", weights["shared.weight"])[:-1]
    bias = weights.get("final_logits_bias")
    if bias is not None and bias.any():
        spec.decoder.projection.bias = bias.reshape(-1)[: shared.shape[0]]
    tokens = _vocabulary(model)
    if len(tokens) != shared.shape[0] + 1 or tokens[-1] != "<pad>":
        raise ModelError(
            f"{model.folder}: vocab.json has {len(tokens)} tokens, the weights {shared.shape[0] + 1}"
        )
    spec.register_source_vocabulary(tokens[:-1])
    spec.register_target_vocabulary(tokens[:-1])
    spec.config.eos_token = spec.config.decoder_start_token = "</s>"  # noqa: S105 - tokens of text
    spec.config.unk_token = "<unk>"  # noqa: S105
    return _Specification(spec)


def _vocabulary(model: ModelFolder) -> list[str]:
    import json

    table: dict[str, int] = json.loads((model.folder / "vocab.json").read_text(encoding="utf-8"))
    return sorted(table, key=lambda token: table[token])


class _Filler:
    """Puts Hugging Face tensors into the places of a CTranslate2 specification."""

    def __init__(self, weights: dict[str, Any], config: dict[str, Any]) -> None:
        self._weights = weights
        self._config = config

    def stack(self, spec: Any, side: str, *, decoder: bool) -> None:
        """Fill the encoder or the decoder."""
        scale = math.sqrt(self._config["d_model"]) if self._config.get("scale_embedding") else 1.0
        spec.scale_embeddings = scale
        spec.position_encodings.encodings = self._positions()
        embeddings = spec.embeddings[0] if isinstance(spec.embeddings, list) else spec.embeddings
        embeddings.weight = self._weights["shared.weight"][:-1]
        for index, layer in enumerate(spec.layer):
            name = f"{side}.layers.{index}"
            self._attention(layer.self_attention, f"{name}.self_attn", fused=True)
            self._norm(layer.self_attention.layer_norm, f"{name}.self_attn_layer_norm")
            if decoder:
                self._attention(layer.attention, f"{name}.encoder_attn", fused=False)
                self._norm(layer.attention.layer_norm, f"{name}.encoder_attn_layer_norm")
            self._linear(layer.ffn.linear_0, [f"{name}.fc1"])
            self._linear(layer.ffn.linear_1, [f"{name}.fc2"])
            self._norm(layer.ffn.layer_norm, f"{name}.final_layer_norm")

    def _attention(self, spec: Any, name: str, *, fused: bool) -> None:
        query, key, value = (f"{name}.{part}_proj" for part in "qkv")
        if fused:
            self._linear(spec.linear[0], [query, key, value])
        else:
            self._linear(spec.linear[0], [query])
            self._linear(spec.linear[1], [key, value])
        self._linear(spec.linear[-1], [f"{name}.out_proj"])

    def _linear(self, spec: Any, names: list[str]) -> None:
        import numpy as np

        spec.weight = np.concatenate([self._weights[f"{name}.weight"] for name in names])
        spec.bias = np.concatenate([self._weights[f"{name}.bias"] for name in names])

    def _norm(self, spec: Any, name: str) -> None:
        spec.gamma = self._weights[f"{name}.weight"]
        spec.beta = self._weights[f"{name}.bias"]

    def _positions(self) -> Any:
        """Return Marian's sinusoids: all sines, then all cosines (not interleaved)."""
        import numpy as np

        count, size = self._config["max_position_embeddings"], self._config["d_model"]
        rates = np.power(10000, 2 * (np.arange(size) // 2) / size)
        angles = np.arange(count)[:, None] / rates
        return np.concatenate([np.sin(angles[:, 0::2]), np.cos(angles[:, 1::2])], axis=1).astype("float32")
