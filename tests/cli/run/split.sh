# Drawn markets of three days, some with a day of 23 or 25 hours, split at one of their
# midnights: what follows from the state that the first part leaves is what one run gives.
draw() { # draw SEED FOLDER: a market of all three days
    mkdir "$2" && awk -v seed="$1" -v folder="$2" '
    function real(lo, hi) { return lo + (hi - lo) * rand() }
    function whole(lo, hi) { return lo + int((hi - lo + 1) * rand()) }
    function line(table, text) { print text >(folder "/" table ".csv") }
    function segments(id, from, to, price,    k, step) {
        step = (to - from) / 2
        for (k = 0; k < 2; k++)
            line("energy_bids", id ",,energy," from + k * step "," from + (k + 1) * step "," price + 9 * k)
    }
    BEGIN {
        srand(seed)
        file = folder "/scenario.yaml"
        print "name: drawn\ntime_zone: America/Los_Angeles" >file
        print "trade_dates: [DATES]\nnetwork: {buses: buses.csv, branches: branches.csv}" >file
        print "market:\n  real_time: on\n  meter_error: 0.02\n  commitment_gap: 0.002\n  commitment_work: 300" >file
        if (rand() < 0.5) print "  flex_up_mw: " whole(2, 12) "\n  flex_down_mw: " whole(2, 12) >file
        if (rand() < 0.5) print "  losses: reference" >file
        if (rand() < 0.4) print "  ruc: on" >file
        line("buses", "bus_id,load_mw\nA,60\nB,60\nC,40")
        line("branches", "from_bus,to_bus,r_pu,x_pu,rate_mw\nA,B,0.01,0.1," whole(15, 50) \
             "\nB,C,0.01,0.1,90\nC,A,0.01,0.1,90")
        line("scheduling_coordinators", "sc_id,unsecured_limit_usd\nS,1e9\nT,1e9")
        line("ties", "tie_id,pnode_id,import_limit_mw,export_limit_mw\nWEST,A,30,20")
        line("resources", "resource_id,type,sc_id,node_id,tie_id,pmin_mw,pmax_mw,ramp_mw_per_min,initial_mw," \
             "energy_max_mwh,charge_efficiency,initial_energy_mwh,end_energy_mwh,sr_certified_mw,rd_certified_mw,forecast_share")
        line("energy_bids", "resource_id,hour_ending,kind,from_mw,to_mw,price_usd_per_mwh")
        line("commitment", "resource_id,min_up_h,min_down_h,start_cost_usd,min_load_usd_per_h,initial_h,start_up_min")
        for (g = 1; g <= 4; g++) {
            top = whole(40, 90); low = g < 3 ? whole(5, 20) : 0
            line("resources", "G" g ",generator,S," substr("ABCA", g, 1) ",," low "," top "," real(0.3, 4) "," \
                 (g < 3 ? on[g] = rand() < 0.5 ? whole(low, top) : "" : whole(0, 30)) ",,,,," (g > 1 ? 20 : "") "," (g > 1 ? 15 : "") ",")
            segments("G" g, 0, top, whole(15, 60))
            if (g < 3)
                line("commitment", "G" g "," whole(2, 9) "," whole(2, 9) "," whole(100, 900) "," whole(50, 400) "," \
                     (on[g] == "" ? -whole(1, 12) : whole(1, 12)) ",")
        }
        line("resources", "FAST,generator,T,B,,8,40,3,,,,,,,,")
        segments("FAST", 8, 40, whole(50, 90))
        line("commitment", "FAST,1,1," whole(50, 300) "," whole(50, 400) ",," 5 * whole(0, 6))
        line("resources", "SUN,generator,T,B,,,50,,,,,,,,,")
        segments("SUN", 0, 50, 0)
        line("resources", "STORE,storage,T,C,,-25,25,2,0," whole(60, 120) ",0.85," whole(10, 50) ",,10,,")
        segments("STORE", -25, 0, whole(5, 20))
        segments("STORE", 0, 25, whole(40, 60))
        line("resources", "WEST_IN,import,T,A,WEST,,25,,,,,,,,,")
        segments("WEST_IN", 0, 25, whole(15, 50))
        line("resources", "TOWN,load,S,B,,,140,,,,,,,,,0.6\nPORT,load,T,C,,,80,,,,,,,,,")
        line("energy_bids", "TOWN,,self_pt,,50,\nPORT,,self_pt,,20,")
        for (h = 4; h <= 24; h++) {
            line("energy_bids", "TOWN," h ",self_pt,,"  whole(40, 80) ",")
            line("energy_bids", "PORT," h ",self_pt,," whole(10, 40) ",")
        }
        line("load_forecast", "node_id,forecast_mw\nB," whole(100, 140))
        line("as_requirements", "product,hour_ending,required_mw,real_time_mw\nSR,,8,\nSR,18,10,14\nRD,,6,")
        line("as_bids", "resource_id,product,mw,price_usd_per_mw\nG2,SR,15,3\nG3,SR,10,5\nG4,SR,12,7\nG2,RD,9,2\nG4,RD,12,4\nSTORE,SR,8,6")
        line("real_time_bids", "resource_id,hour_ending,kind,from_mw,to_mw,price_usd_per_mwh\nG3,19,,0,40," whole(20, 90) \
             "\nSUN,12,self_pt,0,20,\nSUN,12,energy,20,50,1")
        if (rand() < 0.6) {
            print "  mitigation_reference: A\n  rt_mitigation: " whole(1, 2) >file
            line("default_energy_bids", "resource_id,to_mw,price_usd_per_mwh\nG2,40,18\nG3,40,18\nFAST,40,30")
        }
        line("real_time_load", "node_id,hour_ending,minute,load_mw")
        for (h = 2; h <= 24; h += 2)
            line("real_time_load", "B," h "," 5 * whole(0, 11) "," real(40, 85))
        line("real_time_availability", "resource_id,hour_ending,minute,available_mw,known_from_hour_ending,known_from_minute")
        for (h = 7; h <= 18; h++)
            line("real_time_availability", "SUN," h ",," real(5, 50) ",,")
        line("real_time_availability", "G3,24,,0,24," 5 * whole(0, 5) "\nG4,1,,10,1,20")
        if (seed == 1) { # a plant of two configurations
            line("resources", "CC,generator,T,C,,10,45,3,0,,,,,20,15,")
            segments("CC", 10, 45, whole(15, 35))
            line("commitment", "CC," whole(1, 4) "," whole(1, 4) ",,," (-whole(1, 12)) ",")
            line("as_bids", "CC,SR,12,2")
            line("configurations", "resource_id,configuration,pmin_mw,pmax_mw,start_cost_usd,min_load_usd_per_h,may_stop,min_up_h,sr_certified_mw")
            line("configurations", "CC,small,10,25," whole(50, 300) "," whole(100, 300) ",yes,1,10\nCC,large,20,45,," whole(200, 500) ",no,2,")
            line("transitions", "resource_id,from,to,cost_usd,time_min\nCC,small,large," whole(0, 200) ",90\nCC,large,small,20,0")
        }
    }'
}
dates() { # dates FOLDER COPY "DATES"
    cp -r "$1" "$2" && sed -i "s/DATES/$3/" "$2/scenario.yaml"
}
split() { # split SEED CUT DATE1 DATE2 DATE3
    draw "$1" m || return
    if [ "$2" = 1 ]; then first="$3" second="$4, $5"; else first="$3, $4" second="$5"; fi
    dates m whole "$3, $4, $5" && dates m first "$first" && dates m second "$second" || return
    gridclear run whole -q -o whole.h5 --state-out whole.csv || return
    gridclear run first -q -o first.h5 --state-out first.csv || return
    gridclear run second -q -o second.h5 --state-in first.csv --state-out second.csv || return
    cmp whole.csv second.csv || return
    for table in day_ahead/award day_ahead/on day_ahead/lmp_energy day_ahead/lmp_congestion day_ahead/as_award day_ahead/configuration \
        day_ahead/transition_cost ruc/on ruc/configuration hour_ahead/block \
        fifteen_minute/award fifteen_minute/lmp_energy fifteen_minute/as_award real_time/award real_time/energy \
        fifteen_minute/on fifteen_minute/start_cost fifteen_minute/min_load_cost mitigation/test mitigation/offer \
        hour_ahead_mitigation/offer fifteen_minute_mitigation/test fifteen_minute_mitigation/offer real_time/lmp_energy; do
        gridclear export first.h5 $table >/dev/null 2>&1 || continue
        gridclear export whole.h5 $table | awk -F, -v days="$second" 'NR > 1 && index(days, length($2) == 10 ? $2 : $3)' >a
        gridclear export second.h5 $table | sed 1d >b
        case $table in *mitigation*) [ -s b ] && mitigated=$((mitigated + 1)) ;; *start_cost) grep -q "FAST,-\?[1-9]" b && started=$((started + 1)) ;;
            *configuration) grep -q CC:large b && large=$((large + 1)) ;; esac
        case $table in *mitigation*) ;; *) [ -s b ] || echo "seed $1: $table is empty" ;; esac
        cmp a b || { echo "seed $1: $table differs"; return; }
        tables=$((tables + 1))
    done
    rm -rf m whole first second
}
tables=0 mitigated=0 started=0 large=0
for seed in 1; do
    split $seed $((seed % 2 + 1)) 2026-03-07 2026-03-08 2026-03-09
    split 1$seed $((seed % 2 + 1)) 2026-10-31 2026-11-01 2026-11-02
    split 2$seed $((seed % 2 + 1)) 2026-06-02 2026-06-03 2026-06-04
done
[ "$tables" -gt 30 ] && [ "$mitigated" -gt 0 ] && [ "$started" -gt 0 ] && [ "$large" -gt 0 ] && echo "all tables the same"
