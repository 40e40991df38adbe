gridclear dispatch scenarios/06-outage/network.m --outage-penalty 5
