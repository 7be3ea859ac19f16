"""press-brief: Vietnamese news articles in, one sourced English press brief out."""

__version__ = "0.1.0"
