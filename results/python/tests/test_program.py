"""The program run from Python, and its exit statuses as exceptions."""
import os
import shutil
import stat

import pytest

import gridclear
from gridclear.errors import error_of


def test_a_temporary_run_leaves_nothing_behind(scenarios):
    with gridclear.run(scenarios / "01-merit-order") as run:
        path = run.path
        assert os.path.exists(path)
    assert not os.path.exists(path)


def test_a_run_with_an_output_stays(scenarios, tmp_path):
    file = tmp_path / "a folder" / "r\u00fcn.h5"
    file.parent.mkdir()
    with gridclear.run(scenarios / "01-merit-order", file) as run:
        assert run.lmp.shape == (24, 1)
    assert file.exists()


def test_faults_of_an_input_have_their_place(scenarios, tmp_path):
    folder = tmp_path / "market"
    shutil.copytree(scenarios / "01-merit-order", folder)
    bids = folder / "energy_bids.csv"
    bids.write_text(bids.read_text().replace("0,50,12", "0,fifty,12"))
    with pytest.raises(gridclear.InputError) as caught:
        gridclear.run(folder)
    error = caught.value
    assert error.status == 3 and "fifty" in error.message and error.command[1] == "run"
    fault = error.faults[0]
    assert fault.file.endswith("energy_bids.csv") and fault.line == 2 and fault.column > 1
    assert str(fault).startswith(f"{fault.file}:2:{fault.column}: ")
    assert gridclear.check(folder) == error.faults
    assert gridclear.check(scenarios / "01-merit-order") == []


def test_every_exit_status_is_an_exception(scenarios, tmp_path):
    program = gridclear.Program()
    with pytest.raises(gridclear.UsageError, match="unknown option"):
        program("run", "--nonsense")
    with pytest.raises(gridclear.FileError):
        program("run", scenarios / "01-merit-order", "-o", tmp_path / "no" / "folder.h5")
    kinds = {1: gridclear.AnswerIsNo, 2: gridclear.UsageError, 3: gridclear.InputError,
             4: gridclear.NoCertifiedAnswer, 5: gridclear.FileError,
             6: gridclear.OutOfMemory, 70: gridclear.Bug, 130: gridclear.Interrupted,
             -11: gridclear.Bug}
    for status, kind in kinds.items():
        error = error_of(status, "", ["gridclear"])
        assert type(error) is kind and error.status == status
        assert str(status) in str(error), "a silent death names its status"


def test_positions_of_windows_paths_are_understood():
    error = error_of(3, "C:\\m\\bids.csv:4:7: no such node\ngridclear: 1 fault\n", [])
    assert error.faults == [gridclear.Fault("C:\\m\\bids.csv", 4, 7, "no such node")]
    error = error_of(3, "market/scenario.yaml: is empty\n", [])
    assert error.faults == [gridclear.Fault("market/scenario.yaml", 0, 0, "is empty")]


def test_a_program_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.delenv("GRIDCLEAR")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="not on the PATH"):
        gridclear.Program()
    with pytest.raises(FileNotFoundError, match="is not a program"):
        gridclear.Program(tmp_path / "gridclear")
    fake = tmp_path / "gridclear"
    fake.write_text("#!/bin/sh\necho fake 1\n")
    fake.chmod(fake.stat().st_mode | stat.S_IXUSR)
    assert gridclear.Program().version == "fake 1"


def test_a_word_that_looks_like_an_option_is_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(gridclear.GridClearError) as caught:
        gridclear.run("--help")
    assert "--help" in caught.value.message


def test_progress_is_told_in_between(scenarios, tmp_path):
    seen = []
    with gridclear.run(scenarios / "duck-curve", progress=seen.append) as run:
        assert run.lmp.shape[0] == 24
    stages = [step["stage"] for step in seen]
    assert stages[0] == "checking bids" and stages[-1] == "done" and "clearing" in stages
    clearing = seen[stages.index("clearing")]
    assert clearing["day"] == "2026-04-15" and clearing["total"] == 1
    with pytest.raises(gridclear.InputError) as caught:
        gridclear.run(scenarios / "bad-values", progress=seen.append)
    assert caught.value.faults == gridclear.check(scenarios / "bad-values")
    assert seen[-1]["stage"] == "failed" and seen[-1]["status"] == 3


def test_an_exception_in_between_ends_the_program(scenarios, tmp_path):
    def enough(step):
        raise ValueError(step["stage"])

    file = tmp_path / "run.h5"
    with pytest.raises(ValueError, match="checking bids"):
        gridclear.run(scenarios / "duck-curve", file, progress=enough)
    assert not file.exists() or file.stat().st_size > 0


def test_runs_are_compared(duck, scenarios, tmp_path):
    assert gridclear.compare(duck, duck.path).same
    with gridclear.run(scenarios / "what-if" / "line-lost") as other:
        found = gridclear.compare(duck, other)
        assert not found.same and found.second == other.path
        assert found.prices["money_usd"].abs().is_monotonic_decreasing
        lmp, lost = duck.frame("lmp"), other.frame("lmp")
        name = found.prices["name"][0]
        assert found.prices["first"][0] == pytest.approx(lmp[name].mean())
        assert found.prices["second"][0] == pytest.approx(lost[name].mean())
        change = other.statements().amount.abs().sum() - duck.statements().amount.abs().sum()
        assert change != 0 and len(found.charges) > 0
    with pytest.raises(gridclear.GridClearError):
        gridclear.compare(duck, tmp_path / "nothing.h5")


def test_a_price_is_explained(duck):
    hour = duck.frame("lmp")["RIDGE_500"].idxmax()
    why = gridclear.explain(duck, node="RIDGE_500", at=hour)
    assert why["lmp"] == pytest.approx(duck.frame("lmp").loc[hour, "RIDGE_500"])
    parts = why["energy"] + why["congestion"] + why["loss"]
    assert parts == pytest.approx(why["lmp"])
    assert "RIDGE_500 in HE 20" in str(why) and why == gridclear.explain(
        duck.path, node="RIDGE_500", at=20)
    with pytest.raises(gridclear.GridClearError, match="NOWHERE"):
        gridclear.explain(duck, node="NOWHERE", at=20)
