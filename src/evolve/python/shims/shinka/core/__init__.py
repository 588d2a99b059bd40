"""The functions that ShinkaEvolve's evaluators import."""

from shinka.core.wrap_eval import run_shinka_eval, save_json_results

__all__ = ["run_shinka_eval", "save_json_results"]
