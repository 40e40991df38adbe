"""Every chart draws what it says."""
import pytest

pytest.importorskip("matplotlib")
import matplotlib.pyplot as plt  # noqa: E402

from gridclear import plot  # noqa: E402


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def test_prices(duck):
    ax = plot.prices(duck, ["RIDGE_500", "SALTPAN_230"])
    assert [line.get_label() for line in ax.lines] == ["RIDGE_500", "SALTPAN_230"]
    assert max(ax.lines[0].get_ydata()) == pytest.approx(float(duck.lmp.sel(node="RIDGE_500").max()))
    ax.figure.canvas.draw()


def test_markets_stand_beside_each_other(cloud, duck):
    ax = plot.markets(cloud, "CITY")
    assert [len(line.get_ydata()) for line in ax.lines] == [24, 96, 288]
    assert [max(line.get_ydata()) for line in ax.lines] == [40, 90, 90]
    assert len(plot.markets(duck, "RIDGE_500").lines) == 1


def test_price_duration_falls(duck):
    ax = plot.price_duration(duck, ["RIDGE_500"])
    x, y = ax.lines[0].get_data()
    assert x[-1] == 24 and all(a >= b for a, b in zip(y, y[1:]))


def test_price_map(duck):
    ax = plot.price_map(duck)
    assert ax.images[0].get_array().shape == (47, 24)


def test_dispatch_adds_up(duck):
    frame = plot.by_technology(duck)
    kinds = duck.resources["type"]
    others = duck.frame("award").loc[:, (kinds != "load").to_numpy()]
    assert frame.sum(axis=1).round(6).equals(others.sum(axis=1).round(6))
    ax = plot.dispatch(duck)
    assert ax.get_legend() is not None
    ax.figure.canvas.draw()


def test_storage_shows_stores_only(duck):
    ax = plot.storage(duck)
    types = duck.resources["type"]
    assert ax.lines and all(types[line.get_label()] == "storage" for line in ax.lines)


def test_money(duck):
    ax = plot.money(duck)
    total = sum(bar.get_width() for bars in ax.containers for bar in bars)
    assert total == pytest.approx(0, abs=1e-6)


def test_charts_go_onto_given_axes(duck):
    figure, axes = plt.subplots(2)
    assert plot.prices(duck, ["RIDGE_500"], ax=axes[0]) is axes[0]
    assert plot.storage(duck, ax=axes[1]) is axes[1]
