"""A headless Chromium on a pipe, spoken to in its DevTools protocol; standard library only.

    with Browser() as b:
        page = b.open(path, width=1200, dark=True)
        page.value('document.title')
        page.picture('#map')        # bytes of a PNG
        page.pixels('#map')         # (width, height, rows of RGB bytes)

What the page said on the console, what it threw and what it asked the network for is kept
in page.complaints and page.requests.
"""
import base64
import json
import os
import shutil
import struct
import subprocess
import tempfile
import time
import zlib

NAMES = ('chromium', 'chromium-browser', 'google-chrome')


def find():
    """The browser's path, or None."""
    return next((shutil.which(n) for n in NAMES if shutil.which(n)), None)


class Browser:
    def __enter__(self):
        self.folder = tempfile.mkdtemp()
        here, theirs = os.pipe(), os.pipe()  # we write to here[1], they write to theirs[1]

        def plug():  # the pipe's ends are the descriptors 3 and 4 of the browser
            a, b = os.dup(here[0]), os.dup(theirs[1])
            os.dup2(a, 3)
            os.dup2(b, 4)

        self.process = subprocess.Popen(
            [
                find(),
                '--headless=new',
                '--no-sandbox',
                '--disable-gpu',
                '--disable-dev-shm-usage',
                '--hide-scrollbars',
                '--no-first-run',
                '--remote-debugging-pipe',
                '--user-data-dir=' + self.folder,
                'about:blank',
            ],
            preexec_fn=plug,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(here[0])
        os.close(theirs[1])
        self.out, self.into = here[1], theirs[0]
        self.buffer, self.number, self.listeners = b'', 0, []
        return self

    def __exit__(self, *_):
        try:
            self.send('Browser.close')
            self.process.wait(20)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.into)
        shutil.rmtree(self.folder, ignore_errors=True)

    def receive(self):
        while b'\0' not in self.buffer:
            more = os.read(self.into, 1 << 20)
            if not more:
                raise RuntimeError('the browser has gone')
            self.buffer += more
        message, self.buffer = self.buffer.split(b'\0', 1)
        message = json.loads(message)
        for listener in self.listeners:
            listener(message)
        return message

    def send(self, method, session=None, **params):
        self.number += 1
        mine, call = self.number, {'id': self.number, 'method': method, 'params': params}
        if session:
            call['sessionId'] = session
        data = json.dumps(call).encode() + b'\0'
        while data:
            data = data[os.write(self.out, data) :]
        while True:
            answer = self.receive()
            if answer.get('id') == mine:
                if 'error' in answer:
                    raise RuntimeError(method + ': ' + answer['error']['message'])
                return answer['result']

    def open(self, path, width=1280, height=900, dark=False, scale=1):
        target = self.send('Target.createTarget', url='about:blank')['targetId']
        session = self.send('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        return Page(self, session, path, width, height, dark, scale)


class Page:
    def __init__(self, browser, session, path, width, height, dark, scale):
        self.browser, self.session = browser, session
        self.complaints, self.requests, self.loaded = [], [], False
        browser.listeners.append(self.listen)
        for domain in ('Runtime', 'Log', 'Network', 'Page'):
            self.send(domain + '.enable')
        self.send(
            'Emulation.setDeviceMetricsOverride',
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < 600,
        )
        self.media(dark=dark)
        self.send('Page.navigate', url='file://' + os.path.abspath(path))
        while not self.loaded:
            browser.receive()

    def listen(self, message):
        if message.get('sessionId') != self.session or 'method' not in message:
            return
        method, params = message['method'], message['params']
        if method == 'Runtime.consoleAPICalled':
            self.complaints.append(str([a.get('value') for a in params['args']]))
        elif method == 'Runtime.exceptionThrown':
            details = params['exceptionDetails']
            self.complaints.append(details.get('exception', {}).get('description', details['text']))
        elif method == 'Log.entryAdded':
            self.complaints.append(params['entry']['text'])
        elif method == 'Network.requestWillBeSent':
            self.requests.append(params['request']['url'])
        elif method == 'Page.loadEventFired':
            self.loaded = True

    def send(self, method, **params):
        return self.browser.send(method, self.session, **params)

    def media(self, dark=False, paper=False):
        self.send(
            'Emulation.setEmulatedMedia',
            media='print' if paper else '',
            features=[{'name': 'prefers-color-scheme', 'value': 'dark' if dark else 'light'}],
        )

    def value(self, expression):
        """What JavaScript makes of the expression."""
        answer = self.send(
            'Runtime.evaluate', expression=expression, returnByValue=True, awaitPromise=True
        )
        if 'exceptionDetails' in answer:
            raise RuntimeError(answer['exceptionDetails']['exception'].get('description'))
        return answer['result'].get('value')

    def key(self, name):
        code = {
            'Tab': 9,
            'Enter': 13,
            'Escape': 27,
            'End': 35,
            'Home': 36,
            'ArrowLeft': 37,
            'ArrowUp': 38,
            'ArrowRight': 39,
            'ArrowDown': 40,
        }.get(name, 0)
        for kind in ('keyDown', 'keyUp'):
            self.send(
                'Input.dispatchKeyEvent', type=kind, key=name, code=name, windowsVirtualKeyCode=code
            )

    def picture(self, selector=None):
        """A PNG of an element, or of the whole page."""
        box = self.value(
            '''(() => { const e = %s;
            const r = e ? e.getBoundingClientRect() : document.documentElement.getBoundingClientRect();
            return [r.left + scrollX, r.top + scrollY, r.width, r.height]; })()'''
            % ('document.querySelector(%s)' % json.dumps(selector) if selector else 'null')
        )
        clip = dict(zip(('x', 'y', 'width', 'height'), box), scale=1)
        data = self.send(
            'Page.captureScreenshot', format='png', clip=clip, captureBeyondViewport=True
        )['data']
        return base64.b64decode(data)

    def pixels(self, selector=None):
        return decode(self.picture(selector))

    def pdf(self):
        return base64.b64decode(self.send('Page.printToPDF', printBackground=True)['data'])

    def wait(self, expression, seconds=20):
        """Until the expression is true; False when it does not become so."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.value(expression):
                return True
            time.sleep(0.05)
        return False


def decode(png):
    """Width, height and rows of RGB bytes of a PNG of 8-bit RGB or RGBA (PNG, chapter 9)."""
    at, data = 8, b''
    while at < len(png):
        size, kind = struct.unpack('>I4s', png[at : at + 8])
        body = png[at + 8 : at + 8 + size]
        if kind == b'IHDR':
            width, height, depth, colour = struct.unpack('>IIBB', body[:10])
        elif kind == b'IDAT':
            data += body
        at += size + 12
    step = {2: 3, 6: 4}[colour]
    raw, rows, before = zlib.decompress(data), [], bytearray(width * step)
    for y in range(height):
        start = y * (width * step + 1)
        how, row = raw[start], bytearray(raw[start + 1 : start + 1 + width * step])
        if how == 1:
            for i in range(step, len(row)):
                row[i] = (row[i] + row[i - step]) & 255
        elif how == 2:
            for i in range(len(row)):
                row[i] = (row[i] + before[i]) & 255
        elif how == 3:
            for i in range(len(row)):
                row[i] = (row[i] + ((row[i - step] if i >= step else 0) + before[i]) // 2) & 255
        elif how == 4:
            for i in range(len(row)):
                a, b, c = (
                    (row[i - step] if i >= step else 0),
                    before[i],
                    (before[i - step] if i >= step else 0),
                )
                p = a + b - c
                pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
                row[i] = (row[i] + (a if pa <= pb and pa <= pc else b if pb <= pc else c)) & 255
        before = row
        rows.append(
            bytes(v for i in range(0, len(row), step) for v in row[i : i + 3])
            if step == 4
            else bytes(row)
        )
    return width, height, rows
