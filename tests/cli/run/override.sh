printf 'overrides:\n- change: energy_bids\n  where: {technology: gas}\n  scale: {price_usd_per_mwh: 2}\n' >dear.yaml
gridclear run scenarios/duck-curve --override dear.yaml -o run.h5 | grep -v written >one
gridclear run scenarios/what-if/gas-twice -o other.h5 | grep -v written >other
sed 's/^duck-curve/gas-twice/' one | diff - other && echo the same
gridclear export run.h5 meta | grep -E '^(base|changes)'
printf 'overrides:\n- change: energy_bids\n  where: {technology: coal}\n  scale: {price_usd_per_mwh: 2}\n' >none.yaml
gridclear check scenarios/duck-curve --override none.yaml
