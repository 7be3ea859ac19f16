"""Ingest: files of a folder in, `Article` records with told sentences out."""

from jobs.ingest.read import SUPPORTED, InputFile, Outcome, assign_ids, discover, input_file, read_file

__all__ = ["SUPPORTED", "InputFile", "Outcome", "assign_ids", "discover", "input_file", "read_file"]
