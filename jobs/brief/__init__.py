"""The brief: claims and translations in, one composed and verified record out, one renderer a format."""
