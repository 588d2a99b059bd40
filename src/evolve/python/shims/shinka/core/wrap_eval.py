"""Runs a program's function several times, checks and scores what it returns, and writes the result files."""

import importlib.util
import json
import math
import os
import statistics
import sys
import time
import traceback

METRICS_ON_ERROR = {
    "combined_score": 0.0,
    "execution_time_mean": 0.0,
    "execution_time_std": 0.0,
    "num_successful_runs": 0,
    "num_valid_runs": 0,
    "num_invalid_runs": 0,
    "all_validation_errors": [],
}


def load_program(program_path):
    """Imports the program at a path."""
    spec = importlib.util.spec_from_file_location("program", program_path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{program_path} is no Python program")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _plain(value):
    """What JSON does not know: numbers of numpy and its arrays as lists, the rest as text."""
    to_list = getattr(value, "tolist", None)
    return to_list() if callable(to_list) else str(value)


def save_json_results(results_dir, metrics, correct, error=None, verbose=True):
    """Writes metrics.json and correct.json."""
    os.makedirs(results_dir, exist_ok=True)
    contents = {"metrics.json": metrics, "correct.json": {"correct": bool(correct), "error": error}}
    for name, content in contents.items():
        with open(os.path.join(results_dir, name), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=2, default=_plain)
    if verbose:
        print(f"Results are in {results_dir}")


class _Checks:
    """What a validator says about the results of the runs."""

    def __init__(self, validate):
        self.validate = validate
        self.valid = 0
        self.invalid = 0
        self.errors = []

    def add(self, result):
        if self.validate is None:
            return
        is_valid, message = self.validate(result)
        if is_valid:
            self.valid += 1
            return
        self.invalid += 1
        if message and message not in self.errors:
            self.errors.append(message)

    def error(self):
        return f"Validation failed: {self.errors[0]}" if self.errors else None

    def metrics(self):
        if self.validate is None:
            return {}
        return {
            "num_valid_runs": self.valid,
            "num_invalid_runs": self.invalid,
            "all_validation_errors": self.errors,
        }


def _run_all(program_path, function_name, num_runs, kwargs_of, checks, verbose):
    """Calls the function once per run, in order. Returns the results and the seconds that each took."""
    function = getattr(load_program(program_path), function_name, None)
    if function is None:
        raise AttributeError(f"The program has no function '{function_name}'")
    results, seconds = [], []
    for index in range(num_runs):
        kwargs = {"seed": index + 1} if kwargs_of is None else kwargs_of(index)
        begin = time.perf_counter()
        result = function(**kwargs)
        seconds.append(time.perf_counter() - begin)
        results.append(result)
        checks.add(result)
        if verbose:
            print(f"Run {index + 1} of {num_runs} took {seconds[-1]:.2f} s")
    return results, seconds


def _score(results, seconds, aggregate, checks):
    """The metrics of all runs together."""
    metrics = {"num_successful_runs": len(results)} if aggregate is None else dict(aggregate(results))
    metrics.pop("extra_data", None)
    metrics["execution_time_mean"] = statistics.fmean(seconds) if seconds else 0.0
    metrics["execution_time_std"] = statistics.pstdev(seconds) if seconds else 0.0
    metrics.update(checks.metrics())
    return metrics


def run_shinka_eval(
    program_path,
    results_dir,
    experiment_fn_name,
    num_runs,
    get_experiment_kwargs=None,
    aggregate_metrics_fn=None,
    validate_fn=None,
    plotting_fn=None,
    default_metrics_on_error=None,
    early_stop_method=None,
    early_stop_threshold=None,
    early_stop_score_fn=None,
    early_stop_kwargs=None,
    run_workers=1,
    max_workers_cap=None,
    verbose=None,
):
    """Evaluates a program, writes metrics.json and correct.json, returns (metrics, correct, error).

    All runs are done, one after the other: stopping early, workers and plots are not supported here.
    """
    if verbose is None:
        verbose = os.environ.get("SHINKA_EVAL_VERBOSE", "1") != "0"
    if early_stop_method is not None:
        print("Early stopping needs ShinkaEvolve itself: all runs are done.", file=sys.stderr)
    checks = _Checks(validate_fn)
    try:
        results, seconds = _run_all(
            program_path, experiment_fn_name, num_runs, get_experiment_kwargs, checks, verbose
        )
        metrics = _score(results, seconds, aggregate_metrics_fn, checks)
        error = checks.error()
        correct = checks.invalid == 0
        score = metrics.get("combined_score", 0.0)
        if not math.isfinite(score):
            correct = False
            error = error or f"combined_score is {score}"
    except Exception as raised:  # The program's fault, whatever it is: it becomes the result.
        traceback.print_exc()
        metrics = {**METRICS_ON_ERROR, **(default_metrics_on_error or {})}
        correct, error = False, f"{type(raised).__name__}: {raised}"
    save_json_results(results_dir, metrics, correct, error, verbose)
    return metrics, correct, error
