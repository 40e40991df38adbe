# ... and by xarray and pandas: times, labels, tables.
python=$(for p in python3 /usr/bin/python3; do
    $p -c 'import xarray, h5netcdf, pandas' 2>/dev/null && echo $p && break
done)
[ -n "$python" ] || { echo "python3-xarray and python3-h5netcdf are not installed"; exit 77; }
gridclear run scenarios/01-merit-order -q -o run.h5 || exit
$python - <<'P'
import xarray as xr

def group(name=None):
    return xr.open_dataset("run.h5", group=name, engine="h5netcdf")

root, market = group(), group("day_ahead")
lmp = market.lmp.assign_coords(node=root.node).to_pandas()
print(lmp.loc["2026-01-16 02:00", "TOWN"], lmp.shape, market.lmp.units)
parts = market.lmp_energy + market.lmp_congestion + market.lmp_loss
print(float(abs(parts - market.lmp).max()) < 1e-9)
award = market.award.assign_coords(resource=root.resource).to_pandas().sum()
print({name: round(float(mwh), 6) for name, mwh in award.items()})
lines = group("settlement/statement").to_dataframe()
print(lines.groupby("sc").amount_cents.sum().to_dict(), lines.amount_cents.sum())
P
