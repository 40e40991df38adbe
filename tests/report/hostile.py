"""A report about a run whose names would do harm if any were taken for a part of the page."""
import os

from look import check, opened, quiet, text_is_sound
from pages import copied, report

HARM = '</script><script>harm=1</script>'
IMAGE = '<img/src=x/onerror=harm=2>'


def hostile(browser):
    source = 'scenarios/05-collateral-call'
    evil = {
        first_name(source, 'scheduling_coordinators.csv'): HARM,
        first_name(source, 'resources.csv'): IMAGE,
    }

    def spoiled(name, text):
        if name == 'scenario.yaml':
            return '\n'.join(
                'description: "%s%s"' % (HARM, IMAGE) if line.startswith('description:') else line
                for line in text.split('\n')
            )
        for good, bad in evil.items():
            text = text.replace(good, bad)
        return text

    folder = copied(source, 'hostile', spoiled)
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


def first_name(scenario, table):
    with open(os.path.join(scenario, table), encoding='utf-8') as f:
        return f.read().split('\n')[1].split(',')[0]
