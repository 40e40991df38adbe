gridclear run scenarios/02-congestion -o run.h5 -q
node=$(gridclear export run.h5 node | sed -n 4p | cut -d, -f1)
gridclear explain run.h5 --node "$node" --at 1 --json
gridclear explain run.h5 --json
gridclear explain run.h5 --resource "$(gridclear export run.h5 resource | sed -n 2p | cut -d, -f1)" --at 1 --json
gridclear explain run.h5 --bid "$(gridclear export run.h5 resource | sed -n 2p | cut -d, -f1)" --json
