"""Training: parallel text in, a translation model folder that the job loads out.

prepare (pairs, cleaning, decontamination, code-switching, subwords, links) -> trainer -> export -> equality check.
"""
