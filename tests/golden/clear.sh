# clear.sh - sourced by run.sh and update.sh: what is run for a scenario, and with what.
#
# expected/ of a scenario holds
#     command        arguments after "gridclear"; absent: run FOLDER -o @RUN@
#                    (@RUN@ stands for the file to write)
#     stdout.exact   or stdout.glob; absent: stdout is free
#     stderr.exact   or stderr.glob; absent: stderr must be empty
#     exit           absent: 0
#     TABLE.csv      what "gridclear export RUN.h5 TABLE" gives; dots in its name stand for
#                    slashes: real_time.award.csv is the table /real_time/award

# clear_scenario FOLDER WORK: runs it; leaves WORK/{run.h5,stdout,stderr,exit,TABLE.csv}.
clear_scenario() {
    rm -rf "$2"
    mkdir -p "$2"
    arguments="run $1 -o @RUN@"
    [ ! -f "$1/expected/command" ] || arguments=$(cat "$1/expected/command")
    set -- "$1" "$2" $(echo "$arguments" | sed "s|@RUN@|$2/run.h5|g")
    folder=$1 scratch=$2
    shift 2
    timeout 300 "$GRIDCLEAR" "$@" >"$scratch/stdout" 2>"$scratch/stderr" </dev/null
    echo $? >"$scratch/exit"
    # The file that was written has a name of this machine; golden text does not.
    for text in stdout stderr; do
        sed "s|$scratch/run.h5|RUN.h5|g" "$scratch/$text" >"$scratch/$text.new"
        mv "$scratch/$text.new" "$scratch/$text"
    done
    for table in "$folder"/expected/*.csv; do
        [ -f "$table" ] || continue
        name=$(basename "$table" .csv)
        "$GRIDCLEAR" export "$scratch/run.h5" "$(echo "$name" | tr . /)" >"$scratch/$name.csv" \
            2>>"$scratch/export.stderr" || echo "cannot export $name" >"$scratch/$name.csv"
    done
}
