# Manual pages and completion are printed for packagers; what is asked wrongly says so.
gridclear help --man | sed -n '1p;$p'
gridclear help --man gridclear-run.1 | sed -n '1p;/^.SH NAME/,+2p'
gridclear help --completion bash | sed -n '$p'
gridclear help --man gridclear-rum.1
echo $?
gridclear help --completion tcsh
echo $?
