"""The command line: help that begins with examples, codes, streams, and nothing heavy before it is needed."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from jobs import __version__
from jobs.cli import _COMMANDS
from jobs.cli import press_brief as group
from jobs.errors import PressBriefError

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"torch", "transformers", "ctranslate2", "sklearn", "trafilatura", "sentencepiece", "docx", "numpy"}
PROBE = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(n for n in sys.modules if "." not in n)), file=sys.stderr))
sys.argv = ["press-brief", *sys.argv[1:]]
from jobs.cli import main
main()
"""


def commands(parent=group, path=()):
    """Every command with its path, subcommands included."""
    context = click.Context(parent)
    for name in parent.list_commands(context):
        command = parent.get_command(context, name)
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def imported(*arguments, cwd=ROOT):
    """Run the command; return its exit code and the top-level modules that it had imported."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, set(json.loads(done.stderr.splitlines()[-1])), done


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        *[[name, "--help"] for name in _COMMANDS],
        ["run", "--dry-run"],
        ["models", "list"],
    ],
    ids=" ".join,
)
def test_what_only_tells_imports_nothing_heavy(arguments):
    code, modules, done = imported(*arguments)
    assert code == 0, done.stderr
    assert not modules & HEAVY


def test_a_configuration_error_imports_nothing_heavy(tmp_path):
    (tmp_path / "bad.yaml").write_text("modle: vi-en\nsummary: {sentences: 0}\n", encoding="utf-8")
    for command in (["run"], ["check"], ["translate"], ["models", "verify"]):
        code, modules, done = imported(*command, "--config", tmp_path / "bad.yaml")
        assert code == 5, done.stderr
        assert not modules & HEAVY
        assert "model" in done.stderr
        assert "sentences" in done.stderr
    code, modules, _ = imported("run", "--config", tmp_path / "none.yaml")
    assert code == 5
    assert not modules & HEAVY


def test_a_run_of_the_bundled_model_needs_neither_torch_nor_transformers(tmp_path):
    (tmp_path / "in.txt").write_text("Giá gạo tăng 4,8% so với năm trước.\n", encoding="utf-8")
    code, modules, done = imported("translate", tmp_path / "in.txt")
    assert code == 0, done.stderr
    assert "ctranslate2" in modules
    assert not modules & {"torch", "transformers"}


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda item: " ".join(item) if isinstance(item, tuple) else ""
)
def test_help_begins_with_examples_that_name_the_command(path, command):
    context = click.Context(command, info_name=" ".join(("press-brief", *path)))
    text = command.get_help(context)
    assert text.startswith("Examples:\n"), path
    example = text.splitlines()[1]
    assert f"press-brief {' '.join(path)}" in example
    assert command.help
    for option in command.params:
        if isinstance(option, click.Option):
            assert option.help, f"{path}: {option.name} has no help"


def test_every_example_parses():
    """The examples of the help are command lines that the commands accept."""
    for _, command in [((), group), *commands()]:
        for line in getattr(command, "examples", ()):
            words = re.split(r"\s{2,}", line.split("| ")[-1].strip())[0].split()
            assert words[0] == "press-brief", line
            target, rest = group, words[1:]
            while isinstance(target, click.Group) and rest and not rest[0].startswith("-"):
                context = click.Context(target)
                assert rest[0] in target.list_commands(context), line
                target, rest = target.get_command(context, rest[0]), rest[1:]
            known = {word for item in target.params for word in (*item.opts, *item.secondary_opts)}
            used = {word for word in rest if word.startswith("--")}
            assert used <= known | {"--help"}, line


def test_version_and_module_are_the_same_command(press_brief):
    done = press_brief("--version")
    assert done.returncode == 0
    assert __version__ in done.stdout


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["rn"], "Did you mean `run`?"),
        (["run", "--sedes", "x"], "--seeds"),
        (["run", "--since", "15/1/2026"], "write it as 2026-01-15"),
        (["run", "--quiet", "--verbose"], "contradict"),
        (["models", "fecth", "x"], ""),
    ],
)
def test_wrong_usage_is_code_2_and_says_what_to_type(press_brief, tmp_path, arguments, hint):
    done = press_brief(*arguments)
    assert done.returncode == 2
    assert hint in done.stderr
    assert done.stdout == ""


def test_check_names_what_it_checked(press_brief):
    done = press_brief("check")
    assert done.returncode == 0, done.stderr
    for word in ("configuration", "prompts", "term base", "model"):
        assert word in done.stdout


def test_every_error_has_a_code_of_the_contract():
    codes = {kind.exit_code for kind in PressBriefError.__subclasses__()} | {PressBriefError.exit_code}
    assert codes <= {1, 2, 4, 5, 6, 7, 11}
    assert {2, 4, 5, 6, 7, 11} <= codes


def test_output_into_a_closed_pipe_is_no_failure():
    done = subprocess.run(
        f"{sys.executable} -m jobs models list --json | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in {0, 141}
    assert "Traceback" not in done.stderr


def test_output_onto_a_full_disk_is_code_7():
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "jobs", "models", "list"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 7, done.stderr
    assert "Free some space" in done.stderr
    assert "Traceback" not in done.stderr


def test_colours_stay_out_of_logs(press_brief, tmp_path):
    done = press_brief("run", "--seeds", tmp_path, env={"FORCE_COLOR": "", "NO_COLOR": "1"})
    assert done.returncode == 4
    assert "\x1b" not in done.stderr
