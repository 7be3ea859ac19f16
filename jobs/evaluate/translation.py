"""Evaluation of the English: source TAB reference lines in, BLEU, chrF2, figures lost, names kept, flags out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from jobs.errors import UsageError
from jobs.evaluate.metrics import (
    capitals_kept,
    digits_lost,
    figures_lost,
    names_kept,
    paired_bootstrap,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from jobs.translate.translator import Translator


def read_pairs(path: Path) -> tuple[list[str], list[str]]:
    """Return sources and references of a two-column TSV file.

    Raises:
        UsageError: a line without exactly one TAB, or an unreadable file, with its place.

    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from None
    sources, references = [], []
    for number, line in enumerate(lines, 1):
        columns = line.split("\t")
        if len(columns) != 2:
            raise UsageError(f"{path}:{number}: expected source TAB reference, found {len(columns)} columns")
        sources.append(columns[0].strip())
        references.append(columns[1].strip())
    if not sources:
        raise UsageError(f"{path}: no pairs in it")
    return sources, references


def score(sources: Sequence[str], references: Sequence[str], hypotheses: Sequence[str]) -> dict[str, Any]:
    """Return BLEU, chrF2 (sacrebleu), figures and names kept, in per cent, with sacrebleu's signatures.

    `digits_lost` and `capitals_kept` ask for the very letters and digits of the source.
    """
    from sacrebleu.metrics import BLEU, CHRF

    bleu, chrf = BLEU(), CHRF()
    result: dict[str, Any] = {
        "pairs": len(sources),
        "bleu": round(bleu.corpus_score(list(hypotheses), [list(references)]).score, 2),
        "chrf2": round(chrf.corpus_score(list(hypotheses), [list(references)]).score, 2),
        "figures_lost": round(figures_lost(sources, references, hypotheses), 2),
        "names_kept": round(names_kept(sources, references, hypotheses), 2),
        "digits_lost": round(digits_lost(sources, references, hypotheses), 2),
        "capitals_kept": round(capitals_kept(sources, references, hypotheses), 2),
    }
    result["signature"] = f"BLEU {bleu.get_signature()}; chrF2 {chrf.get_signature()}"
    return result


def evaluate_translation(
    path: Path, translator: Translator, *, compare: Path | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Translate the sources of `path` with the whole pipeline; return figures and hypotheses.

    `compare` names a file of other hypotheses, one a line: adds their scores and the share of paired
    bootstrap resamples in which ours is not better in sentence chrF2.
    """
    from sacrebleu.metrics import CHRF

    sources, references = read_pairs(path)
    translations = translator.translate_texts(sources)
    hypotheses = [item.en for item in translations]
    result = score(sources, references, hypotheses)
    flags = Counter(flag.code for item in translations for flag in item.flags)
    result["flagged_sentences"] = sum(1 for item in translations if item.flags)
    result["flags"] = dict(sorted(flags.items()))
    result["counts"] = translator.counts()
    result["signature"] = f"{translator.signature}; {result['signature']}"
    if compare is not None:
        others = compare.read_text(encoding="utf-8").splitlines()
        if len(others) != len(sources):
            raise UsageError(f"{compare}: {len(others)} lines for {len(sources)} pairs")
        metric = CHRF()
        ours = [metric.sentence_score(h, [r]).score for h, r in zip(hypotheses, references, strict=True)]
        theirs = [metric.sentence_score(h, [r]).score for h, r in zip(others, references, strict=True)]
        result["other"] = score(sources, references, others)
        result["p_not_better"] = paired_bootstrap(ours, theirs)
    return result, hypotheses
