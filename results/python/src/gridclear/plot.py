"""Charts of a run with matplotlib. Each takes a Run and returns the axes it drew on."""
from __future__ import annotations

from typing import Any, Optional, Sequence, Tuple

import numpy as np
import pandas as pd

from .run import Run


def _axes(ax: Any, size: Tuple[float, float] = (9.0, 4.5)) -> Any:
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size, constrained_layout=True)[1]


def _dress(ax: Any, run: Run, title: str, unit: str) -> Any:
    ax.set_title(f"{run.meta.get('scenario', '')}: {title}")
    ax.set_ylabel(unit)
    ax.grid(alpha=0.3)
    return ax


def _hours(index: Any, zone: str) -> Any:
    """Times for an axis; matplotlib's dates know the zone by name."""
    return index.tz_convert(zone).to_pydatetime()


def prices(
    run: Run, nodes: Sequence[str], *, stage: Optional[str] = None, ax: Any = None
) -> Any:
    """Price over time at some nodes."""
    frame = run.frame("lmp", stage)[list(nodes)]
    ax = _axes(ax)
    for node in nodes:
        ax.step(_hours(frame.index, run.time_zone), frame[node], where="post", label=node)
    ax.legend()
    _format_hours(ax, run)
    return _dress(ax, run, "price of energy", "USD/MWh")


def _format_hours(ax: Any, run: Run) -> None:
    import matplotlib.dates as dates
    from dateutil import tz

    zone = tz.gettz(run.time_zone)
    locator = dates.AutoDateLocator(tz=zone)
    ax.xaxis.set_major_locator(locator)
    ax.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, tz=zone))


def markets(run: Run, node: str, *, ax: Any = None) -> Any:
    """Price at a node in the day ahead and, as far as the run has them, in the fifteen-minute
    market and the five-minute dispatch."""
    names = {
        "day_ahead": "day ahead",
        "fifteen_minute": "fifteen-minute market",
        "real_time": "five-minute dispatch",
    }
    ax = _axes(ax)
    for stage, label in names.items():
        if stage in run.groups:
            price = run.frame("lmp", stage)[node]
            ax.step(_hours(price.index, run.time_zone), price, where="post", label=label)
    ax.legend()
    _format_hours(ax, run)
    return _dress(ax, run, f"price at {node}", "USD/MWh")


def price_duration(
    run: Run, nodes: Sequence[str], *, stage: Optional[str] = None, ax: Any = None
) -> Any:
    """Hours in which the price is at least so high."""
    data = run.stage(stage)
    hours = np.asarray(data["duration"].values) / 60
    ax = _axes(ax)
    for node in nodes:
        price = np.asarray(data["lmp"].sel(node=node).values)
        order = np.argsort(-price, kind="stable")
        ax.step(np.cumsum(hours[order]), price[order], where="pre", label=node)
    ax.legend()
    ax.set_xlabel("hours")
    return _dress(ax, run, "price-duration curve", "USD/MWh")


def price_map(run: Run, *, stage: Optional[str] = None, ax: Any = None) -> Any:
    """Prices of all nodes and hours as colours."""
    frame = run.frame("lmp", stage)
    ax = _axes(ax, (9.0, max(3.0, 0.16 * frame.shape[1])))
    image = ax.imshow(frame.T.to_numpy(), aspect="auto", cmap="viridis")
    ax.figure.colorbar(image, ax=ax, label="USD/MWh")
    ax.set_yticks(range(frame.shape[1]), frame.columns, fontsize=6)
    ax.set_xticks(
        range(0, len(frame), max(1, len(frame) // 12)),
        [t.strftime("%H:%M") for t in frame.index[:: max(1, len(frame) // 12)]],
    )
    ax.set_title(f"{run.meta.get('scenario', '')}: prices")
    return ax


def by_technology(run: Run, stage: Optional[str] = None) -> pd.DataFrame:
    """Awards of everything but loads added up by technology; imports and exports apart."""
    resources = run.resources
    award = run.frame("award", stage)
    names = resources["technology"].astype(object).where(resources["technology"] != "", "other")
    kind = resources["type"].astype(object)
    names[kind == "import"] = "imports"
    names[kind == "export"] = "exports"
    wanted = kind != "load"
    return award.loc[:, wanted.to_numpy()].T.groupby(names[wanted].to_numpy()).sum().T


def dispatch(run: Run, *, stage: Optional[str] = None, ax: Any = None) -> Any:
    """What serves the load, by technology; charging and exports below zero."""
    frame = by_technology(run, stage)
    frame = frame[frame.abs().sum().sort_values(ascending=False).index]
    ax = _axes(ax)
    hours = _hours(frame.index, run.time_zone)
    colours = [f"C{i % 10}" for i in range(frame.shape[1])]
    ax.stackplot(hours, frame.clip(lower=0).T, labels=frame.columns, colors=colours, step="post")
    ax.stackplot(hours, frame.clip(upper=0).T, colors=colours, step="post")
    ax.axhline(0, color="black", linewidth=0.8)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=7)
    _format_hours(ax, run)
    return _dress(ax, run, "dispatch", "MW")


def storage(run: Run, *, stage: Optional[str] = None, ax: Any = None) -> Any:
    """Stored energy over time."""
    frame = run.frame("energy", stage).dropna(axis=1, how="all")
    ax = _axes(ax)
    for name in frame.columns:
        ax.plot(_hours(frame.index, run.time_zone), frame[name], label=name)
    if frame.shape[1]:
        ax.legend()
    _format_hours(ax, run)
    return _dress(ax, run, "stored energy", "MWh")


def money(run: Run, *, ax: Any = None) -> Any:
    """What each participant is paid (to the right) or pays, by charge."""
    lines = run.statements()
    table = -lines.pivot_table(index="sc", columns="charge", values="amount", aggfunc="sum").fillna(0)
    ax = _axes(ax)
    table.plot.barh(stacked=True, ax=ax)
    ax.axvline(0, color="black", linewidth=0.8)
    ax.legend(fontsize=7)
    _dress(ax, run, "statements", "")
    ax.set_xlabel("USD received")
    return ax
