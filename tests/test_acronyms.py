"""Acronyms are spelled out once, where the brief is read first, and never in somebody's own words."""

from __future__ import annotations

from jobs.brief.acronyms import spell_out
from jobs.records import Event, KeyPoint, Quote, Source

SOURCE = (Source(article="a", sentence=1),)
FULL = {"ADGMIN": "ASEAN Digital Ministers' Meeting", "DEFA": "ASEAN Digital Economy Framework Agreement"}


def event(lead: str, *points: str, quote: str = "", direct: bool = False) -> Event:
    return Event(
        id="E1",
        headline_en="Headline",
        lead_en=lead,
        lead_sources=SOURCE,
        articles=("a",),
        key_points=tuple(
            KeyPoint(text_en=text, text_vi="", sources=SOURCE, corroboration=1) for text in points
        ),
        quotes=(Quote(speaker="An", role_en=None, text_en=quote, text_vi="", direct=direct, sources=SOURCE),)
        if quote
        else (),
    )


def test_first_use_only():
    found = spell_out(event("The 6th ADGMIN opened.", "ADGMIN ended; DEFA waits."), FULL.get)
    assert found.lead_en == "The 6th ASEAN Digital Ministers' Meeting (ADGMIN) opened."
    assert (
        found.key_points[0].text_en == "ADGMIN ended; ASEAN Digital Economy Framework Agreement (DEFA) waits."
    )


def test_what_is_spelled_out_already_stays():
    lead = "The ASEAN Digital Ministers' Meeting (ADGMIN) opened."
    found = spell_out(event(lead, "ADGMIN ended."), FULL.get)
    assert (found.lead_en, found.key_points[0].text_en) == (lead, "ADGMIN ended.")


def test_own_words_stay():
    found = spell_out(event('He named it "ADGMIN for all".', quote="DEFA is near.", direct=True), FULL.get)
    assert found.lead_en == 'He named it "ADGMIN for all".'
    assert found.quotes[0].text_en == "DEFA is near."


def test_unknown_and_everyday_acronyms_stay():
    lead = "ASEAN and the XYZW met; USD36 billion was named."
    assert spell_out(event(lead), {"ASEAN": "Association"}.get).lead_en == lead
