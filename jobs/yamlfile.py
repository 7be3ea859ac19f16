"""YAML files to validated records: text in, a pydantic model out, or one `ConfigError` with every fault.

Each fault names file, line and key, and for an unknown key the nearest known one. Duplicate keys are
refused, which YAML itself would let pass silently.
"""

from __future__ import annotations

import difflib
import types
import typing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from jobs.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ModelT = TypeVar("ModelT", bound=BaseModel)
KeyPath = tuple[str | int, ...]


@dataclass
class _Document:
    """Plain data of a YAML file with the line (from 1) of every key and item."""

    data: Any
    lines: dict[KeyPath, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def load_model(path: Path, model: type[ModelT]) -> ModelT:
    """Read `path` and validate it as `model`.

    Raises:
        ConfigError: unreadable file, bad YAML, duplicate or unknown keys, wrong values; all at once.

    """
    document = _read(path)
    data = {} if document.data is None else document.data
    if not isinstance(data, dict):
        raise ConfigError(f"{path}:1: expected `key: value` lines, found a {type(data).__name__}")
    faults = list(document.faults)
    result: ModelT | None = None
    try:
        result = model.model_validate(data)
    except ValidationError as error:
        faults += [_fault(path, model, document, item) for item in error.errors()]
    if result is None or faults:
        raise ConfigError("\n".join(sorted(set(faults), key=_line_of)), hint=f"Correct {path} and run again.")
    return result


def _line_of(fault: str) -> tuple[int, str]:
    for part in fault.split(":")[1:]:
        if part.isdigit():
            return int(part), fault
    return 0, fault


def _read(path: Path) -> _Document:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file", hint="Give the right one with --config FILE.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    try:
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            document = _Document(data=None)
            _walk(path, node, (), document)
            document.data = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line + 1) if error.problem_mark else 1
        raise ConfigError(f"{path}:{line}: not valid YAML: {error.problem}") from None
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(f"{path}: not valid YAML: {error}") from None
    return document


def _walk(path: Path, node: yaml.Node | None, where: KeyPath, document: _Document) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in seen:
                document.faults.append(
                    f"{path}:{line}: `{_dotted((*where, key))}` is given twice, first on line {seen[key]}"
                )
            seen.setdefault(key, line)
            document.lines[(*where, key)] = line
            _walk(path, value_node, (*where, key), document)
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            document.lines[(*where, index)] = item.start_mark.line + 1
            _walk(path, item, (*where, index), document)


def _dotted(where: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in where)


def _fault(path: Path, model: type[BaseModel], document: _Document, item: Any) -> str:
    where: KeyPath = tuple(item["loc"])
    known = where
    while known and known not in document.lines:
        known = known[:-1]
    line = document.lines.get(known, 1)
    if item["type"] == "extra_forbidden":
        names = _keys_of(model, where[:-1])
        near = difflib.get_close_matches(str(where[-1]), names, n=1, cutoff=0.5)
        advice = f"did you mean `{near[0]}`?" if near else f"known keys: {', '.join(names)}"
        return f"{path}:{line}: unknown key `{_dotted(where)}`; {advice}"
    given = item.get("input")
    shown = f" (given: {given!r})" if isinstance(given, str | int | float | bool) else ""
    message = str(item["msg"]).removeprefix("Value error, ")
    return f"{path}:{line}: `{_dotted(where)}`: {message}{shown}"


def _keys_of(model: type[BaseModel], where: KeyPath) -> list[str]:
    current: Any = model
    for part in where:
        if isinstance(part, int):
            continue
        info = current.model_fields.get(part)
        if info is None:
            return []
        found = _model_in(info.annotation)
        if found is None:
            return []
        current = found
    return sorted(current.model_fields)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if typing.get_origin(annotation) in (typing.Union, types.UnionType, tuple, list):
        for part in typing.get_args(annotation):
            found = _model_in(part)
            if found is not None:
                return found
    return None
