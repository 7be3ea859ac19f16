"""What the job knows of Vietnamese press text: figures, dates, names, quotations; as tables and small grammars."""

from jobs.vietnamese.figures import figures

__all__ = ["figures"]
