"""Reports about one run of a market, a case or a commitment."""
import json
import os

from look import (
    charts,
    check,
    fits,
    keyboard,
    opened,
    paper,
    quiet,
    share_drawn,
    text_is_sound,
    brightness,
)
from pages import copied, gridclear, path, report

# Charts that every day of a market has, and every case.
DAY = 'prices duration heat dispatch money statement-flow statements credit certificate'
CASE = 'prices duration dispatch map limits money certificate'


def tile(page, title):
    return page.value(
        '''(() => { const t = [...document.querySelectorAll('.tiles li')].find(l =>
        l.querySelector('.name').textContent === %s);
        return t ? [t.querySelector('.value').firstChild.textContent, t.innerText] : null; })()'''
        % json.dumps(title)
    )


def plain(text):
    return float(text.replace(',', '').replace('\u2212', '-'))


def duck_curve(browser):
    summary = report('duck-curve', 'run', 'scenarios/duck-curve')
    for dark in (False, True):
        page = opened(browser, 'duck-curve', dark=dark)
        charts(page, 'duck-curve', DAY + ' storage map limits refused', dark)
        quiet(page, 'duck-curve')
    page = opened(browser, 'duck-curve')
    keyboard(page, 'duck-curve')
    text_is_sound(page, 'duck-curve')
    # What the page computes is what the program says.
    for name, want in (
        ('Average price', summary['lmp_average']),
        ('Highest price', summary['lmp_max']),
        ('Lowest price', summary['lmp_min']),
    ):
        check.that(
            abs(plain(tile(page, name)[0]) - want) <= 0.0051,
            '%s %r, expected %r' % (name, tile(page, name), want),
        )
    check.that(
        summary['highest']['node'] in tile(page, 'Highest price')[1], 'node of the highest price'
    )
    check.that(
        abs(plain(tile(page, 'Load served')[0]) - summary['load_served_mwh']) <= 0.51, 'load served'
    )
    balance = page.value(
        '''(() => { const l = moneyLedger(runs[0]);
        const m = l.boxes.findIndex(b => b.name === 'energy market');
        const sum = (end) => d3.sum(l.links.filter(k => k[end] === m), k => k.value);
        return [sum('to'), sum('from')]; })()'''
    )
    check.that(abs(balance[0] - balance[1]) < 2e-4 * balance[0], 'money in and out: %r' % balance)
    # A price by its parts adds up, limit by limit.
    worst = page.value(
        "(() => { const r = runs[0]; let worst = 0, named = 0; "
        "for (let i = 0; i < r.n; i++) r.node.forEach((_, k) => { "
        "const parts = r.priceParts(i, k); named += parts.some(p => p[0].startsWith('branch')); "
        "const off = Math.abs(d3.sum(parts, p => p[1]) - r.lmp.at(i, k)); "
        "worst = Math.max(worst, off + parts.some(p => p[0] === 'congestion')); }); "
        "return [worst, named]; })()"
    )
    check.that(worst[0] < 0.05 and worst[1] > 100, 'prices by their parts: %r' % worst)
    # Another interval and another node change what is drawn.
    page.value(
        "(() => { const i = document.querySelector('#prices input'); i.value = 'PORT_230'; "
        "i.dispatchEvent(new Event('input')); })()"
    )
    check.that(
        'PORT_230' in page.value("document.querySelector('#prices .legend').innerText"),
        'a node is added',
    )
    check.that(
        'PORT_230' in page.value("document.querySelector('#duration .legend').innerText"),
        'in both charts',
    )
    before = page.pixels('#map canvas')
    page.value(
        "(() => { const s = document.querySelector('#map input[type=range]'); s.value = 19; "
        "s.dispatchEvent(new Event('input')); })()"
    )
    check.that(page.pixels('#map canvas') != before, 'the map shows another hour')
    page.media(dark=True)
    check.that(
        page.wait("getComputedStyle(document.body).colorScheme !== 'light'")
        and brightness(page.pixels('#map canvas')) < 90,
        'the map turns dark with the system',
    )
    quiet(page, 'duck-curve in use')
    fits(browser, 'duck-curve')
    paper(browser, 'duck-curve')


def reserve(browser):
    report('reserve', 'run', 'scenarios/07-reserve')
    page = opened(browser, 'reserve')
    charts(page, 'reserve', DAY + ' services reserves limits')
    text_is_sound(page, 'reserve')
    quiet(page, 'reserve')


def case(browser):
    report('case', 'dispatch', 'scenarios/02-congestion/network.m')
    for dark in (False, True):
        page = opened(browser, 'case', dark=dark)
        charts(page, 'case', CASE, dark)
        text_is_sound(page, 'case')
        quiet(page, 'case')
    fits(browser, 'case')


