# Every fault of an instance, with its place.
printf '{"time_periods": 1, "demand": [-4], "reserves": [0],\n"thermal_generators": {}, "renewable_generator": {}}' >bad.json
gridclear commit bad.json
