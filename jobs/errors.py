"""The errors that a user may see, each with the exit code that schedulers rely on.

Every message names the cause, the place and what to type or do next. Anything that is
not a `PressBriefError` is a fault of ours and ends with exit code 1 and a traceback in the log.
"""

from __future__ import annotations

from typing import ClassVar


class PressBriefError(Exception):
    """A failure with a documented exit code; `hint` says what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message if self.hint is None else f"{self.message}\n  {self.hint}"


class UsageError(PressBriefError):
    """The command line asks for something that cannot be: exit code 2."""

    exit_code = 2


class NoInputError(PressBriefError):
    """No usable input: missing folder, empty folder, nothing Vietnamese in it: exit code 4."""

    exit_code = 4


class ConfigError(PressBriefError):
    """config.yaml, a prompt record or a glossary is wrong: exit code 5."""

    exit_code = 5


class ModelError(PressBriefError):
    """A model is missing, damaged, unreachable or not the pinned one: exit code 6."""

    exit_code = 6


class StorageError(PressBriefError):
    """Disk full, read-only or no permission: exit code 7; what was there stays as it was."""

    exit_code = 7


class LockedError(PressBriefError):
    """Another run holds the lock of this outputs folder: exit code 11."""

    exit_code = 11


class InputError(PressBriefError):
    """One input cannot be used. Never leaves the pipeline: it becomes an accounting entry.

    `status` is `skipped` for what is not for us (another language, too short) and `failed`
    for what should have been readable (damaged, undecodable).
    """

    def __init__(self, message: str, *, status: str = "failed") -> None:
        super().__init__(message)
        self.status = status
