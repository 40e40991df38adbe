# A day of RTS-GMLC is a scenario without faults, and its offers are what heat rates make them.
. "$ROOT"/tests/cli/import/tiny_rts
gridclear import rts-gmlc RTS_Data -o july || exit
cat july/branches.csv july/resources.csv july/commitment.csv july/energy_bids.csv | grep -v '^102_WIND_1,[2-9]\|^102_WIND_1,1[0-9]'
gridclear check july
