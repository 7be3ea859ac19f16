"""Reconciliation: articles in; copies, events, claims, discrepancies, timeline and entities out.

Everything works on the Vietnamese side, where nothing is lost in translation, and carries sentence numbers.
"""
