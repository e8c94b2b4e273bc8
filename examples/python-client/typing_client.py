#!/usr/bin/env python3
"""A terminal that types, and shows who else does.

A client of react-online-message in Python, written from PROTOCOL.md. The numbers (S1, R4 …) and "rule 2" are that page's.

    python3 typing_client.py http://localhost:3000 --user bob --to ann
"""

import argparse
import codecs
import json
import os
import queue
import sys
import threading
import time

import socketio

PROTOCOL_VERSION = 1
HEARTBEAT = 5.0  # Seconds between two renewals of a lease (S2).
LEASE_MS = 7000  # How long one lives: two seconds more (S5).
IDLE = 4.0  # Seconds without a key until it is given back (S3).
DIGEST_LIFE = 90.0  # Seconds a digest holds without a new one (R4).
PATIENCE = 5.0  # Seconds an answer is waited for.
CLOCK_JUMP = 0.5  # Wall clock and steady clock apart by more seconds: the clock was set, or the machine slept.

LOOK = 1.0  # While somebody is shown, so often in seconds it is looked whether the machine has slept.

now = time.monotonic


class TypingClient:
    """One conversation. All of it runs in one thread: whatever happens elsewhere is put into `happened` first."""

    def __init__(self, url, auth, namespace, conversation, command, tell):
        self.conversation, self.command, self.tell = conversation, command, tell
        self.namespace = namespace
        self.happened = queue.SimpleQueue()
        self.connection = None  # The session's id while connected.
        self.welcome = None  # What the server has said to this connection's hello: None is "not online".
        self.asked = self.hello_due = None  # When hello was said, and when its answer is given up.
        self.line = ''
        self.keys_until = self.renew_at = 0.0
        self.lease = False
        self.typists, self.total, self.digest_until = [], 0, 0.0
        self.cleared = set()  # Sessions of typing that a message has ended (R6).
        self.shown = None

        # Its reconnecting is welcome. It keeps nothing for later: `emit` raises while there is no connection (rule 1).
        self.socket = socketio.Client()

        def forward(what):
            self.socket.on(what, lambda *args: self.happened.put((what, *args)), namespace=namespace)

        for what in ('om:message', 'om:typists', 'om:refused', 'disconnect'):
            forward(what)
        self.socket.on('connect', self._connected, namespace=namespace)
        # Long-polling would do as well, and needs one more package.
        self.socket.connect(url, auth=auth, namespaces=[namespace], transports=['websocket'])

    def _connected(self):
        self.happened.put(('connect', self.socket.get_sid(self.namespace)))

    def close(self):
        self.stop()
        self.socket.disconnect()

    # What happens, in order ------------------------------------------------------------------------------------------

    def run(self):
        while True:
            due = [self.hello_due]
            if self.total:
                due += [self.digest_until, now() + LOOK]
            if self.welcome and self.keys_until:
                due += [self.renew_at, self.keys_until]
            nearest = min((at for at in due if at is not None), default=None)
            try:
                what, *args = self.happened.get(timeout=None if nearest is None else max(0.0, nearest - now()))
            except queue.Empty:
                self.look()
                continue
            if what == 'end':
                return
            if what == 'keys':
                self.keys(*args)
            elif what == 'connect':
                self.connection = args[0]
                self.hello()
            elif what == 'disconnect':
                self.connection = self.hello_due = None
                # The lease ended with its connection. Who still types takes one on the next.
                self.lease, self.renew_at = False, 0.0
                self.forget()
            elif what == 'welcome':
                self.welcomed(*args)
            elif what == 'sent':
                self.tell('sent', answer=args[0])
            elif what == 'refused':
                # A lease is answered only when it is refused. It is asked for again when the next renewal is due.
                if isinstance(args[0], dict) and args[0].get('code') == 'forbidden':
                    self.lease = False
                self.tell('refused', refusal=args[0])
            else:
                self.event(what, args)
            self.look()

    def look(self):
        """What is due by the clock."""
        if self.total and now() >= self.digest_until:
            self.typists, self.total = [], 0
        if self.total:
            self.online()
        if self.hello_due and now() >= self.hello_due:
            self.tell('problem', text='No answer: is attachOnlineMessages called there?')
            self.hello()
        self.settle()
        self.show()

    # Connection and clock (rules 1 to 3) -----------------------------------------------------------------------------

    def emit(self, event, *args, answered=None):
        """Sends now or never: False means that there is no connection any more."""
        if not self.connection or self.connection != self.socket.get_sid(self.namespace):
            return False
        try:
            self.socket.emit(event, args, namespace=self.namespace, callback=answered)
            return True
        except socketio.exceptions.SocketIOError:
            return False

    def hello(self):
        self.forget()
        connection, self.asked = self.connection, now()
        asked = self.asked

        def answered(answer=None):
            self.happened.put(('welcome', connection, asked, now(), answer))

        self.hello_due = asked + PATIENCE if self.emit('om:hello', PROTOCOL_VERSION, answered=answered) else None

    def welcomed(self, connection, asked, answered, answer):
        # Only the answer to the last hello of this connection.
        if connection != self.connection or asked != self.asked or self.hello_due is None:
            return
        self.hello_due = None
        if not isinstance(answer, dict) or not is_number(answer.get('time')):
            self.tell('refused', refusal=answer)
            return
        self.welcome = {'maxAge': 2000, 'maxBytes': 4096, **answer}
        # The server's milliseconds at the steady clock's zero: the answer was on its way for half of the time.
        self.offset = answer['time'] - (asked + answered) / 2 * 1000
        self.drift = time.time() - now()
        self.tell('connection', state='online')
        self.emit('om:subscribe', [self.conversation])

    def forget(self):
        """Not online any more, or in doubt: what is known may not be true (rules 2 and 3)."""
        if self.welcome:
            self.tell('connection', state='offline')
        self.welcome = None
        self.typists, self.total = [], 0
        self.show()

    def online(self):
        """Whether there is a welcome, and a clock to go by."""
        if self.welcome and abs(time.time() - now() - self.drift) > CLOCK_JUMP:
            self.hello()
        return self.welcome is not None

    def server_now(self):
        return now() * 1000 + self.offset

    # What others do (rules 2, 5 and 6) -------------------------------------------------------------------------------

    def event(self, name, args):
        if len(args) < 3 or not is_number(args[0]) or not self.online() or not self.is_ours(args[1]):
            return
        if self.server_now() - args[0] > self.welcome['maxAge']:
            self.hello()
        elif name == 'om:typists' and len(args) > 3 and is_number(args[2]) and isinstance(args[3], list):
            self.typists = [typist for typist in args[3] if is_user(typist)]
            self.total = max(int(args[2]), len(self.typists))
            self.digest_until = now() + DIGEST_LIFE
            self.cleared &= {session(typist) for typist in self.typists}
        elif name == 'om:message' and len(args) > 4 and isinstance(args[2], str) and is_user(args[4]):
            sender = args[4]
            self.cleared |= {session(typist) for typist in self.typists if typist['id'] == sender['id']}
            self.show()
            self.tell('message', command=args[2], data=read_data(args[3]), sender=sender)
        elif name == 'om:refused':
            self.typists, self.total = [], 0
            self.tell('refused', refusal=args[2])

    def is_ours(self, conversation):
        fields = ('user', 'group', 'thread')
        return isinstance(conversation, dict) and all(conversation.get(f) == self.conversation.get(f) for f in fields)

    def show(self):
        """Tells who types, when that is news (R1 to R3)."""
        seen = [typist for typist in self.typists if session(typist) not in self.cleared]
        total = self.total - (len(self.typists) - len(seen))
        state = total, [(typist['id'], typist.get('activity')) for typist in seen]
        if state != self.shown and (total or self.shown):
            self.tell('typists', typists=seen, total=total)
        self.shown = state

    # What is typed here (rule 4) -------------------------------------------------------------------------------------

    def keys(self, text):
        for key in text:
            if key in '\r\n':
                self.send_line()
            elif key in '\b\x7f':
                self.line = self.line[:-1]
            elif key.isprintable():
                self.line += key
            self.keys_until = now() + IDLE if self.line else 0.0

    def settle(self):
        """Makes the server agree with what is wanted (S1 to S4)."""
        if now() >= self.keys_until:
            self.stop()
        elif now() >= self.renew_at and self.online():
            self.renew_at = now() + HEARTBEAT
            self.lease = self.emit_lease(LEASE_MS)

    def stop(self):
        self.keys_until = self.renew_at = 0.0
        if self.lease:
            self.lease = False
            # Giving back needs no stamp that is right: it is never too late.
            self.emit_lease(0)

    def emit_lease(self, ttl):
        def answered(refusal=None):
            self.happened.put(('refused', refusal))

        stamp = round(self.server_now())
        return self.emit('om:lease', stamp, ttl, 'typing', self.conversation, answered=answered if ttl else None)

    def send_line(self):
        line, self.line = self.line, ''
        # Typing ends before the message that ends it.
        self.stop()
        data = json.dumps(line)
        if not line:
            return
        if not self.online():
            self.tell('sent', answer={'ok': False, 'code': 'offline', 'message': 'Not connected, and nothing is queued.'})
        elif len(data) > self.welcome['maxBytes']:
            self.tell('sent', answer={'ok': False, 'code': 'too-large', 'message': 'The line is too long.'})
        else:
            stamp = round(self.server_now())

            def answered(answer=None):
                self.happened.put(('sent', answer))

            self.emit('om:send', stamp, self.command, data, self.conversation, answered=answered)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 2**53


