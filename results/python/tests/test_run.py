"""A run file in xarray and pandas."""
import csv
import io
import shutil

import numpy as np
import pandas as pd
import pytest

import gridclear


def exported(run, table, *options):
    """The same table as the program's own export has it."""
    text = gridclear.Program()("export", run.path, table, *options)
    return list(csv.DictReader(io.StringIO(text)))


def test_prices_are_found_by_the_name_of_the_node(duck):
    price = duck.lmp.sel(node="RIDGE_500")
    assert price.dims == ("interval",) and price.attrs["units"] == "USD/MWh"
    rows = exported(duck, "lmp", "--style", "gridstatus")
    want = [float(r["LMP"]) for r in rows if r["Location"] == "RIDGE_500"]
    assert price.values.tolist() == want
    assert float(price.max()) == pytest.approx(84.31, abs=0.005)


def test_arrays_are_read_when_they_are_used(duck):
    fresh = gridclear.open(duck.path)
    try:
        lmp = fresh.lmp
        assert not lmp.variable._in_memory
        assert lmp.sel(node="RIDGE_500").values.shape == (24,)
        assert not fresh.award.variable._in_memory
    finally:
        fresh.close()


def test_a_run_knows_its_stages_settings_and_meta(duck):
    assert {"admission", "day_ahead"} <= set(duck.stages)
    assert duck.main_stage == "day_ahead" and duck.time_zone == "America/Los_Angeles"
    assert duck.meta["scenario"] == "duck-curve" and duck.meta["format_version"] == "1"
    assert duck.settings["energy_bid_cap"] == 1000
    assert duck.summary["scenario"] == "duck-curve"
    assert "lmp" in dir(duck) and "day_ahead" in dir(duck)
    assert "duck-curve" in repr(duck)


def test_frames_have_local_times(duck):
    frame = duck.frame("lmp")
    assert frame.shape == (24, 47)
    assert str(frame.index[0]) == "2026-04-15 00:00:00-07:00"
    status = duck.frame("status", stage="admission")
    assert set(np.unique(status)) <= {"none", "accepted", "modified", "rejected"}
    with pytest.raises(ValueError, match="does not lie along intervals"):
        duck.frame("reference_weight")


def test_real_time_has_stages_of_its_own(cloud):
    assert {"day_ahead", "hour_ahead", "fifteen_minute", "real_time"} <= set(cloud.stages)
    lengths = {"day_ahead": 24, "fifteen_minute": 96, "real_time": 288}
    for stage, n in lengths.items():
        frame = cloud.frame("award", stage)
        assert frame.shape == (n, 4)
        assert frame.index[1] - frame.index[0] == pd.Timedelta(days=1) / n
    sun = cloud.frame("award", "real_time")["SUN"]
    hidden = sun[sun < 80]
    assert hidden.index[0].strftime("%H:%M") == "12:20" and len(hidden) == 5
    assert (hidden == 20).all()
    assert float(cloud.real_time.lmp.sel(node="CITY").max()) == 90
    assert float(cloud.lmp.max()) == 40, "the day ahead is the main stage"
    codes = cloud.statements("SC_SUN").set_index("charge_code")["amount"]
    assert codes[6460] == 1350 and codes[6470] == 900
    lines = cloud.charges
    assert lines[lines.charge_code == 6470].amount_usd.sum() == pytest.approx(0)


def test_positions_become_names_and_flags_words(duck):
    for path, table in {"admission/decision": "decision", "settlement/interval_line":
                        "interval_line", "input/resource": "resource"}.items():
        rows, frame = exported(duck, table), duck.table(path)
        assert len(rows) == len(frame)
        for key in ("sc", "resource", "status", "type", "node"):
            if key in rows[0]:
                got = ["" if pd.isna(v) else str(v) for v in frame[key]]
                assert got == [row[key] for row in rows], (path, key)
    starts = [t.tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
              for t in duck.decisions["interval"]]
    assert starts == [row["interval_start"] for row in exported(duck, "decision")]


def test_statements_add_up_to_zero(duck):
    lines = duck.statements()
    assert list(lines.columns) == ["sc", "charge_code", "charge", "trade_date", "published", "version", "amount"]
    assert round(lines["amount"].sum() * 100) == 0
    one = duck.statements(sc="SC_SUNBELT")
    assert set(one["sc"]) == {"SC_SUNBELT"} and len(one) < len(lines)
    assert not duck.statements(sc="ISO").empty or "ISO" not in set(lines["sc"])
    with pytest.raises(KeyError, match="SC_NOBODY"):
        duck.statements(sc="SC_NOBODY")


def test_the_dearest_limit_comes_first(duck):
    frame = duck.constraints()
    assert frame["shadow_price"].is_monotonic_decreasing
    assert frame["shadow_price"][0] == pytest.approx(52.84, abs=0.005)
    assert frame["constraint"].nunique() <= 18


@pytest.mark.parametrize("date, hours, last", [("2026-11-01", 25, 25), ("2026-03-08", 23, 24)])
def test_long_and_short_days_keep_every_hour(scenarios, tmp_path, date, hours, last):
    folder = tmp_path / "market"
    shutil.copytree(scenarios / "01-merit-order", folder)
    text = (folder / "scenario.yaml").read_text()
    (folder / "scenario.yaml").write_text(text.replace("2026-01-15", date))
    with gridclear.run(folder) as run:
        frame = run.frame("lmp")
        assert len(frame) == hours and frame.index.is_unique
        assert run.stage()["hour_ending"].values[-1] == last
        steps = set(frame.index[1:] - frame.index[:-1])
        assert steps == {pd.Timedelta(hours=1)}
        assert {t.strftime("%Y-%m-%d") for t in frame.index} == {date}


def test_every_list_of_the_file_is_a_frame(duck):
    for path in duck.groups:
        if "/" in path and path != "meta/settings":
            frame = duck.table(path)
            assert len(frame.columns) > 0


def test_a_network_case_is_a_run_too(scenarios, tmp_path):
    file = tmp_path / "case.h5"
    gridclear.Program()("dispatch", scenarios / "02-congestion" / "network.m", "-o", file)
    with gridclear.open(file) as run:
        assert run.main_stage == "dispatch" and run.time_zone == "UTC"
        assert run.lmp.dims == ("interval", "node")


def test_what_is_not_there_is_said(duck):
    with pytest.raises(KeyError, match="no stage 'tomorrow'; it has"):
        duck.stage("tomorrow")
    with pytest.raises(KeyError, match="no list 'settlement/dreams'"):
        duck.table("settlement/dreams")
    with pytest.raises(AttributeError, match="no variable 'lpm'"):
        duck.lpm


def test_other_files_are_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        gridclear.open(tmp_path / "nothing.h5")
    text = tmp_path / "text.h5"
    text.write_text("not HDF5")
    with pytest.raises(gridclear.NotARunFile, match="text.h5"):
        gridclear.open(text)
    h5py = pytest.importorskip("h5py")
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as file:
        file.create_group("somebody")
    with pytest.raises(gridclear.NotARunFile, match="other.h5"):
        gridclear.open(other)
    with h5py.File(other, "w") as file:
        file.create_group("meta").attrs["format_version"] = b"99"
    with pytest.raises(gridclear.NotARunFile, match="format 99"):
        gridclear.open(other)


def test_both_libraries_read_the_same(duck):
    pytest.importorskip("netCDF4")
    with gridclear.open(duck.path, engine="netcdf4") as other:
        assert (other.lmp.values == duck.lmp.values).all()
        assert other.decisions.equals(duck.decisions)
