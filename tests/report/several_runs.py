"""Reports about several runs, side by side and to one scale."""
from look import check, fits, opened, quiet, share_drawn, text_is_sound
from pages import gridclear, path, report


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
