"""Canonical values as a reader writes them: `36000000000`, `USD` -> `USD 36 billion`; `2026-Q3` -> `Q3 2026`."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal, InvalidOperation

_MONTHS = tuple(calendar.month_name)[1:]
_SCALES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?")


def amount(value: str, unit: str | None, approx: str | None = None) -> str:
    """Return a figure with its unit; large round values in words, never rounded; `approx` stands before it."""
    if approx:
        return f"{approx.replace('_', ' ')} {amount(value, unit)}"
    try:
        number = Decimal(value)
    except InvalidOperation:
        return f"{value} {unit or ''}".strip()
    text = _grouped(number)
    for scale, word in _SCALES:
        short = number / scale
        if abs(short) >= 1 and short == round(short, 3):
            text = f"{_grouped(short)} {word}"
            break
    if unit is None:
        return text
    if unit == "%":
        return f"{text}%"
    return f"{unit} {text}" if _CURRENCY.fullmatch(unit) else f"{text} {unit}"


def _grouped(number: Decimal) -> str:
    plain = f"{number:,f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain


def period(start: str, end: str | None, precision: str) -> str:
    """Return a point or a range in time; what is not ISO 8601 stands as it is."""
    first, last = _point(start, precision), _point(end, precision) if end else None
    if last is None:
        return first
    begin, finish = _DAY.fullmatch(start), _DAY.fullmatch(end or "")
    if begin and finish and not begin[4] and not finish[4] and begin[1] == finish[1]:
        if begin[2] == finish[2]:
            return f"{int(begin[3])}–{last}"
        return f"{first.removesuffix(begin[1]).strip()} – {last}"
    return f"{first} – {last}"


def _point(text: str, precision: str) -> str:
    if match := _DAY.fullmatch(text):
        clock = f", {match[4]}" if match[4] and precision == "minute" else ""
        return f"{int(match[3])} {_month(match[2])} {match[1]}{clock}"
    if match := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return f"{_month(match[2])} {match[1]}"
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        return f"Q{match[2]} {match[1]}"
    return text


def _month(digits: str) -> str:
    return _MONTHS[int(digits) - 1] if 1 <= int(digits) <= len(_MONTHS) else digits


def days(start: str, end: str | None) -> tuple[dt.date, dt.date] | None:
    """Return the first and the last day that a point or a range of any precision covers, or None."""
    first, last = _span(start), _span(end or start)
    return (first[0], last[1]) if first and last and first[0] <= last[1] else None


def _span(text: str) -> tuple[dt.date, dt.date] | None:
    try:
        if _DAY.fullmatch(text):
            day = dt.date.fromisoformat(text[:10])
            return day, day
        if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
            year, month = int(match[1]), int(match[2]) * 3
            return dt.date(year, month - 2, 1), _month_end(year, month)
        if match := re.fullmatch(r"(\d{4})-(\d\d)", text):
            return dt.date(int(match[1]), int(match[2]), 1), _month_end(int(match[1]), int(match[2]))
        if re.fullmatch(r"\d{4}", text):
            return dt.date(int(text), 1, 1), dt.date(int(text), 12, 31)
    except ValueError:
        return None
    return None


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
