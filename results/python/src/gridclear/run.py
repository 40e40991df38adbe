"""A run file: its stages as xarray datasets, its lists as pandas frames."""
from __future__ import annotations

import os
import tempfile
from types import TracebackType
from typing import Any, Dict, Iterator, List, Mapping, Optional, Tuple, Type, Union

import numpy as np
import pandas as pd
import xarray as xr

from .errors import NotARunFile

PathLike = Union[str, "os.PathLike[str]"]

FORMAT_VERSION = "1"

# The stage whose variables are attributes of the run: the first of these that it has.
_MAIN_STAGES = ("day_ahead", "dispatch", "commitment")


def _find_engine() -> str:
    for engine in ("h5netcdf", "netcdf4"):
        try:
            __import__("netCDF4" if engine == "netcdf4" else engine)
            return engine
        except ImportError:
            pass
    raise ImportError("reading a run file needs h5netcdf or netCDF4; neither is installed")


def _group_names(path: str, engine: str) -> List[str]:
    """Every group, such as "day_ahead" and "settlement/statement", in the file's order."""
    if engine == "netcdf4":
        import netCDF4

        opened = netCDF4.Dataset(path)
    else:
        import h5netcdf

        opened = h5netcdf.File(path, "r")

    def walk(group: Any, prefix: str) -> Iterator[str]:
        for name, inner in group.groups.items():
            yield prefix + name
            yield from walk(inner, prefix + name + "/")

    with opened as file:
        return list(walk(file, ""))


def _text(value: Any) -> Any:
    return value.decode("utf-8") if isinstance(value, bytes) else value


