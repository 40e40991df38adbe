"""Numbers of the run file that settle.py has words for; charge codes by product."""
GENERATOR, LOAD, STORAGE, PDR, DERA, IMPORT, EXPORT = range(7)
PRODUCTS = ("RU", "SR", "NR", "RD")
PAYMENT = {"RU": 6500, "SR": 6100, "NR": 6200, "RD": 6600}
REAL_TIME = {"RU": 6570, "SR": 6170, "NR": 6270, "RD": 6670}
NO_PAY = {"RU": 6524, "SR": 6124, "NR": 6224, "RD": 6624}
OBLIGATION = {"RU": 6594, "SR": 6194, "NR": 6294, "RD": 6694}
DYNAMIC = 4  # of /input/resource/tie_option: metered by itself, without a schedule to miss
NOT_ANSWERED = 3  # of /hour_ahead/response
ENERGY_BID = 5  # of /day_ahead/piece/kind; what is below is a self-schedule
