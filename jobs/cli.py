"""The command line: a click group whose commands are loaded when they are asked for.

Results go to stdout, everything else to stderr. A `PressBriefError` ends with its exit code and one
message; an interrupt with 130, a termination with 143, both resumable.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from jobs import __version__
from jobs.errors import PressBriefError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

_Command = TypeVar("_Command", bound=click.Command)

_COMMANDS = {
    "run": "jobs.commands.run:run",
    "check": "jobs.commands.check:check",
    "translate": "jobs.commands.translate:translate",
    "evaluate": "jobs.commands.evaluate:evaluate",
    "explain": "jobs.commands.explain:explain",
    "models": "jobs.commands.models:models",
    "memory": "jobs.commands.memory:memory",
    "train": "jobs.train.command:train",
}


class ExamplesFirst(click.Command):
    """A command whose help begins with its examples (see `examples`)."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples, usage, description, options."""
        write_examples(self, formatter)
        super().format_help(ctx, formatter)


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is used or listed."""

    lazy: dict[str, str]

    def __init__(self, *args: Any, lazy: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lazy = lazy or {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a newcomer needs them."""
        return [*self.lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command, or None."""
        if cmd_name not in self.lazy:
            return super().get_command(ctx, cmd_name)
        module, _, name = self.lazy[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; on a typing slip say which one was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            import difflib

            near = difflib.get_close_matches(args[0], self.list_commands(ctx), n=1)
            if near:
                raise click.UsageError(f"{error.message} Did you mean `{near[0]}`?", ctx=ctx) from None
            raise

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write examples before usage and commands."""
        write_examples(self, formatter)
        super().format_help(ctx, formatter)


def write_examples(command: click.Command, formatter: click.HelpFormatter) -> None:
    """Write the `examples` of a command (set by `examples(...)`) at the head of its help."""
    lines: tuple[str, ...] = getattr(command, "examples", ())
    if lines:
        formatter.write("Examples:\n")
        for line in lines:
            formatter.write(f"  {line}\n")
        formatter.write("\n")


def examples(*lines: str) -> Callable[[_Command], _Command]:
    """Decorate a click command with the example lines that its help starts with."""

    def attach(command: _Command) -> _Command:
        command.examples = lines  # type: ignore[attr-defined]
        return command

    return attach


CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@examples(
    "press-brief run                                  read ./seeds, leave a finished run in ./outputs",
    "press-brief run --seeds inbox --outputs briefs   other folders",
    "press-brief run --dry-run                        say what would be done",
    "press-brief explain latest K1                    why does the first key point say that?",
    "press-brief models list                          translation models, bundled and published",
)
@click.group(cls=LazyGroup, lazy=_COMMANDS, context_settings=CONTEXT)
@click.version_option(__version__, prog_name="press-brief")
def press_brief() -> None:
    """Vietnamese news articles in, one sourced English press brief out."""


class _Terminated(BaseException):
    """SIGTERM, as an exception that no handler of ordinary failures swallows."""


def _terminated(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise _Terminated


def main() -> NoReturn:
    """Entry point: run the command, map every failure to its exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    try:
        code = press_brief.main(standalone_mode=False)
    except PressBriefError as error:
        click.echo(f"press-brief: {error}", err=True)
        code = error.exit_code
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (KeyboardInterrupt, click.Abort):
        click.echo("press-brief: interrupted; run again to go on where it stopped", err=True)
        # Python dies of SIGINT itself where the interrupt came through code that was compiled at run time
        # (dataclasses, namedtuple: CPython's unhandled_keyboard_interrupt), caught or not: schedulers rely on 130.
        sys.stdout.flush()
        os._exit(130)
    except _Terminated:
        click.echo("press-brief: terminated; run again to go on where it stopped", err=True)
        code = 143
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        from jobs.store import DISK

        if error.errno not in DISK:
            raise
        click.echo(f"press-brief: {error}\n  Free some space, or check permissions, and run again.", err=True)
        code = StorageError.exit_code
    sys.exit(code if isinstance(code, int) else 0)
