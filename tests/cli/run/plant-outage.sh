# A plant that loses a machine comes down to the configuration that is left, and back when it is
# there again; what was decided for the rest of the day stands. No limit gives way on the way.
cp -r scenarios/20-combined-cycle plant || exit
printf 'market:\n  real_time: on\n' >>plant/scenario.yaml
printf 'resource_id,hour_ending,minute,available_mw,known_from_hour_ending,known_from_minute\n' \
    >plant/real_time_availability.csv
for minute in 30 35 40 45 50 55; do
    echo "CC,19,$minute,150,19,30"
done >>plant/real_time_availability.csv
gridclear run plant -q -o plant.h5 || exit
gridclear run plant -o plant.h5 | grep -c 'limits relaxed in'
gridclear export plant.h5 real_time/award |
    awk -F, '$4 == "CC" && ($3 == 19 || $3 == 20) { printf "%s%s", $5, ++n % 12 ? " " : "\n" }'
