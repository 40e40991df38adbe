"""Looks at reports through a headless Chromium: see run.sh.

    check.py BUILD_FOLDER [PICTURES]

PICTURES is a folder for pictures of the pages, to look at by eye. REPORT_TESTS names the tests
to run, else all of them: the names of the functions in main().
"""
import json
import os
import subprocess
import sys

from browser import Browser

PROGRAM = os.environ['GRIDCLEAR']
WORK = os.path.join(sys.argv[1], 'report')
PICTURES = sys.argv[2] if len(sys.argv) > 2 else None

RUN_CHARTS = [
    'prices',
    'duration',
    'heat',
    'dispatch',
    'map',
    'limits',
    'money',
    'statement-flow',
    'statements',
    'credit',
    'certificate',
]
CASE_CHARTS = ['prices', 'duration', 'dispatch', 'map', 'limits', 'money', 'certificate']


def gridclear(*words):
    done = subprocess.run(
        [PROGRAM, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode not in (0, 1):
        raise RuntimeError('gridclear %s: %s' % (' '.join(words), done.stderr))
    return done.stdout


def path(name):
    return os.path.join(WORK, name)


def report(name, *run):
    """The summary of a run, whose report is written beside it."""
    summary = gridclear(*run, '-o', path(name + '.h5'), '--json')
    gridclear('report', path(name + '.h5'), '-o', path(name + '.html'))
    return json.loads(summary)


class Check:
    """Counts; what is not so is told."""

    def __init__(self):
        self.passed = self.failed = 0

    def that(self, good, what):
        if good:
            self.passed += 1
        else:
            self.failed += 1
            print('FAIL report', what)

    def same(self, got, want, what):
        self.that(got == want, '%s: %r, expected %r' % (what, got, want))


check = Check()


def share_drawn(pixels):
    """How much of a picture has another colour than most of it, and how many colours."""
    width, height, rows = pixels
    count = {}
    for row in rows[::2]:
        for i in range(0, 3 * width, 6):
            colour = row[i : i + 3]
            count[colour] = count.get(colour, 0) + 1
    return 1 - max(count.values()) / sum(count.values()), len(count)


def brightness(pixels):
    rows = pixels[2]
    return sum(sum(row) for row in rows[::8]) / sum(len(row) for row in rows[::8])


def keep_picture(page, name):
    if PICTURES:
        os.makedirs(PICTURES, exist_ok=True)
        with open(os.path.join(PICTURES, name + '.png'), 'wb') as f:
            f.write(page.picture())


def opened(browser, name, **how):
    page = browser.open(path(name + '.html'), **how)
    check.that(page.wait('document.documentElement.dataset.drawn > 0'), name + ' is drawn')
    return page


def quiet(page, name):
    check.same(page.complaints, [], name + ' complains')
    check.same(
        [r for r in page.requests if not r.startswith(('file:', 'data:'))], [], name + ' fetches'
    )
    check.same(len([r for r in page.requests if r.startswith('file:')]), 1, name + ' opens files')


def charts(page, name, expected, dark):
    what = '%s %s ' % (name, 'dark' if dark else 'light')
    got = page.value("[...document.querySelectorAll('section.chart')].map(s => s.id)")
    check.same(got, expected, what + 'charts')
    for chart in got:
        if chart == 'certificate':
            check.that(
                page.value("document.querySelectorAll('#certificate dd').length") > 6, what + chart
            )
            continue
        for k in range(page.value("document.querySelectorAll('#%s .plot').length" % chart)):
            page.value(
                "document.querySelectorAll('.looked').forEach(e => e.classList.remove('looked'));"
                "document.querySelectorAll('#%s .plot')[%d].classList.add('looked')" % (chart, k)
            )
            drawn, colours = share_drawn(page.pixels('.looked'))
            check.that(
                drawn > 0.004 and colours > 8,
                '%s%s is empty: %.3f, %d colours' % (what, chart, drawn, colours),
            )
        check.that(
            page.value("document.querySelectorAll('#%s .plot').length" % chart) > 0,
            what + chart + ' has a plot',
        )
        check.that(
            page.value(
                "!!document.querySelector('#%s [role=img]').getAttribute('aria-label')" % chart
            ),
            what + chart + ' is described',
        )
    keep_picture(page, '%s-%s' % (name, 'dark' if dark else 'light'))
    bright = brightness(page.pixels('header'))
    check.that(bright < 70 if dark else bright > 200, what + 'brightness %.0f' % bright)


def text_is_sound(page, name):
    """Every table opened: rows under as many heads, no value that a program lets slip."""
    page.value("document.querySelectorAll('details.behind').forEach(d => { d.open = true; })")
    page.wait("document.querySelectorAll('details.behind .scroll').length > 0")
    bad = page.value("(document.body.innerText.match(/NaN|undefined|\\[object|null/g) || [])")
    check.same(bad, [], name + ' text')
    for row in page.value(
        '''[...document.querySelectorAll('section.chart table')].map(t => [t.closest('section').id,
            t.querySelectorAll('thead th').length,
            Math.max(0, ...[...t.querySelectorAll('tbody tr')].map(r => r.children.length)),
            t.querySelectorAll('tbody tr').length])'''
    ):
        if row[0] != 'certificate':
            check.that(
                row[1] > 1 and row[1] == row[2] and row[3] > 0,
                '%s table of %s: %r' % (name, row[0], row[1:]),
            )
    page.value("document.querySelectorAll('details.behind').forEach(d => { d.open = false; })")


def keyboard(page, name):
    """Tab shows where it is; the keys of a chart fill the line that is read aloud."""
    page.value('document.activeElement.blur(), scrollTo(0, 0)')
    page.key('Tab')
    check.same(page.value('document.activeElement.className'), 'skip', name + ' first tab stop')
    reached = set()
    for _ in range(400):
        page.key('Tab')
        chart, ring = page.value(
            '''(() => { const e = document.activeElement, s = e.closest('section');
            return [s ? s.id : '', getComputedStyle(e).outlineStyle]; })()'''
        )
        if ring == 'none':
            check.that(False, name + ' no focus ring in ' + chart)
        if not chart and reached:
            break
        if chart:
            reached.add(chart)
    all_ = page.value("[...document.querySelectorAll('section.chart')].map(s => s.id)")
    check.same(sorted(set(all_) - reached), [], name + ' charts without a tab stop')
    for chart in all_:
        if chart == 'certificate':
            continue
        where = "document.querySelector('#%s .plot [tabindex]')" % chart
        page.value(where + '.focus()')
        said = "document.querySelector('#%s .readout').textContent" % chart
        before = page.value(said)
        page.key('ArrowRight')
        if page.value(said) == before:
            page.key('ArrowDown')
        check.that(
            page.value(said) not in ('', before),
            '%s keys of %s: %r' % (name, chart, page.value(said)),
        )
        page.key('Escape')
        check.same(
            page.value("document.querySelector('#%s .readout').getAttribute('aria-live')" % chart),
            'polite',
            name + ' ' + chart,
        )


def fits(browser, name):
    page = opened(browser, name, width=390, height=800)
    check.that(
        page.value('document.documentElement.scrollWidth') <= 390, name + ' is wider than a phone'
    )
    keep_picture(page, name + '-phone')
    quiet(page, name + ' on a phone')


def paper(browser, name):
    page = opened(browser, name, dark=True)
    page.media(paper=True)
    page.value("window.dispatchEvent(new Event('beforeprint'))")
    check.same(
        page.value("getComputedStyle(document.querySelector('nav')).display"),
        'none',
        name + ' navigation on paper',
    )
    check.that(brightness(page.pixels('header')) > 200, name + ' paper is not white')
    keep_picture(page, name + '-paper')
    check.that(page.pdf().startswith(b'%PDF-'), name + ' as PDF')
    quiet(page, name + ' on paper')


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
    charts_ = [
        'prices',
        'duration',
        'heat',
        'dispatch',
        'storage',
        'map',
        'limits',
        'money',
        'statement-flow',
        'statements',
        'credit',
        'refused',
        'certificate',
    ]
    for dark in (False, True):
        page = opened(browser, 'duck-curve', dark=dark)
        charts(page, 'duck-curve', charts_, dark)
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
    charts(
        page,
        'reserve',
        [
            'prices',
            'duration',
            'heat',
            'dispatch',
            'services',
            'reserves',
            'limits',
            'money',
            'statement-flow',
            'statements',
            'credit',
            'certificate',
        ],
        False,
    )
    text_is_sound(page, 'reserve')
    quiet(page, 'reserve')


def case(browser):
    report('case', 'dispatch', 'scenarios/02-congestion/network.m')
    for dark in (False, True):
        page = opened(browser, 'case', dark=dark)
        charts(page, 'case', CASE_CHARTS, dark)
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
    charts(page, 'large', CASE_CHARTS, False)
    text_is_sound(page, 'large')
    quiet(page, 'large')
    check.that(
        abs(plain(tile(page, 'Congestion rent')[0]) - summary['congestion_rent_usd']) <= 1,
        'rent of the large case',
    )


def real_time(browser):
    """The fifteen- and five-minute markets stand beside the day ahead."""
    folder = path('real-time')
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir('scenarios/duck-curve'):
        source = os.path.join('scenarios/duck-curve', name)
        if os.path.isdir(source):
            continue
        with open(source, encoding='utf-8') as f:
            text = f.read()
        if name == 'scenario.yaml':
            text = text.replace('market:\n', 'market:\n  real_time: on\n', 1)
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
            f.write(text)
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
    charts(
        page,
        'real-time',
        [
            'prices',
            'duration',
            'heat',
            'real-time',
            'dispatch',
            'followers',
            'storage',
            'map',
            'limits',
            'money',
            'statement-flow',
            'statements',
            'credit',
            'refused',
            'certificate',
        ],
        False,
    )
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
    charts(
        page,
        'credit-days',
        [
            'prices',
            'duration',
            'heat',
            'dispatch',
            'money',
            'statement-flow',
            'statements',
            'credit',
            'credit-days',
            'refused',
            'certificate',
        ],
        False,
    )
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
            ['commit-prices', 'commit-reserves', 'dispatch', 'commitment', 'uplift', 'certificate'],
            dark,
        )
    check.same(tile(page, 'Proven bound')[0], '3,700', 'bound')
    text_is_sound(page, 'commitment')
    keyboard(page, 'commitment')
    quiet(page, 'commitment')


def beside(browser):
    """Two runs, every chart twice and to one scale; the second says how much it differs."""
    report('first', 'run', 'scenarios/02-congestion')
    report('second', 'run', 'scenarios/06-outage')
    gridclear('report', path('first.h5'), '--beside', path('second.h5'), '-o', path('beside.html'))
    page = opened(browser, 'beside', width=1400)
    for chart in page.value("[...document.querySelectorAll('section.chart')].map(s => s.id)"):
        across = chart in (
            'overview',
            'changes',
            'prices-compared',
            'energy-compared',
            'money-compared',
        )
        check.same(
            page.value("document.querySelectorAll('#%s figure').length" % chart),
            1 if across else 2,
            'panels of ' + chart,
        )
    check.same(
        page.value("document.querySelectorAll('#prices-compared .curve').length"),
        2,
        'prices of both runs',
    )
    scales = page.value(
        '''[...document.querySelectorAll('#duration figure')].map(f =>
        [...f.querySelectorAll('.axis.y text')].map(t => t.textContent).join())'''
    )
    check.that(len(scales) == 2 and scales[0] == scales[1] and scales[0], 'one scale: %r' % scales)
    said = page.value("[...document.querySelectorAll('#overview tbody tr')].map(t => t.innerText)")
    check.that(
        len(said) > 8 and any('(+' in t or '(\u2212' in t for t in said), 'differences: %r' % said
    )
    text_is_sound(page, 'beside')
    quiet(page, 'beside')
    fits(browser, 'beside')


def what_if(browser):
    """The ready what-ifs of the duck curve in one page."""
    names = ['duck-curve', 'double-storage', 'gas-twice', 'line-lost', 'no-solar']
    for name in names:
        gridclear(
            'run',
            'scenarios/' + (name if name == 'duck-curve' else 'what-if/' + name),
            '-q',
            '-o',
            path(name + '.h5'),
        )
    gridclear('compare', *[path(n + '.h5') for n in names], '--html', path('what-if.html'))
    for dark in (False, True):
        page = opened(browser, 'what-if', width=1400, dark=dark)
        for chart in (
            'changes',
            'prices-compared',
            'energy-compared',
            'money-compared',
            'heat',
            'map',
            'money',
        ):
            drawn, colours = share_drawn(page.pixels('#%s .panels' % chart))
            check.that(drawn > 0.01 and colours > 8, 'what-if %s is empty' % chart)
    check.same(
        page.value("document.querySelectorAll('#prices-compared .curve').length"),
        5,
        'prices of five runs',
    )
    check.that(
        'The axis is cut' in page.value("document.querySelector('#prices-compared').textContent"),
        'a spike is cut off, and told',
    )
    head = page.value(
        "[...document.querySelectorAll('#overview thead th')].map(t => t.textContent).join()"
    )
    check.same(head, ',' + ','.join(n + '.h5' for n in names), 'what-if runs')
    top = page.value("document.querySelector('#map .scale').innerText")
    page.value("document.querySelector('header input[type=checkbox]').click()")
    check.that(
        page.value("document.querySelector('#map .scale').innerText") != top, 'scales of their own'
    )
    text_is_sound(page, 'what-if')
    quiet(page, 'what-if')
    fits(browser, 'what-if')


HARM = '</script><script>harm=1</script>'
IMAGE = '<img/src=x/onerror=harm=2>'


def hostile(browser):
    """Names that would do harm if any were taken for a part of the page."""
    folder = path('hostile')
    os.makedirs(folder, exist_ok=True)
    source = 'scenarios/05-collateral-call'
    for name in os.listdir(source):
        if os.path.isdir(os.path.join(source, name)):
            continue
        with open(os.path.join(source, name), encoding='utf-8') as f:
            text = f.read()
        if name == 'scenario.yaml':
            text = '\n'.join(
                'description: "%s%s"' % (HARM, IMAGE) if line.startswith('description:') else line
                for line in text.split('\n')
            )
        else:
            for word, evil in NAMES:
                text = text.replace(word, evil)
        with open(os.path.join(folder, name), 'w', encoding='utf-8') as f:
            f.write(text)
    report('hostile-run', 'run', folder)
    page = opened(browser, 'hostile-run')
    text_is_sound(page, 'hostile')
    page.value("document.querySelectorAll('details.behind').forEach(d => { d.open = true; })")
    page.wait("document.querySelectorAll('details.behind .scroll').length > 0")
    check.same(page.value('typeof harm'), 'undefined', 'harm done by a name')
    check.same(page.value("document.querySelectorAll('img').length"), 0, 'elements made of names')
    said = page.value('document.body.innerText')
    check.that(HARM in said and IMAGE in said, 'hostile names are shown as they are')
    quiet(page, 'hostile')


def names_of(scenario):
    """Two identifiers of the scenario, and what takes their place."""

    def first(table):
        with open(os.path.join(scenario, table), encoding='utf-8') as f:
            return f.read().split('\n')[1].split(',')[0]

    return [(first('scheduling_coordinators.csv'), HARM), (first('resources.csv'), IMAGE)]


NAMES = names_of('scenarios/05-collateral-call')


def main():
    os.makedirs(WORK, exist_ok=True)
    with Browser() as browser:
        for test in (
            duck_curve,
            reserve,
            real_time,
            credit_days,
            start_up,
            flexible_ramping,
            commitment,
            case,
            large,
            beside,
            what_if,
            hostile,
        ):
            if test.__name__ not in os.environ.get('REPORT_TESTS', test.__name__).split():
                continue
            try:
                test(browser)
            except (RuntimeError, OSError, KeyError, TypeError, ValueError) as e:
                check.that(False, '%s: %s' % (test.__name__, e))
    print('%d passed, %d failed, 0 skipped' % (check.passed, check.failed))
    return 1 if check.failed else 0


if __name__ == '__main__':
    sys.exit(main())
