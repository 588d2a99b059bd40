"""Stands in for ShinkaEvolve where it is not installed: only what its evaluators need to score a program."""