def is_user(value):
    return isinstance(value, dict) and isinstance(value.get('id'), str)


def session(typist):
    return typist['id'], str(typist.get('since'))


def read_data(text):
    """What is no JSON, which only a hostile sender writes, is no data."""
    try:
        return json.loads(text) if text else None
    except (TypeError, ValueError, RecursionError):
        return None


# The terminal --------------------------------------------------------------------------------------------------------

DOING = {
    'recording': 'recording a voice message',
    'photo': 'sending a photo',
    'video': 'sending a video',
    'file': 'sending a file',
    'sticker': 'choosing a sticker',
    'thinking': 'thinking',
}


def printable(text):
    """Names and data come from others: nothing in them may steer the terminal."""
    return ''.join(c if c.isprintable() else '·' for c in str(text))


def in_words(kind, news):
    if kind == 'typists':
        names = [str(typist.get('name') or typist['id']) for typist in news['typists']]
        more = news['total'] - len(names)
        who = ' and '.join(names + ([f'{more} more'] if more else []))
        doing = {str(typist.get('activity')) for typist in news['typists']}
        what = DOING.get(doing.pop(), 'typing') if len(doing) == 1 else 'typing'
        return f"{who} {'is' if news['total'] == 1 else 'are'} {what}…" if news['total'] else 'Nobody is typing.'
    if kind == 'message':
        sender = news['sender'].get('name') or news['sender']['id']
        return f"{sender}: {json.dumps(news['data'], ensure_ascii=False)} ({news['command']})"
    if kind == 'connection':
        return 'Online.' if news['state'] == 'online' else 'Not online: nobody sees you type.'
    if kind == 'sent' and news['answer'] and news['answer'].get('ok') is True:
        return 'Sent.'
    return f'{kind}: {json.dumps(news, ensure_ascii=False)}'


