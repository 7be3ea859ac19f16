"""Measures: the job's own stages against labelled data, each figure with the signature of how it was made."""