def large(browser):
    gridclear('synth', '--buses', '10000', '-o', path('net.m'))
    summary = report('large', 'dispatch', path('net.m'))
    check.that(
        os.path.getsize(path('large.html')) < 10 << 20,
        'size of 10,000 buses: %d' % os.path.getsize(path('large.html')),
    )
    page = opened(browser, 'large')
    charts(page, 'large', CASE)
    text_is_sound(page, 'large')
    quiet(page, 'large')
    check.that(
        abs(plain(tile(page, 'Congestion rent')[0]) - summary['congestion_rent_usd']) <= 1,
        'rent of the large case',
    )


def real_time(browser):
    """The fifteen- and five-minute markets stand beside the day ahead."""
    folder = copied(
        'scenarios/duck-curve',
        'real-time',
        lambda name, text: text.replace('market:\n', 'market:\n  real_time: on\n', 1),
    )
    with open('scenarios/duck-curve/load_forecast.csv', encoding='utf-8') as f:
        rows = [line.split(',') for line in f.read().split('\n')[1:] if line.startswith('DLAP')]
    with open(os.path.join(folder, 'real_time_load.csv'), 'w', encoding='utf-8') as f:
        f.write('node_id,hour_ending,minute,load_mw\n')
        for k, (node, hour, mw) in enumerate(rows):
            f.writelines(
                '%s,%s,%d,%.1f\n' % (node, hour, m, float(mw) * (1 + ((7 * k + m) % 11 - 5) / 150))
                for m in range(0, 60, 5)
            )
    report('real-time', 'run', folder)
    page = opened(browser, 'real-time')
    charts(page, 'real-time', DAY + ' real-time followers storage map limits refused')
    check.same(
        page.value("document.querySelectorAll('#real-time .curve').length"),
        3,
        'curves of three markets',
    )
    text_is_sound(page, 'real-time')
    keyboard(page, 'real-time')
    quiet(page, 'real-time')


def credit_days(browser):
    report('credit-days', 'run', 'scenarios/12-credit-days')
    page = opened(browser, 'credit-days')
    charts(page, 'credit-days', DAY + ' credit-days refused')
    text_is_sound(page, 'credit-days')
    quiet(page, 'credit-days')


def start_up(browser):
    report('start-up', 'run', 'scenarios/10-start-up')
    page = opened(browser, 'start-up')
    check.that(
        'MID' in page.value("document.querySelector('#commitment').textContent"),
        'a unit that the market starts',
    )
    check.that(
        'MID' in page.value("document.querySelector('#dispatch .legend').innerText"),
        'few units are told apart',
    )
    lost = page.value("upliftUnits(runs[0]).map(u => [u.name, u.most])")
    check.same(lost, [['MID', 3200]], 'uplift of the unit that starts')
    flows = page.value(
        "(() => { const l = statementLedger(runs[0]); return l.boxes.map((b, i) => [b.column, "
        "d3.sum(l.links.filter(k => k.to === i), k => k.value), "
        "d3.sum(l.links.filter(k => k.from === i), k => k.value)]); })()"
    )
    check.that(
        flows and all(abs(b[1] - b[2]) < 0.011 for b in flows if b[0] == 1),
        'groups of charges add up to zero: %r' % flows,
    )
    text_is_sound(page, 'start-up')
    quiet(page, 'start-up')


def flexible_ramping(browser):
    report('flexible', 'run', 'scenarios/worked-examples/w13-flexible-ramping')
    page = opened(browser, 'flexible')
    for k in (1, 2):
        drawn, colours = share_drawn(page.pixels('#flexible .plot:nth-of-type(%d)' % k))
        check.that(drawn > 0.004 and colours > 8, 'flexible ramping, plot %d' % k)
    rows = page.value(
        "(() => { const d = document.querySelector('#flexible details'); d.open = true; "
        "return ramping(runs[0]).find(f => f.way === 'up').price[0]; })()"
    )
    check.same(rows, 30, 'price of ramping capability of W13')
    text_is_sound(page, 'flexible')
    quiet(page, 'flexible')


def commitment(browser):
    report('commitment', 'commit', 'scenarios/09-lumpy-unit/instance.json')
    for dark in (False, True):
        page = opened(browser, 'commitment', dark=dark)
        charts(
            page,
            'commitment',
            'commit-prices commit-reserves dispatch commitment uplift certificate',
            dark,
        )
    check.same(tile(page, 'Proven bound')[0], '3,700', 'bound')
    text_is_sound(page, 'commitment')
    keyboard(page, 'commitment')
    quiet(page, 'commitment')
