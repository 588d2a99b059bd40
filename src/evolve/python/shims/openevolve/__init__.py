"""Stands in for OpenEvolve where it is not installed: only what its evaluators import."""

from openevolve.evaluation_result import EvaluationResult

__all__ = ["EvaluationResult"]