def tell_in_words(kind, **news):
    print(printable(in_words(kind, news)), flush=True)


def tell_as_json(kind, **news):
    print(json.dumps({'kind': kind, **news}), flush=True)


def read_keys(happened):
    """Key by key, as far as the other end of stdin hands them on. Ctrl+D, or its end, is the end."""
    decoder = codecs.getincrementaldecoder('utf-8')(errors='replace')
    while True:
        some = os.read(sys.stdin.fileno(), 1024)
        if not some or some == b'\x04':
            happened.put(('end',))
            return
        happened.put(('keys', decoder.decode(some)))


def key_by_key():
    """Lets a terminal hand on each key at once. Returns what undoes it."""
    try:
        import termios
    except ImportError:
        return lambda: None  # Windows: a line at a time.
    if not sys.stdin.isatty():
        return lambda: None
    before = termios.tcgetattr(sys.stdin)
    changed = termios.tcgetattr(sys.stdin)
    changed[3] &= ~termios.ICANON
    termios.tcsetattr(sys.stdin, termios.TCSANOW, changed)
    return lambda: termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def main():
    parser = argparse.ArgumentParser(description='Types to somebody, and shows who types back. Enter sends the line.')
    parser.add_argument('url', help='of the Socket.IO server, http://localhost:3000')
    parser.add_argument('--user', required=True, help='who you are, for the default of --auth')
    parser.add_argument('--auth', type=json.loads, help="what your server's identify looks at, as JSON; {\"user\": USER}")
    to = parser.add_mutually_exclusive_group(required=True)
    to.add_argument('--to', metavar='USER', help='the other one')
    to.add_argument('--group', help='or a group')
    parser.add_argument('--thread', help='in that conversation')
    parser.add_argument('--command', default='line', help='of the online message that Enter sends')
    parser.add_argument('--namespace', default='/', help="Socket.IO's")
    parser.add_argument('--json', action='store_true', help='tell what happens as one JSON object a line')
    options = parser.parse_args()

    sys.stdout.reconfigure(errors='replace')
    conversation = {'user': options.to, 'group': options.group, 'thread': options.thread}
    try:
        client = TypingClient(
            options.url,
            options.auth or {'user': options.user},
            options.namespace,
            {field: value for field, value in conversation.items() if value is not None},
            options.command,
            tell_as_json if options.json else tell_in_words,
        )
    except socketio.exceptions.ConnectionError as error:
        sys.exit(f'{options.url} does not answer ({error}). Start the server, or give its address.')
    restore = key_by_key()
    threading.Thread(target=read_keys, args=(client.happened,), daemon=True).start()
    try:
        client.run()
    except KeyboardInterrupt:
        pass
    finally:
        restore()
        client.close()
    sys.stdout.flush()
    # Not `return`: older versions of the library never end while they try to reconnect.
    os._exit(0)


if __name__ == '__main__':
    main()
