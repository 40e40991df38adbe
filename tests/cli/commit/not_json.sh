printf '{"time_periods": NaN}' | gzip >nan.json.gz
gridclear commit nan.json.gz
