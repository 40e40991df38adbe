# Services that share ramps over two hours: no convex hull prices, run file or market of it.
instance=$ROOT/tests/fuzz/corpus/fuzz_commit/egret_services.json
gridclear commit "$instance" --gap 0 2>/dev/null | sed '/^work/d;/^certificate/d'
gridclear commit "$instance" -o run.h5 2>&1
echo status $?
gridclear import egret "$instance" -o market 2>&1
echo status $?
