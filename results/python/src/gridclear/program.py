"""The program gridclear, run from Python."""
from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from typing import Any, Dict, List, Optional, Union

from .errors import Fault, InputError, error_of
from .run import Run

PathLike = Union[str, "os.PathLike[str]"]


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

    def __call__(self, *words: PathLike, cwd: Optional[PathLike] = None) -> str:
        """Runs one command and returns what it printed; an exception if it fails."""
        command = [self.path] + [os.fspath(word) for word in words]
        done = subprocess.run(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        if done.returncode != 0:
            raise error_of(done.returncode, done.stderr, command)
        return done.stdout

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
) -> Run:
    """Clears and settles a scenario and opens the result.

    Without output the run file lives in a temporary folder and is gone when the Run is.
    options are further words of the command line. summary of the Run is what
    'gridclear run --json' prints.
    """
    binary = Program(program)
    folder: Optional[tempfile.TemporaryDirectory[str]] = None
    if output is None:
        folder = tempfile.TemporaryDirectory(prefix="gridclear-")
        output = os.path.join(folder.name, "run.h5")
    try:
        printed = binary("run", "--json", "-o", output, *options, "--", scenario)
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
