"""What both runners share: turning a peer's result into Allele's, and running in a working copy.

The result file holds one JSON object: either metrics (numbers by name) with feedback and artifacts (texts), or
status "failed" with a reason, an error and feedback.
"""

import importlib.util
import json
import math
import numbers
import os
import re
import sys
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
SHIMS = os.path.join(HERE, "shims")

# The packages that bring a peer's own modules, for the advice to install them.
PEER_PACKAGES = {"openevolve": "openevolve", "shinka": "shinka-evolve"}


def as_number(value):
    """A finite number, or None: flags are not scores, and JSON has no infinity."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return None
    try:
        number = float(value)
    except (OverflowError, TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def as_text(value):
    """A value as text for a prompt; bytes that are no UTF-8 keep their readable part."""
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError):
        return str(value)


def shorten(text, most):
    """The beginning of a text of more than `most` characters."""
    return text if len(text) <= most else text[:most] + "\n... (truncated)"


def describe(name, value):
    """One entry of a result for a prompt: a number to six digits, else a text."""
    number = as_number(value)
    return f"{name}: {as_text(value) if number is None else format(number, '.6g')}"


def write_result(path, result):
    """Writes the result so that no reader finds half of it."""
    temporary = f"{path}.part"
    with open(temporary, "w", encoding="utf-8", errors="replace") as file:
        json.dump(result, file, allow_nan=False)
    os.replace(temporary, path)


def missing_package(text):
    """Advice when a text says that a Python module is missing; None otherwise."""
    match = re.search(r"No module named '([\w.]+)'", text)
    if match is None:
        return None
    module = match.group(1).split(".")[0]
    if module in PEER_PACKAGES:
        return (
            f"it uses {match.group(1)}, which only the package {PEER_PACKAGES[module]} itself has: "
            f"{sys.executable} -m pip install {PEER_PACKAGES[module]}"
        )
    return f"Python package '{module}' is not installed: {sys.executable} -m pip install {module}"


def failed(reason, error, feedback=""):
    """A failed evaluation, with advice if a package is missing."""
    advice = missing_package(error) or missing_package(feedback)
    message = error if advice is None else f"{error} ({advice})"
    return {"status": "failed", "reason": reason, "error": message, "feedback": feedback}


def failed_by(error, where):
    """The failed evaluation that an exception makes."""
    reason = "crash"
    if isinstance(error, SyntaxError):
        reason = "syntax"
    elif isinstance(error, MemoryError):
        reason = "memory"
    # Without the frames of these runners, which say nothing about the program.
    frames = error.__traceback__
    while frames is not None and os.path.dirname(os.path.abspath(frames.tb_frame.f_code.co_filename)) == HERE:
        frames = frames.tb_next
    lines = "".join(traceback.format_exception(type(error), error, frames))
    # The end of a traceback is where the program's own lines are.
    return failed(reason, f"{where}: {type(error).__name__}: {error}", lines[-3000:])


def share_folder(folder):
    """Makes the files beside an evaluator visible in the working copy, for those that look there for them."""
    for name in os.listdir(folder):
        if name.startswith(".") or name == "__pycache__":
            continue
        try:
            os.symlink(os.path.join(folder, name), name)
        except OSError:
            pass  # The working copy has its own, the candidate's.


def offer_shim(package):
    """Lets a peer's evaluators import their helpers, also in processes they start, if the peer is not installed."""
    if importlib.util.find_spec(package) is not None:
        return
    sys.path.append(SHIMS)
    given = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = f"{given}{os.pathsep}{SHIMS}" if given else SHIMS


def start():
    """Reads the command line and hides it, and this folder, from the code that is run. Returns its parts."""
    settings, program, result = json.loads(sys.argv[1]), os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
    sys.path[:] = [path for path in sys.path if os.path.abspath(path or ".") != HERE]
    os.environ.pop("ALLELE_RESULT", None)
    return settings, program, result


def finish(path, result):
    """Writes the result and ends at once: a candidate's endless threads would keep the process alive."""
    write_result(path, result)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            pass
    os._exit(0)
