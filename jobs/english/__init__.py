"""The English side: reading figures, dates and names back out of a translation, and comparing them."""

from jobs.english.figures import figures
from jobs.english.match import FigureMatch, match_figures

__all__ = ["FigureMatch", "figures", "match_figures"]