class Run:
    """A run file. Its parts are read when they are used.

    run.lmp, run.award, ... are variables of the main stage (the day ahead) with the names of
    nodes and resources as coordinates; run.day_ahead, run.real_time, ... are whole stages as
    far as the file has them.
    """

    def __init__(
        self,
        path: PathLike,
        *,
        engine: Optional[str] = None,
        summary: Optional[Mapping[str, Any]] = None,
        folder: Optional["tempfile.TemporaryDirectory[str]"] = None,
    ) -> None:
        self._cache: Dict[str, xr.Dataset] = {}
        self._folder = folder
        self.path = os.fspath(path)
        self.summary = summary
        if not os.path.exists(self.path):
            raise FileNotFoundError(2, os.strerror(2), self.path)
        self._engine = engine or _find_engine()
        try:
            self.groups = _group_names(self.path, self._engine)
        except OSError as error:
            raise NotARunFile(f"{self.path}: not a run file of GridClear") from error
        if "meta" not in self.groups:
            raise NotARunFile(f"{self.path}: not a run file of GridClear")
        self.meta: Dict[str, Any] = {
            name: _text(value) for name, value in self._open("meta").attrs.items()
        }
        version = self.meta.get("format_version")
        if version != FORMAT_VERSION:
            raise NotARunFile(
                f"{self.path}: format {version}; this package reads format {FORMAT_VERSION}"
            )

    # ---- opening and closing

    def _open(self, group: str) -> xr.Dataset:
        if group not in self._cache:
            self._cache[group] = xr.open_dataset(
                self.path, group=group or None, engine=self._engine
            )
        return self._cache[group]

    def close(self) -> None:
        """Closes the file, and removes it if the run was a temporary one."""
        for dataset in self._cache.values():
            dataset.close()
        self._cache.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def __enter__(self) -> "Run":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        value: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    # ---- what the run says of itself

    @property
    def settings(self) -> Dict[str, float]:
        """The market parameters the run was made with."""
        return {str(k): float(v) for k, v in self._open("meta/settings").attrs.items()}

    @property
    def time_zone(self) -> str:
        """IANA time zone of the trade dates; UTC for a bare network case."""
        return self.meta.get("time_zone") or "UTC"

    @property
    def stages(self) -> Tuple[str, ...]:
        """Parts of the run that have intervals of their own."""
        return tuple(
            name for name in self.groups if "/" not in name and "interval" in self._open(name).coords
        )

    @property
    def main_stage(self) -> str:
        for name in _MAIN_STAGES:
            if name in self.groups:
                return name
        raise NotARunFile(f"{self.path}: no stage of it is known here")

    # ---- arrays

    @property
    def root(self) -> xr.Dataset:
        """The dimensions that stages share: node, branch, resource, sc, virtual."""
        return self._open("")

    def stage(self, name: Optional[str] = None) -> xr.Dataset:
        """A stage with the names of its nodes, resources and so on as coordinates."""
        name = name or self.main_stage
        if name not in self.groups:
            raise KeyError(f"the run has no stage {name!r}; it has {', '.join(self.stages)}")
        dataset = self._open(name)
        names = {
            key: self.root[key]
            for key in self.root.coords
            if key in dataset.dims and key not in dataset.coords
        }
        return dataset.assign_coords(names)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or "groups" not in self.__dict__:
            raise AttributeError(name)
        if name in self.groups:
            return self.stage(name)
        main = self.stage()
        if name in main:
            return main[name]
        raise AttributeError(
            f"the run has no stage and its stage {self.main_stage} no variable {name!r}"
        )

    def __dir__(self) -> List[str]:
        names = set(super().__dir__()) | set(self.stages)
        return sorted(names | {str(key) for key in self.stage().data_vars})

    def words(self, variable: xr.DataArray) -> xr.DataArray:
        """A variable of flags by its words, such as "accepted" for 1."""
        meanings = np.array(str(variable.attrs["flag_meanings"]).split(), dtype=object)
        return variable.copy(data=meanings[np.asarray(variable.values, dtype=int)])

    def local(self, times: Any) -> Any:
        """Times of the file (UTC) as local times with their offset."""
        return pd.DatetimeIndex(pd.to_datetime(times)).tz_localize("UTC").tz_convert(
            self.time_zone
        )

    # ---- frames

    def frame(self, name: str, stage: Optional[str] = None) -> pd.DataFrame:
        """A variable along intervals as a frame: a row per interval, local times."""
        array = self.stage(stage)[name]
        if not array.dims or array.dims[0] != "interval":
            raise ValueError(f"{name} does not lie along intervals; use stage()[{name!r}]")
        if "flag_meanings" in array.attrs:
            array = self.words(array)
        frame = array.to_pandas()
        frame.index = self.local(array["interval"].values).rename("interval_start")
        return frame

    def table(self, path: str) -> pd.DataFrame:
        """A list, such as "settlement/statement" or "input/resource", as a frame: names
        instead of positions, words instead of flags, local times of intervals."""
        path = path.strip("/")
        if path not in self.groups:
            raise KeyError(f"the run has no list {path!r}")
        dataset = self._open(path)
        columns: Dict[str, Any] = {}
        scales = {dim for variable in dataset.values() for dim in variable.dims}
        for dim in sorted(str(scale) for scale in scales):
            if dim in self.root.coords and len(scales) == 1:
                columns[dim] = self.root[dim].values
            elif dim in dataset.coords:
                columns[dim] = dataset[dim].values
        for key, variable in dataset.data_vars.items():
            if len(variable.dims) == 1:
                columns[str(key)] = self._column(variable)
        return pd.DataFrame(columns)

    def _column(self, variable: xr.DataArray) -> Any:
        values = variable.values
        if "index_of" in variable.attrs:
            return self._named(values, str(variable.attrs["index_of"]), str(variable.name))
        if "flag_meanings" in variable.attrs:
            words = str(variable.attrs["flag_meanings"]).split()
            return pd.Categorical.from_codes(values.astype(int), categories=words)
        return values

    def _named(self, places: Any, scale: str, column: str) -> Any:
        """The labels at places; -1 is None, the operator's own account for sc."""
        group, _, name = scale.strip("/").rpartition("/")
        labels = self._open(group)[name].values
        if np.issubdtype(labels.dtype, np.datetime64):
            return self.local(labels)[places]
        nobody = "ISO" if column == "sc" else None
        return np.array([*labels, nobody], dtype=object)[places]

    def statements(self, sc: Optional[str] = None) -> pd.DataFrame:
        """Statement lines: sc, trade_date, charge_code, its name, amount in USD. A positive
        amount is paid by the participant; all lines of a run add up to zero."""
        lines = self.table("settlement/statement")
        codes = self._open("settlement")
        names = dict(
            zip(codes["charge_code"].values, codes["charge_code_name"].values)
        )
        lines.insert(lines.columns.get_loc("charge_code") + 1, "charge",
                     lines["charge_code"].map(names))
        lines["amount"] = lines.pop("amount_cents") / 100
        if sc is None:
            return lines
        found = lines[lines["sc"] == sc]
        if found.empty and sc not in self.root["sc"].values and sc != "ISO":
            raise KeyError(f"there is no scheduling coordinator {sc!r}")
        return found.reset_index(drop=True)

    @property
    def charges(self) -> pd.DataFrame:
        """Every charge of every resource and interval."""
        return self.table("settlement/interval_line")

    @property
    def decisions(self) -> pd.DataFrame:
        """Bids modified or refused, and why."""
        return self.table("admission/decision")

    @property
    def resources(self) -> pd.DataFrame:
        return self.table("input/resource").set_index("resource")

    @property
    def credit(self) -> pd.DataFrame:
        return self.table("credit/account").set_index("sc")

    def constraints(self, stage: Optional[str] = None) -> pd.DataFrame:
        """Limits that cost something, one row per limit and interval, dearest first."""
        data = self.stage(stage)
        price = data["shadow_price"].values
        t, c = np.nonzero(price > 0)
        frame = pd.DataFrame({
            "interval_start": self.local(data["interval"].values[t]),
            "constraint": data["constraint"].values[c],
            "kind": self.words(data["constraint_kind"]).values[c],
            "outage": data["constraint_outage"].values[c],
            "limit": data["constraint_limit"].values[c],
            "shadow_price": price[t, c],
        })
        return frame.sort_values("shadow_price", ascending=False, kind="stable",
                                 ignore_index=True)

    def __repr__(self) -> str:
        return (
            f"<gridclear.Run {self.meta.get('scenario', '?')}: "
            f"{', '.join(self.stages)}; {self.path}>"
        )


def open(path: PathLike, *, engine: Optional[str] = None) -> Run:  # noqa: A001
    """Opens a run file."""
    return Run(path, engine=engine)
