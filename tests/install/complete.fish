# Completion in fish.
#     complete.fish SCRIPT
source $argv[1]; or exit 1
set wrong 0
function ask # LINE WANTED...
    set got (complete -C $argv[1] | string split -f 1 \t | sort)
    if test "$got" != "$argv[2..]"
        echo "'$argv[1]' offers '$got', expected '$argv[2..]'"
        set -g wrong 1
    end
end
ask 'gridclear sta' statement
ask 'gridclear run --quie' --quiet
ask 'gridclear run --progress ' always auto never
ask 'gridclear run --progress=al' --progress=always
ask 'gridclear export a.h5 PRC_LM' PRC_LMP
ask 'gridclear import rts' rts-gmlc
ask 'gridclear help sche' schema
exit $wrong
