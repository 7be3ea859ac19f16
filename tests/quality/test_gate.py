"""The quality gate: no figure may fall below its floor. See `measure` for how floors are raised."""

from __future__ import annotations

import json

from tests.quality.measure import FLOORS, hashes, reconciliation, translation, worse

PINNED = json.loads(FLOORS.read_text(encoding="utf-8"))


def fallen(found):
    return {
        name: (value, PINNED["floors"][name])
        for name, value in found.items()
        if worse(name, value, PINNED["floors"][name])
    }


def test_the_inputs_are_those_that_the_floors_were_measured_on():
    assert hashes() == PINNED["inputs"]


def test_translation_keeps_its_floors(shared_cache):
    assert fallen(translation(shared_cache)) == {}


def test_reconciliation_keeps_its_floors():
    assert fallen(reconciliation()) == {}
