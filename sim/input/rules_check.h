/*
 * rules_check.h - whether the parameters of a market go together, each being sound by itself.
 *
 * Layer: sim/input.
 */
#ifndef SIM_INPUT_RULES_CHECK_H
#define SIM_INPUT_RULES_CHECK_H

#include "sim/base/err.h"
#include "sim/input/source.h"
#include "sim/input/yaml_tree.h"
#include "sim/model/rules.h"

/*
 * Adds a fault for each pair that contradicts: penalties below the bid caps that they have to
 * exceed, shortages of services that cost less when they grow. market is the map of the
 * parameters in src, where the fault is shown.
 */
void rules_check(const struct rules *r, const struct yaml_value *market,
                 const struct source *src, struct err_list *faults);

#endif
