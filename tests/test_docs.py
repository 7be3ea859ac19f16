"""README.md is true: every command, option, exit code and configuration key stands in it, and its examples run."""

import re
import shlex
from pathlib import Path

import click
import pytest
from pydantic import BaseModel
from test_cli import commands

from jobs.cli import press_brief
from jobs.config import Config, load_config

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CODES = (0, 1, 2, 3, 4, 5, 6, 7, 11, 130, 143)
FILES = (
    "brief.md",
    "brief.html",
    "brief.json",
    "brief.docx",
    "articles/",
    "discrepancies.csv",
    "review.tmx",
    "run.json",
    "outputs/latest",
)


def named(word):
    """Whether `word` stands in README.md as a word of its own."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", README) is not None


def keys(model, prefix=""):
    """Every configuration key, nested ones with a dot."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        yield f"{prefix}{name}"
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from keys(kind, f"{name}.")


@pytest.mark.parametrize("path", [path for path, _ in commands()], ids=" ".join)
def test_every_command_is_documented(path):
    assert named(f"press-brief {' '.join(path)}"), f"README.md does not show `press-brief {' '.join(path)}`"


@pytest.mark.parametrize(
    ("path", "option"),
    [
        (path, max(parameter.opts, key=len))
        for path, command in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option)
    ],
    ids=lambda item: item if isinstance(item, str) else " ".join(item),
)
def test_every_option_is_documented(path, option):
    assert named(option), f"README.md does not name {option} of `press-brief {' '.join(path)}`"


@pytest.mark.parametrize("code", CODES)
def test_every_exit_code_is_documented(code):
    rows = [line for line in README.splitlines() if re.match(rf"\|\s*`?{code}`?\s*\|", line)]
    assert len(rows) == 1, f"README.md has no table row for exit code {code}"


@pytest.mark.parametrize("key", list(keys(Config)))
def test_every_configuration_key_is_documented(key):
    text = README + (ROOT / "config.yaml").read_text(encoding="utf-8")
    section, _, name = key.rpartition(".")
    assert re.search(rf"(?m)^\s*{name}:|`(?:{re.escape(section)}\.)?{name}`", text), (
        f"{key} is documented nowhere"
    )
    assert section == "" or section in text


@pytest.mark.parametrize("name", FILES)
def test_every_file_of_a_run_is_documented(name):
    assert name in README


def test_the_documented_default_is_the_default():
    """config.yaml says of every key what the code takes without it."""
    documented, built_in = load_config(ROOT / "config.yaml"), Config()
    for section in ("translation", "ingest", "summary", "brief"):
        assert getattr(documented, section) == getattr(built_in, section), section
    assert documented.model == built_in.model


def examples():
    """Every `press-brief ...` line of README.md's shell blocks."""
    for block in re.findall(r"```(?:sh|bash|console|shell)\n(.*?)```", README, re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            command = line.removeprefix("$ ").split("#")[0].split("|")[-1].strip()
            if command.startswith("press-brief"):
                yield command


@pytest.mark.parametrize("line", sorted(set(examples())))
def test_every_example_is_a_command_line_that_parses(line):
    rest, target = shlex.split(line)[1:], press_brief
    while isinstance(target, click.Group) and rest and not rest[0].startswith("-"):
        context = click.Context(target)
        assert rest[0] in target.list_commands(context), line
        target, rest = target.get_command(context, rest[0]), rest[1:]
    known = {word for item in target.params for word in (*item.opts, *item.secondary_opts)}
    used = {word.split("=")[0] for word in rest if word.startswith("-") and len(word) > 1}
    assert used <= known | {"--help", "-h"}, line


def test_the_targets_of_make_that_are_documented_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    mentioned = set(re.findall(r"\bmake ([a-z]+)\b", README))
    assert {"brief", "test", "lint", "bench"} <= mentioned
    for target in mentioned:
        assert re.search(rf"(?m)^{target}:", makefile), f"make {target} is documented, the Makefile has none"


def test_files_that_are_linked_exist():
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", README):
        assert (ROOT / target).exists(), f"README.md links {target}"
