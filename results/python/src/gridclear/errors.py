"""What can go wrong, as exceptions: one for each exit status of the program."""
from __future__ import annotations

import re
from typing import Dict, List, NamedTuple, Optional, Sequence, Type


class Fault(NamedTuple):
    """One fault of an input: where it is and what is wrong. 0 is an unknown position."""

    file: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        where = [self.file] + [str(n) for n in (self.line, self.column) if n]
        return ":".join(where) + ": " + self.text


class GridClearError(RuntimeError):
    """The program ended with a status other than 0.

    status is that exit status, message what it wrote to standard error, command what was
    run.
    """

    def __init__(self, message: str, status: int = 70, command: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.command = tuple(command)


class AnswerIsNo(GridClearError):
    """The program did what was asked, and the answer is no (exit status 1)."""


class UsageError(GridClearError):
    """Bad command line (exit status 2)."""


# file:line:column: text; a drive letter of Windows is no line
_FAULT = re.compile(r"^((?:[A-Za-z]:[\\/])?[^:\n]+)(?::(\d+))?(?::(\d+))?: (.*)$")


class InputError(GridClearError):
    """Bad input (exit status 3); faults says where."""

    @property
    def faults(self) -> List[Fault]:
        found = []
        for line in self.message.splitlines():
            match = _FAULT.match(line)
            if match and match.group(1) != "gridclear":
                file, row, column, text = match.groups()
                found.append(Fault(file, int(row or 0), int(column or 0), text))
        return found


class NoCertifiedAnswer(GridClearError):
    """The solver could not certify its answer (exit status 4)."""


class FileError(GridClearError):
    """Cannot read or write a file (exit status 5)."""


class OutOfMemory(GridClearError):
    """Out of memory (exit status 6)."""


class Bug(GridClearError):
    """An internal error of the program, or its death by a signal (exit status 70)."""


class Interrupted(GridClearError):
    """Interrupted (exit status 130)."""


class NotARunFile(ValueError):
    """A file that is there but was not written by GridClear, or by another format."""


_BY_STATUS: Dict[int, Type[GridClearError]] = {
    1: AnswerIsNo,
    2: UsageError,
    3: InputError,
    4: NoCertifiedAnswer,
    5: FileError,
    6: OutOfMemory,
    130: Interrupted,
}


def error_of(status: int, message: Optional[str], command: Sequence[str]) -> GridClearError:
    """The exception for an exit status."""
    text = (message or "").strip() or f"exit status {status}, and not a word why"
    return _BY_STATUS.get(status, Bug)(text, status, command)
