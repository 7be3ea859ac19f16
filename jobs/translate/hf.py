"""The transformers engine: any sequence-to-sequence model in float32, chosen by the model's own type.

For what CTranslate2 cannot take: NLLB, M2M100, mBART, T5 (EnViT5) and others; Marian works too, with the same
tokens and so the same greedy output as the ctranslate2 engine. Loads safetensors alone, runs no code from a
model's folder and reaches no network. torch and transformers are imported when an engine is made.
Raises `ModelError` for weights that are missing, damaged or do not fit their config.json.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Protocol

from jobs.errors import ModelError
from jobs.records import Record
from jobs.translate.engine import MAX_TARGET, Hypothesis, batches, source_limit
from jobs.translate.tokens import MarianTokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jobs.translate.models import ModelFolder

# Source and target codes of Vietnamese and English: the language a tokenizer is told, the token of the target.
_LANGUAGES = (
    ("vie_Latn", "eng_Latn"),  # NLLB
    ("__vi__", "__en__"),  # M2M100
    ("vi_VN", "en_XX"),  # mBART, mBART-50
)
_MULTILINGUAL = frozenset({"m2m_100", "mbart"})
# EnViT5 marks both sides with their language; its training text had "vi: " and "en: " before every sentence.
_T5_TYPES = frozenset({"t5", "mt5", "umt5"})
_T5_TASK = "translation_vi_to_en"
_T5_PREFIX, _T5_ANSWER = "vi: ", "en: "
# Scores are rounded so that the last bits of float32 sums, which depend on the shape of a batch, decide nothing.
_DIGITS = 4


class Plan(Record):
    """What a model's family asks for beside the text itself."""

    prefix: str = ""
    answer: str = ""
    forced_bos: int | None = None
    decoder_start: int | None = None


class _Tokens(Protocol):
    """Text to ids with special tokens, and back."""

    plan: Plan
    pad: int

    def encode(self, text: str) -> list[int]: ...

    def decode(self, ids: Sequence[int]) -> str: ...


class _Marian:
    """The job's own Marian tokens: transformers' tokenizer leaves the normalisation to its caller."""

    plan = Plan()

    def __init__(self, model: ModelFolder) -> None:
        self._tokens = MarianTokens(model.folder, plain=model.plain_normalisation)
        self._ids = self._tokens.vocabulary
        self._names = {number: token for token, number in self._ids.items()}
        self.pad = int(model.config["pad_token_id"])

    def encode(self, text: str) -> list[int]:
        return [self._ids[token] for token in self._tokens.encode(text)]

    def decode(self, ids: Sequence[int]) -> str:
        return self._tokens.decode([self._names.get(int(number), "<unk>") for number in ids])


class _Auto:
    """The tokenizer that the model's folder names."""

    def __init__(self, model: ModelFolder) -> None:
        from transformers import AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(
            model.folder, local_files_only=True, trust_remote_code=False
        )
        self.pad = int(self._tokenizer.pad_token_id or 0)
        self.plan = self._plan(model)

    def _plan(self, model: ModelFolder) -> Plan:
        if model.model_type in _T5_TYPES:
            task = (model.config.get("task_specific_params") or {}).get(_T5_TASK) or {}
            prefix = str(task.get("prefix", _T5_PREFIX))
            return Plan(prefix=prefix, answer=_T5_ANSWER if prefix == _T5_PREFIX else "")
        unknown = self._tokenizer.unk_token_id
        for source, target in _LANGUAGES:
            known = [self._tokenizer.convert_tokens_to_ids(code) for code in (source, target)]
            if None in known or unknown in known:
                continue
            self._tokenizer.src_lang = source.strip("_")
            # mBART starts its decoder with the language; mBART-50, NLLB and M2M100 with </s> before it.
            if model.model_type == "mbart" and "50" not in type(self._tokenizer).__name__:
                return Plan(decoder_start=int(known[1]))
            return Plan(forced_bos=int(known[1]))
        if model.model_type in _MULTILINGUAL:
            raise ModelError(
                f"{model.folder}: its tokenizer knows no codes of Vietnamese and English",
                hint="Copy tokenizer.json and special_tokens_map.json of the published model into it.",
            )
        return Plan()

    def encode(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(self.plan.prefix + text, verbose=False)["input_ids"]
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        # Not every published M2M100 folder declares its language codes as special tokens.
        ids = ids[1:] if ids and ids[0] == self.plan.forced_bos else ids
        text = str(self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))
        return (
            text.strip().removeprefix(self.plan.answer.strip()).strip() if self.plan.answer else text.strip()
        )


