"""What every page must be: drawn, described, quiet, readable, usable by keyboard.

check counts what was looked at and tells what is not so. Pictures of the pages, to look at by
eye, go to the folder PICTURES when check.py sets it.
"""
import json
import os

from pages import path

PICTURES = None


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


# All charts of one run in the order of the page.
IN_ORDER = (
    'commit-prices commit-reserves prices duration heat real-time dispatch followers flexible '
    'commitment storage services reserves map limits relaxed uplift money statement-flow '
    'statements credit credit-days refused mitigated certificate'
).split()


def charts(page, name, expected, dark=False):
    """Just the expected charts are there, none is empty; expected: their names in any order."""
    expected = sorted(expected.split(), key=IN_ORDER.index)
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
    squeezed = page.value(
        "[...document.querySelectorAll('dd')].map(d => d.clientWidth).filter(w => w < 90)"
    )
    check.same(squeezed, [], name + ' facts on a phone')
    alike = page.value(
        '''[...document.querySelectorAll('.plot svg')].map(s => {
        const whole = new Map(), alike = [];
        s.querySelectorAll('text > title').forEach(t => {
        const cut = t.parentNode.firstChild.data, other = whole.get(cut) || t.textContent;
        if (other !== t.textContent) alike.push([other, t.textContent]);
        whole.set(cut, other); });
        return alike; }).flat()'''
    )
    check.same(alike, [], name + ' names that look alike once they are cut')
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
