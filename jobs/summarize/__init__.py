"""Summaries: the sentences of one article, or of several, that say most of it."""
