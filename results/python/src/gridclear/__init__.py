"""Run files of GridClear, a market-clearing and settlement simulator, in xarray and pandas.

    import gridclear
    run = gridclear.run("scenarios/duck-curve")     # clear, settle, read the result
    run = gridclear.open("duck-curve.h5")           # or read one that is there
    run.lmp.sel(node="RIDGE_500").to_pandas()
    run.statements(sc="SC_SUNBELT")

Arrays are read when they are used, not before.
"""
from .errors import (
    AnswerIsNo,
    Bug,
    Fault,
    FileError,
    GridClearError,
    InputError,
    Interrupted,
    NoCertifiedAnswer,
    NotARunFile,
    OutOfMemory,
    UsageError,
)
from .program import Comparison, Explanation, Program, check, compare, explain, run
from .run import Run, open

__version__ = "0.1.0"

__all__ = [
    "AnswerIsNo",
    "Bug",
    "Comparison",
    "Explanation",
    "Fault",
    "FileError",
    "GridClearError",
    "InputError",
    "Interrupted",
    "NoCertifiedAnswer",
    "NotARunFile",
    "OutOfMemory",
    "Program",
    "Run",
    "UsageError",
    "check",
    "compare",
    "explain",
    "open",
    "run",
]
