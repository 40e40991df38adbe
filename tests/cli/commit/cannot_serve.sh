sed 's/110/170/' scenarios/09-lumpy-unit/instance.json >more.json
gridclear commit more.json
