"""`press-brief translate`: files or stdin to English, aligned, for trying things out."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from jobs.cli import CONTEXT, ExamplesFirst, examples
from jobs.errors import UsageError

if TYPE_CHECKING:
    from jobs.records import Translation


@examples(
    "press-brief translate article.txt",
    "echo 'Hội nghị diễn ra sáng 15/1.' | press-brief translate",
    "press-brief translate --json seeds/*.txt",
)
@click.command(cls=ExamplesFirst, context_settings=CONTEXT)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--config", "config_file", type=click.Path(path_type=Path), help="Configuration file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON record a sentence.")
def translate(files: tuple[Path, ...], config_file: Path | None, as_json: bool) -> None:
    """Translate FILES (or stdin) sentence by sentence: Vietnamese, English, then its flags."""
    from jobs.config import load_config
    from jobs.pipeline import load_resources

    config = load_config(config_file)
    sentences = _sentences(files)
    translator = load_resources(config).translator(config)
    for translation in translator.translate_texts(sentences):
        click.echo(_line(translation, as_json=as_json))


def _sentences(files: tuple[Path, ...]) -> list[str]:
    from jobs.ingest import input_file, read_file
    from jobs.ingest.segment import sentences

    if not files:
        text = sys.stdin.read()
        return [text[start:end] for start, end in sentences(text)]
    found = []
    for path in files:
        if not path.is_file():
            raise UsageError(f"{path}: no such file", hint="Give files of articles, or text on stdin.")
        for outcome in read_file(input_file(path), min_syllables=0):
            if outcome.article is None:
                raise UsageError(f"{path}: {outcome.status}: {outcome.reason}")
            found += [item.text for item in outcome.article.sentences]
    return found


def _line(translation: Translation, *, as_json: bool) -> str:
    if as_json:
        return json.dumps(translation.model_dump(mode="json"), ensure_ascii=False)
    flags = "".join(f"\n  ! {flag.code}: {flag.detail}" for flag in translation.flags)
    return f"{translation.vi}\n  {translation.en}{flags}\n"
