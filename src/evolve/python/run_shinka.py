"""Runs an evaluator in ShinkaEvolve's format on one program: run_shinka.py SETTINGS PROGRAM RESULT.

SETTINGS is a JSON object: evaluate (path of evaluate.py), arguments (more of them), useTextFeedback. The evaluator
runs as a process of its own; what counts is what it leaves in its results folder, not how it ends.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading

import allele_result as allele

KEPT_BYTES = 4000


def run_evaluator(settings, program, results):
    """Runs evaluate.py, passes its streams on, returns its exit status and the end of its error stream."""
    command = [sys.executable, settings["evaluate"], "--program_path", program, "--results_dir", results]
    process = subprocess.Popen(command + settings["arguments"], stderr=subprocess.PIPE)
    tail = bytearray()

    def pass_on():
        for line in iter(lambda: process.stderr.read1(65536), b""):
            sys.stderr.buffer.write(line)
            sys.stderr.buffer.flush()
            tail.extend(line)
            del tail[:-KEPT_BYTES]

    # A daemon: processes that the evaluator leaves behind may hold the stream open for ever.
    reader = threading.Thread(target=pass_on, daemon=True)
    reader.start()
    status = process.wait()
    reader.join(timeout=1)
    return status, tail.decode("utf-8", errors="replace")


def read_json(path):
    """The JSON object of a file; None if it is missing or none."""
    try:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def mapping(value):
    """A mapping as it is, anything else as an empty one."""
    return value if isinstance(value, dict) else {}


def to_result(metrics, use_text_feedback):
    """Makes Allele's result: private metrics are kept as numbers, and never become feedback."""
    public, private = mapping(metrics.get("public")), mapping(metrics.get("private"))
    score = allele.as_number(metrics.get("combined_score", 0.0))
    lines = [allele.describe(name, value) for name, value in public.items()]
    text = metrics.get("text_feedback")
    if use_text_feedback and text:
        # Evaluators give a text, or a list of texts.
        lines.append("\n".join(map(allele.as_text, text)) if isinstance(text, list) else allele.as_text(text))
    feedback = "\n".join(lines)
    if score is None:
        return allele.failed("invalid", f"combined_score is {metrics.get('combined_score')!r}, no number", feedback)
    # The fitness comes first, since a reader may take only so many metrics; public ones win over others.
    own = {name: value for name, value in metrics.items() if name not in ("public", "private", "combined_score")}
    named = {**public, **{name: value for name, value in own.items() if name not in public}}
    named.pop("combined_score", None)
    named.update({f"private.{name}": value for name, value in private.items()})
    numbers = {"combined_score": score}
    for name, value in named.items():
        if allele.as_number(value) is not None:
            numbers[str(name)] = allele.as_number(value)
    return {"metrics": numbers, "feedback": feedback}


def failure(correct, metrics, status, tail):
    """The failed evaluation of a program that the evaluator did not find correct."""
    if correct is None:
        last = (tail.strip().splitlines() or ["it said nothing"])[-1]
        return allele.failed("crash", f"the evaluator wrote no correct.json and ended with status {status}: {last}")
    error = allele.as_text(correct.get("error") or "the evaluator found the program incorrect")
    lines = [allele.describe(name, value) for name, value in mapping(metrics.get("public")).items()]
    text = metrics.get("text_feedback")
    return allele.failed("invalid", error, "\n".join([*lines, *([allele.as_text(text)] if text else [])]))


def evaluate(settings, program):
    """Runs the evaluator and reads what it left."""
    try:
        allele.offer_shim("shinka")
        allele.share_folder(os.path.dirname(settings["evaluate"]))
        results = tempfile.mkdtemp(prefix="results_", dir=os.getcwd())
        status, tail = run_evaluator(settings, program, results)
    except OSError as error:
        return allele.failed_by(error, "the evaluator cannot be started")
    correct = read_json(os.path.join(results, "correct.json"))
    metrics = read_json(os.path.join(results, "metrics.json")) or {}
    if correct is None or correct.get("correct") is not True:
        return failure(correct, metrics, status, tail)
    return to_result(metrics, settings["useTextFeedback"])


if __name__ == "__main__":
    given, candidate, result_path = allele.start()
    allele.finish(result_path, evaluate(given, candidate))
