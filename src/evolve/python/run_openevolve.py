"""Runs an evaluator in OpenEvolve's format on one program: run_openevolve.py SETTINGS PROGRAM RESULT.

SETTINGS is a JSON object: evaluator (path), isCascade, thresholds, featureDimensions, includeArtifacts,
artifactCharacters, maxCodeLength (or null). The metric combined_score is always written: it is the fitness.
"""

import importlib.util
import math
import os
import sys
import traceback

import allele_result as allele


def load_evaluator(path):
    """Imports the evaluator as OpenEvolve does: its folder first on the path, under a fixed module name."""
    sys.path.insert(0, os.path.dirname(path))
    sys.argv = [path]
    spec = importlib.util.spec_from_file_location("evaluation_module", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["evaluation_module"] = module
    spec.loader.exec_module(module)
    if not hasattr(module, "evaluate"):
        raise AttributeError(f"{path} has no function evaluate(program_path)")
    return module


def wait_for(awaitable):
    """The result of something asynchronous."""
    import asyncio  # Here, since it takes as long to import as everything else together.

    async def wait():
        return await awaitable

    return asyncio.run(wait())


def call(function, program):
    """Calls a function of the evaluator, waits for it if it is asynchronous, returns metrics and artifacts."""
    value = function(program)
    if hasattr(value, "__await__"):
        value = wait_for(value)
    if isinstance(value, dict):
        metrics = dict(value)
        artifacts = metrics.pop("artifacts") if isinstance(metrics.get("artifacts"), dict) else {}
        if isinstance(metrics.get("metrics"), dict):
            nested = metrics.pop("metrics")
            metrics.update(nested)
        return metrics, dict(artifacts)
    # Not by class: an installed OpenEvolve has its own EvaluationResult.
    if isinstance(getattr(value, "metrics", None), dict):
        return dict(value.metrics), dict(getattr(value, "artifacts", None) or {})
    raise TypeError(
        f"{function.__name__} must return a dict or an EvaluationResult, got {type(value).__name__}"
    )


def passes(metrics, threshold):
    """Whether a stage's result lets the program go on. Unlike in the fitness, flags count here, as in OpenEvolve."""
    score = metrics.get("combined_score")
    if isinstance(score, (int, float)):
        return float(score) >= threshold
    values = [float(value) for name, value in metrics.items() if name != "error" and isinstance(value, (int, float))]
    return bool(values) and sum(values) / len(values) >= threshold


def run_cascade(module, program, thresholds):
    """Goes through the stages while their scores pass; results of all stages are merged."""
    metrics, artifacts = call(module.evaluate_stage1, program)
    for number in (2, 3):
        stage = getattr(module, f"evaluate_stage{number}", None)
        if stage is None or len(thresholds) < number - 1 or not passes(metrics, thresholds[number - 2]):
            break
        try:
            more, more_artifacts = call(stage, program)
        except Exception as error:  # A later stage that fails leaves the program the score it has.
            artifacts[f"stage{number}_stderr"] = str(error)
            artifacts[f"stage{number}_traceback"] = traceback.format_exc()[-3000:]
            metrics[f"stage{number}_passed"] = 0.0
            break
        if allele.as_number(metrics.get("error")) is not None:
            del metrics["error"]
        metrics.update({name: value for name, value in more.items() if name != "error" or isinstance(value, str)})
        artifacts.update(more_artifacts)
    return metrics, artifacts


def fitness_of(metrics, feature_dimensions):
    """combined_score if it can be made a number, else the mean of the metrics that are no feature dimensions."""
    try:
        return float(metrics["combined_score"])
    except (KeyError, TypeError, ValueError):
        pass
    numbers = {name: allele.as_number(value) for name, value in metrics.items()}
    numbers = {name: value for name, value in numbers.items() if value is not None}
    values = [value for name, value in numbers.items() if name not in feature_dimensions] or list(numbers.values())
    return sum(values) / len(values) if values else None


def to_result(metrics, artifacts, settings):
    """Makes Allele's result: numbers become metrics, everything else goes to the feedback."""
    show = settings["includeArtifacts"] and os.environ.get("ENABLE_ARTIFACTS", "true").lower() == "true"
    most = settings["artifactCharacters"]
    shown = {str(name): allele.shorten(allele.as_text(value), most) for name, value in artifacts.items()} if show else {}
    feedback = "\n".join(allele.shorten(allele.describe(name, value), most) for name, value in metrics.items())
    advice = allele.missing_package(feedback)
    feedback = feedback if advice is None else f"{feedback}\n{advice}"
    fitness = fitness_of(metrics, settings["featureDimensions"])
    if fitness is None or not math.isfinite(fitness):
        what = "no metric that is a number" if fitness is None else f"the score {fitness}"
        notes = [feedback, *(f"{name}: {text}" for name, text in shown.items())]
        return allele.failed("invalid", f"the evaluator returned {what}", "\n".join(note for note in notes if note))
    # The fitness comes first, since a reader may take only so many metrics.
    numbers = {"combined_score": fitness}
    for name, value in metrics.items():
        if name != "combined_score" and allele.as_number(value) is not None:
            numbers[str(name)] = allele.as_number(value)
    return {"metrics": numbers, "feedback": feedback, "artifacts": shown}


def evaluate(settings, program):
    """Runs the evaluator; whatever it raises becomes a failed evaluation."""
    longest = settings["maxCodeLength"]
    if longest is not None:
        with open(program, encoding="utf-8", errors="replace", newline="") as file:
            length = len(file.read())
        if length > longest:
            return allele.failed("invalid", f"the program has {length} characters; max_code_length is {longest}")
    evaluator = settings["evaluator"]
    try:
        allele.offer_shim("openevolve")
        allele.share_folder(os.path.dirname(evaluator))
        module = load_evaluator(evaluator)
    except BaseException as error:  # Also sys.exit at import.
        return allele.failed_by(error, "the evaluator cannot be loaded")
    try:
        if settings["isCascade"] and hasattr(module, "evaluate_stage1"):
            metrics, artifacts = run_cascade(module, program, settings["thresholds"])
        else:
            metrics, artifacts = call(module.evaluate, program)
        return to_result(metrics, artifacts, settings)
    except BaseException as error:  # Also sys.exit by the candidate.
        return allele.failed_by(error, "the evaluation raised an exception")


if __name__ == "__main__":
    given, candidate, result_path = allele.start()
    allele.finish(result_path, evaluate(given, candidate))