class TransformersEngine:
    """A model folder in Hugging Face form, run by torch on the CPU."""

    def __init__(self, model: ModelFolder, *, threads: int, batch_tokens: int) -> None:
        os.environ["HF_HUB_OFFLINE"] = "1"
        import torch

        torch.set_num_threads(threads or os.cpu_count() or 1)
        self.name = f"{model.name}@{model.revision[:12]}"
        self.max_tokens = source_limit(model)
        self._batch_tokens = batch_tokens
        try:
            self._tokens: _Tokens = _Marian(model) if model.model_type == "marian" else _Auto(model)
            self._model = _load(model)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            if isinstance(error, ModelError):
                raise
            raise ModelError(f"{model.folder}: cannot be loaded: {_first_line(error)}") from error
        self._generation = self._settings(model)

    def _settings(self, model: ModelFolder) -> dict[str, Any]:
        """Return what `generate` is told: the family's tokens, and of the model's own wishes the repeat ban."""
        plan = self._tokens.plan
        settings: dict[str, Any] = {"do_sample": False, "max_new_tokens": MAX_TARGET}
        if plan.forced_bos is not None:
            settings["forced_bos_token_id"] = plan.forced_bos
        if plan.decoder_start is not None:
            settings["decoder_start_token_id"] = plan.decoder_start
        repeat = model.generation.get("no_repeat_ngram_size", 0)
        if repeat:
            settings["no_repeat_ngram_size"] = int(repeat)
        return settings

    def count(self, text: str) -> int:
        """Return the number of source tokens of `text`, special ones included."""
        return len(self._tokens.encode(text))

    def translate(
        self, sentences: Sequence[str], *, beam: int = 1, n_best: int = 1
    ) -> list[list[Hypothesis]]:
        """Translate; each sentence must fit `max_tokens`."""
        encoded = {text: self._tokens.encode(text) for text in dict.fromkeys(sentences)}
        done: dict[str, list[Hypothesis]] = {}
        for batch in batches(encoded, self._batch_tokens):
            found = self._generate([encoded[text] for text in batch], max(beam, n_best), n_best)
            done.update(zip(batch, found, strict=True))
        return [done[text] for text in sentences]

    def _generate(self, rows: list[list[int]], beam: int, n_best: int) -> list[list[Hypothesis]]:
        import torch
        from transformers import LogitsProcessorList

        width, pad = max(map(len, rows)), self._tokens.pad
        ids = torch.tensor([row + [pad] * (width - len(row)) for row in rows])
        mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
        greedy = _GreedyScore()
        with torch.inference_mode():
            result = self._model.generate(
                input_ids=ids,
                attention_mask=mask,
                num_beams=beam,
                num_return_sequences=n_best,
                length_penalty=1.0,
                early_stopping=False,
                return_dict_in_generate=True,
                output_scores=beam > 1,
                logits_processor=LogitsProcessorList([greedy] if beam == 1 else []),
                **self._generation,
            )
        sequences = result.sequences[:, 1:].tolist()
        scores = (
            greedy.means(sequences, self._model.generation_config.eos_token_id)
            if beam == 1
            else (result.sequences_scores.tolist())
        )
        flat = [
            Hypothesis(text=self._tokens.decode(sequence), score=round(float(score), _DIGITS))
            for sequence, score in zip(sequences, scores, strict=True)
        ]
        return [flat[begin : begin + n_best] for begin in range(0, len(flat), n_best)]


class _GreedyScore:
    """Adds up the log probabilities of a greedy search, which `generate` itself keeps only as whole vocabularies."""

    def __init__(self) -> None:
        self._steps: list[Any] = []

    def __call__(self, _ids: Any, scores: Any) -> Any:
        self._steps.append(scores.log_softmax(-1).max(-1).values)
        return scores

    def means(self, sequences: list[list[int]], eos: int | list[int]) -> list[float]:
        """Return the mean log probability per token of each sequence, the closing token included."""
        import torch

        ends = set(eos) if isinstance(eos, list) else {eos}
        steps = torch.stack(self._steps, dim=1).tolist()
        result = []
        for sequence, row in zip(sequences, steps, strict=True):
            length = next((at + 1 for at, token in enumerate(sequence) if token in ends), len(row))
            result.append(sum(row[:length]) / max(length, 1))
        return result


def _load(model: ModelFolder) -> Any:
    import torch
    from transformers import AutoModelForSeq2SeqLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    logging.set_verbosity_error()
    loaded, report = AutoModelForSeq2SeqLM.from_pretrained(
        model.folder,
        dtype=torch.float32,
        use_safetensors=True,
        local_files_only=True,
        trust_remote_code=False,
        output_loading_info=True,
    )
    missing = sorted(report["missing_keys"])
    if missing:
        raise ModelError(f"{model.folder}: the weights do not fit config.json: {missing[0]} is missing")
    loaded.eval()
    config = loaded.generation_config
    # The model's own beam, length and sampling would override the caller's; its special tokens stay.
    for name in (
        "max_length",
        "min_length",
        "num_beams",
        "temperature",
        "top_k",
        "top_p",
        "num_return_sequences",
    ):
        setattr(config, name, None)
    return loaded


def _first_line(error: BaseException) -> str:
    text = json.dumps(str(error).strip().split("\n", 1)[0], ensure_ascii=False)[1:-1]
    return text or type(error).__name__
