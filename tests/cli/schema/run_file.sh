gridclear schema | grep -c '^  lmp \|^  shadow_price \|^  amount_cents '
