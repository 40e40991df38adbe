"""The program gridclear, run from Python."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from typing import Any, Callable, Container, Dict, List, NamedTuple, Optional, Union

import pandas as pd

from .errors import Fault, InputError, error_of
from .run import Run

PathLike = Union[str, "os.PathLike[str]"]


Progress = Callable[[Dict[str, Any]], None]


def _object(line: str) -> Optional[Dict[str, Any]]:
    try:
        found = json.loads(line) if line.startswith("{") else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _is_progress(line: str, progress: Optional[Progress]) -> bool:
    """Whether the line is progress; then it is handed on."""
    if progress is None:
        return False
    found = _object(line)
    if found is None or "stage" not in found:
        return False
    progress(found)
    return True


def _plain(line: str) -> str:
    """A line of standard error; an error of --json-log as it is without."""
    found = _object(line)
    if found is None or "error" not in found:
        return line
    where = [str(found[key]) for key in ("file", "line", "column") if key in found]
    return ":".join(where or ["gridclear"]) + ": " + str(found["error"]) + "\n"


class Program:
    """The program at a path; by default $GRIDCLEAR, or what the PATH has."""

    def __init__(self, path: Optional[PathLike] = None) -> None:
        found = os.fspath(path) if path is not None else os.environ.get("GRIDCLEAR")
        found = found or shutil.which("gridclear")
        if not found:
            raise FileNotFoundError(
                "the program gridclear is not on the PATH; install it, set GRIDCLEAR to its "
                "path or pass program="
            )
        if not shutil.which(found):
            raise FileNotFoundError(f"{found} is not a program")
        self.path = found

    def __call__(
        self,
        *words: PathLike,
        cwd: Optional[PathLike] = None,
        progress: Optional[Progress] = None,
        allowed: Container[int] = (0,),
    ) -> str:
        """Runs one command and returns what it printed; an exception if its exit status is
        none of those allowed.

        progress is called with each object of the command's --json-log (which run, dispatch
        and commit have), such as {"seconds": 1.5, "stage": "clearing", "day": "2026-04-15"}.
        An exception in it, or in between, ends the program, too.
        """
        command = [self.path] + [os.fspath(word) for word in words]
        if progress is not None:
            command.insert(2, "--json-log")
        with tempfile.TemporaryFile() as printed, subprocess.Popen(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
        ) as process:
            assert process.stderr is not None
            said = []
            try:
                for line in process.stderr:
                    if not _is_progress(line, progress):
                        said.append(line)
            except BaseException:
                process.terminate()
                raise
            status = process.wait()
            if status not in allowed:
                raise error_of(status, "".join(map(_plain, said)), command)
            printed.seek(0)
            return printed.read().decode("utf-8", errors="replace")

    @property
    def version(self) -> str:
        """The first line of gridclear --version."""
        return self("--version").splitlines()[0]

    def __repr__(self) -> str:
        return f"<gridclear program {self.path}>"


def run(
    scenario: PathLike,
    output: Optional[PathLike] = None,
    *options: str,
    program: Optional[PathLike] = None,
    progress: Optional[Progress] = None,
) -> Run:
    """Clears and settles a scenario and opens the result.

    Without output the run file lives in a temporary folder and is gone when the Run is.
    options are further words of the command line. summary of the Run is what
    'gridclear run --json' prints. progress is called while it works; see Program.
    """
    binary = Program(program)
    folder: Optional[tempfile.TemporaryDirectory[str]] = None
    if output is None:
        folder = tempfile.TemporaryDirectory(prefix="gridclear-")
        output = os.path.join(folder.name, "run.h5")
    try:
        printed = binary("run", "--json", "-o", output, *options, "--", scenario,
                         progress=progress)
        summary: Dict[str, Any] = json.loads(printed)
        return Run(output, summary=summary, folder=folder)
    except BaseException:
        if folder is not None:
            folder.cleanup()
        raise


def check(scenario: PathLike, *, program: Optional[PathLike] = None) -> List[Fault]:
    """The faults of a scenario; none is an empty list."""
    try:
        Program(program)("check", "--", scenario)
    except InputError as error:
        return error.faults
    return []


class Comparison(NamedTuple):
    """What differs between two runs; each frame in order of the money it moves, with the
    columns name, first, second and more."""

    first: str
    second: str
    same: bool
    totals: pd.DataFrame
    charges: pd.DataFrame
    prices: pd.DataFrame
    dispatch: pd.DataFrame
    limits: pd.DataFrame
    flows: pd.DataFrame


def compare(
    first: Union[Run, PathLike],
    second: Union[Run, PathLike],
    *,
    stage: Optional[str] = None,
    tolerance: float = 1e-6,
    program: Optional[PathLike] = None,
) -> Comparison:
    """Compares two runs, the second with the first."""
    words = [os.fspath(run.path if isinstance(run, Run) else run) for run in (first, second)]
    if stage is not None:
        words += ["--stage", stage]
    printed = Program(program)(
        "compare", "--json", "--tolerance", repr(float(tolerance)), *words, allowed=(0, 1)
    )
    (found,) = json.loads(printed)["comparisons"]
    frames = {
        name: pd.DataFrame(found[name])
        for name in ("totals", "charges", "prices", "dispatch", "limits", "flows")
    }
    return Comparison(found["first"], found["second"], bool(found["same"]), **frames)


class Explanation(Dict[str, Any]):
    """What 'gridclear explain --json' says; printed, it is the sentences for people."""

    def __init__(self, found: Dict[str, Any], text: str) -> None:
        super().__init__(found)
        self.text = text

    def __str__(self) -> str:
        return self.text.rstrip()


def explain(
    run: Union[Run, PathLike],
    *,
    at: Union[int, str, pd.Timestamp, None] = None,
    node: Optional[str] = None,
    resource: Optional[str] = None,
    bid: Optional[str] = None,
    stage: Optional[str] = None,
    program: Optional[PathLike] = None,
) -> Explanation:
    """Why a price (node), an award (resource) or a refusal (bid) is what it is.

    at is an hour ending, such as 20 or "2026-04-15 20", or the start of an interval with its
    time zone, such as an index of Run.frame.
    """
    words: List[str] = [os.fspath(run.path if isinstance(run, Run) else run)]
    if at is not None and not isinstance(at, (int, str)):
        at = at.tz_convert("UTC").strftime("%Y-%m-%dT%H:%MZ")
    for name, value in (("node", node), ("resource", resource), ("bid", bid),
                        ("at", at), ("stage", stage)):
        if value is not None:
            words += [f"--{name}", str(value)]
    binary = Program(program)
    found = json.loads(binary("explain", "--json", *words, allowed=(0, 1)))
    return Explanation(found, binary("explain", *words, allowed=(0, 1)))
