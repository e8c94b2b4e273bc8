#!/usr/bin/env python3
"""A terminal that types, and shows who else is typing.

A client of react-online-message in Python, written from PROTOCOL.md. "Rule 2" and the numbers (S1, R4 …) are those of that page.

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

# In seconds, except the first.
LEASE_MS = 7000  # How long a lease lives: HEARTBEAT_INTERVAL and 2 s more (S5).
HEARTBEAT_INTERVAL = 5.0  # Between two renewals of a lease (S2).
IDLE_TIMEOUT = 4.0  # Without a key, before the lease is released (S3).
TYPING_UPDATE_LIFE = 90.0  # A typing update expires without a new one (R4).
ANSWER_TIMEOUT = 5.0  # How long to wait for the answer to a hello.
CLOCK_CHECK_INTERVAL = 1.0  # How often to check for a sleep of the machine, while somebody is shown.

# If the wall clock and the steady clock drift apart by more, the clock was set or the machine has slept.
MAX_CLOCK_DRIFT = 0.5

now = time.monotonic


class TypingClient:
    """The client of one conversation.

    Everything runs in the thread that calls `run`. Other threads only put what happened into the queue `events`, as
    tuples: the name of the event and its arguments.
    """

    def __init__(self, url, auth, namespace, conversation, command, report):
        self.namespace = namespace
        self.conversation = conversation
        self.command = command
        self.report = report
        self.events = queue.SimpleQueue()

        # The connection, and what the server answered to the hello on it. Without a welcome the client is not online.
        self.session_id = None
        self.welcome = None
        self.hello_sent_at = None
        self.hello_deadline = None

        # What is typed here.
        self.line = ''
        self.typing_until = 0.0
        self.renew_at = 0.0
        self.has_lease = False

        # What others do.
        self.typists = []
        self.total = 0
        self.typists_expire_at = 0.0
        self.cleared_sessions = set()  # Typing sessions that a message has ended (R6).
        self.reported_state = (0, [])

        # It reconnects by itself, and keeps nothing for later: `emit` raises while there is no connection (rule 1).
        self.socket = socketio.Client()
        for event in ('om:message', 'om:typists', 'om:refused', 'disconnect'):
            self.forward(event)
        self.socket.on('connect', self.forward_connect, namespace=namespace)
        # Long-polling would work as well, and needs one more package.
        self.socket.connect(url, auth=auth, namespaces=[namespace], transports=['websocket'])

    def forward(self, event):
        self.socket.on(event, lambda *args: self.events.put((event, *args)), namespace=self.namespace)

    def forward_connect(self):
        self.events.put(('connect', self.socket.get_sid(self.namespace)))

    def close(self):
        self.stop_typing()
        self.socket.disconnect()

    # The loop --------------------------------------------------------------------------------------------------------

    def run(self):
        while True:
            try:
                event, *args = self.events.get(timeout=self.seconds_until_due())
            except queue.Empty:
                self.do_what_is_due()
                continue
            if event == 'end':
                return
            self.handle(event, args)
            self.do_what_is_due()

    def seconds_until_due(self):
        """None if nothing is due at any time."""
        deadlines = []
        if self.hello_deadline is not None:
            deadlines.append(self.hello_deadline)
        if self.total:
            deadlines += [self.typists_expire_at, now() + CLOCK_CHECK_INTERVAL]
        if self.welcome and self.typing_until:
            deadlines += [self.renew_at, self.typing_until]
        return max(0.0, min(deadlines) - now()) if deadlines else None

    def handle(self, event, args):
        if event == 'keys':
            self.type_keys(*args)
        elif event == 'connect':
            self.session_id = args[0]
            self.say_hello()
        elif event == 'disconnect':
            self.session_id = None
            self.hello_deadline = None
            # The lease ended with its connection. If typing goes on, the next connection takes a new one.
            self.has_lease = False
            self.renew_at = 0.0
            self.go_offline()
        elif event == 'hello answered':
            self.handle_hello_answer(*args)
        elif event == 'message answered':
            self.report('sent', answer=args[0])
        elif event == 'lease refused':
            self.handle_lease_refusal(args[0])
        else:
            self.handle_server_event(event, args)

    def do_what_is_due(self):
        if self.total and now() >= self.typists_expire_at:
            self.forget_typists()
        if self.total:
            self.check_online()
        if self.hello_deadline and now() >= self.hello_deadline:
            self.report('problem', text='No answer: is attachOnlineMessages called there?')
            self.say_hello()
        self.update_lease()
        self.report_typists()

    # Connection and clock (rules 1 to 3) -----------------------------------------------------------------------------

    def emit(self, event, *args, on_answer=None):
        """Sends now or never. Returns whether there was a connection."""
        if not self.session_id or self.session_id != self.socket.get_sid(self.namespace):
            return False
        try:
            self.socket.emit(event, args, namespace=self.namespace, callback=on_answer)
            return True
        except socketio.exceptions.SocketIOError:
            return False

    def say_hello(self):
        self.go_offline()
        session_id = self.session_id
        sent_at = self.hello_sent_at = now()

        def on_answer(answer=None):
            self.events.put(('hello answered', session_id, sent_at, now(), answer))

        was_sent = self.emit('om:hello', PROTOCOL_VERSION, on_answer=on_answer)
        self.hello_deadline = sent_at + ANSWER_TIMEOUT if was_sent else None

    def handle_hello_answer(self, session_id, sent_at, answered_at, answer):
        is_latest = session_id == self.session_id and sent_at == self.hello_sent_at
        if not is_latest or self.hello_deadline is None:
            return
        self.hello_deadline = None
        if not isinstance(answer, dict) or not is_number(answer.get('time')):
            self.report('refused', refusal=answer)
            return
        self.welcome = {'maxAge': 2000, 'maxBytes': 4096, **answer}
        # Server time minus steady time, in milliseconds. The server answered in the middle of the round trip.
        self.clock_offset_ms = answer['time'] - (sent_at + answered_at) / 2 * 1000
        self.wall_clock_offset = time.time() - now()
        self.report('connection', state='online')
        self.emit('om:subscribe', [self.conversation])

    def go_offline(self):
        """Also when the clock is in doubt: the typists shown before may be stale (rules 2 and 3)."""
        if self.welcome:
            self.report('connection', state='offline')
        self.welcome = None
        self.forget_typists()
        self.report_typists()

    def check_online(self):
        """Whether there is a welcome and the clock is right. If the clock is in doubt, this says hello again."""
        if self.welcome:
            drift = time.time() - now() - self.wall_clock_offset
            if abs(drift) > MAX_CLOCK_DRIFT:
                self.say_hello()
        return self.welcome is not None

    def server_time_ms(self):
        return now() * 1000 + self.clock_offset_ms

    # What others do (rules 2, 5 and 6) -------------------------------------------------------------------------------

    def handle_server_event(self, event, args):
        if len(args) < 3 or not is_number(args[0]) or not self.check_online():
            return
        stamp, conversation = args[:2]
        if not self.is_own_conversation(conversation):
            return
        age_ms = self.server_time_ms() - stamp
        if age_ms > self.welcome['maxAge']:
            self.say_hello()
        elif event == 'om:typists' and len(args) >= 4:
            self.handle_typing_update(total=args[2], typists=args[3])
        elif event == 'om:message' and len(args) >= 5:
            self.handle_message(command=args[2], data=args[3], sender=args[4])
        elif event == 'om:refused':
            self.forget_typists()
            self.report('refused', refusal=args[2])

    def handle_typing_update(self, total, typists):
        if not is_number(total) or not isinstance(typists, list):
            return
        self.typists = [typist for typist in typists if is_user(typist)]
        self.total = max(int(total), len(self.typists))
        self.typists_expire_at = now() + TYPING_UPDATE_LIFE
        self.cleared_sessions &= {session_of(typist) for typist in self.typists}

    def handle_message(self, command, data, sender):
        if not isinstance(command, str) or not is_user(sender):
            return
        ended_sessions = {session_of(typist) for typist in self.typists if typist['id'] == sender['id']}
        self.cleared_sessions |= ended_sessions
        self.report_typists()
        self.report('message', command=command, data=parse_data(data), sender=sender)

    def is_own_conversation(self, conversation):
        if not isinstance(conversation, dict):
            return False
        return all(conversation.get(field) == self.conversation.get(field) for field in ('user', 'group', 'thread'))

    def forget_typists(self):
        self.typists = []
        self.total = 0

    def report_typists(self):
        """Reports who types, if that has changed (R1 to R3)."""
        shown = [typist for typist in self.typists if session_of(typist) not in self.cleared_sessions]
        total = self.total - (len(self.typists) - len(shown))
        state = (total, [(typist['id'], typist.get('activity')) for typist in shown])
        if state != self.reported_state:
            self.reported_state = state
            self.report('typists', typists=shown, total=total)

    # What is typed here (rule 4) -------------------------------------------------------------------------------------

    def type_keys(self, text):
        for key in text:
            if key in '\r\n':
                self.send_line()
            elif key in '\b\x7f':
                self.line = self.line[:-1]
            elif key.isprintable():
                self.line += key
            self.typing_until = now() + IDLE_TIMEOUT if self.line else 0.0

    def update_lease(self):
        """Takes, renews or releases the lease (S1 to S4)."""
        if now() >= self.typing_until:
            self.stop_typing()
        elif now() >= self.renew_at and self.check_online():
            self.renew_at = now() + HEARTBEAT_INTERVAL
            self.has_lease = self.emit_lease(LEASE_MS)

    def stop_typing(self):
        self.typing_until = 0.0
        self.renew_at = 0.0
        if self.has_lease:
            self.has_lease = False
            # A release never expires, so it does not matter if the clock is wrong.
            self.emit_lease(0)

    def emit_lease(self, ttl_ms):
        def on_answer(refusal=None):
            self.events.put(('lease refused', refusal))

        stamp = round(self.server_time_ms())
        # The server answers only if it refuses a lease. It does not refuse a release.
        return self.emit(
            'om:lease', stamp, ttl_ms, 'typing', self.conversation, on_answer=on_answer if ttl_ms else None
        )

    def handle_lease_refusal(self, refusal):
        # The next renewal asks for the lease again.
        if isinstance(refusal, dict) and refusal.get('code') == 'forbidden':
            self.has_lease = False
        self.report('refused', refusal=refusal)

    def send_line(self):
        line = self.line
        self.line = ''
        # Typing ends before the message arrives.
        self.stop_typing()
        if not line:
            return
        if not self.check_online():
            self.report_not_sent('offline', 'Not connected, and nothing is queued.')
            return
        data = json.dumps(line)
        if len(data) > self.welcome['maxBytes']:
            self.report_not_sent('too-large', 'The line is too long.')
            return

        def on_answer(answer=None):
            self.events.put(('message answered', answer))

        stamp = round(self.server_time_ms())
        self.emit('om:send', stamp, self.command, data, self.conversation, on_answer=on_answer)

    def report_not_sent(self, code, message):
        self.report('sent', answer={'ok': False, 'code': code, 'message': message})


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 2**53


def is_user(value):
    return isinstance(value, dict) and isinstance(value.get('id'), str)


def session_of(typist):
    """The typing session of a typist: a new one has another `since`."""
    return typist['id'], str(typist.get('since'))


def parse_data(text):
    """Data that is not JSON comes only from a hostile sender, and counts as no data."""
    try:
        return json.loads(text) if text else None
    except (TypeError, ValueError, RecursionError):
        return None


# The terminal --------------------------------------------------------------------------------------------------------

PHRASE_BY_ACTIVITY = {
    'recording': 'recording a voice message',
    'photo': 'sending a photo',
    'video': 'sending a video',
    'file': 'sending a file',
    'sticker': 'choosing a sticker',
    'thinking': 'thinking',
}


def printable(text):
    """Names and data come from others: no control character in them may reach the terminal."""
    return ''.join(character if character.isprintable() else '·' for character in str(text))


def typists_sentence(typists, total):
    if not total:
        return 'Nobody is typing.'
    names = [name_of(typist) for typist in typists]
    unnamed = total - len(names)
    if unnamed:
        names.append(f'{unnamed} more')
    activities = {str(typist.get('activity')) for typist in typists}
    activity = activities.pop() if len(activities) == 1 else 'typing'
    phrase = PHRASE_BY_ACTIVITY.get(activity, 'typing')
    return f"{' and '.join(names)} {'is' if total == 1 else 'are'} {phrase}…"


def name_of(user):
    return str(user.get('name') or user['id'])


def sentence_of(kind, details):
    if kind == 'typists':
        return typists_sentence(**details)
    if kind == 'message':
        data = json.dumps(details['data'], ensure_ascii=False)
        return f"{name_of(details['sender'])}: {data} ({details['command']})"
    if kind == 'connection':
        return 'Online.' if details['state'] == 'online' else 'Not online: nobody sees you type.'
    if kind == 'sent' and details['answer'] and details['answer'].get('ok') is True:
        return 'Sent.'
    return f'{kind}: {json.dumps(details, ensure_ascii=False)}'


def report_as_sentence(kind, **details):
    print(printable(sentence_of(kind, details)), flush=True)


def report_as_json(kind, **details):
    print(json.dumps({'kind': kind, **details}), flush=True)


def read_keys(events):
    """Reads keys until Ctrl+D or the end of stdin. A terminal passes each key on at once, other programs may wait."""
    decoder = codecs.getincrementaldecoder('utf-8')(errors='replace')
    while True:
        received = os.read(sys.stdin.fileno(), 1024)
        if not received or received == b'\x04':
            events.put(('end',))
            return
        events.put(('keys', decoder.decode(received)))


def pass_on_each_key():
    """Makes the terminal pass on each key at once. Returns a function that restores the terminal."""
    try:
        import termios
    except ImportError:
        return lambda: None  # Windows passes on whole lines.
    if not sys.stdin.isatty():
        return lambda: None
    before = termios.tcgetattr(sys.stdin)
    changed = termios.tcgetattr(sys.stdin)
    changed[3] &= ~termios.ICANON
    termios.tcsetattr(sys.stdin, termios.TCSANOW, changed)
    return lambda: termios.tcsetattr(sys.stdin, termios.TCSANOW, before)


def parse_options():
    parser = argparse.ArgumentParser(description='Types to somebody, and shows who types back. Enter sends the line.')
    parser.add_argument('url', help='of the Socket.IO server, for example http://localhost:3000')
    parser.add_argument('--user', required=True, help='your id, for the default of --auth')
    parser.add_argument(
        '--auth', type=json.loads, help="what your server's identify looks at, as JSON; by default {\"user\": USER}"
    )
    to = parser.add_mutually_exclusive_group(required=True)
    to.add_argument('--to', metavar='USER', help='a one-to-one conversation with this user')
    to.add_argument('--group', help='a group')
    parser.add_argument('--thread', help='a thread of that conversation')
    parser.add_argument('--command', default='line', help='the command of the online message that Enter sends')
    parser.add_argument('--namespace', default='/', help='the Socket.IO namespace')
    parser.add_argument('--json', action='store_true', help='print one JSON object a line instead of sentences')
    return parser.parse_args()


def main():
    options = parse_options()
    sys.stdout.reconfigure(errors='replace')
    fields = {'user': options.to, 'group': options.group, 'thread': options.thread}
    try:
        client = TypingClient(
            url=options.url,
            auth=options.auth or {'user': options.user},
            namespace=options.namespace,
            conversation={field: value for field, value in fields.items() if value is not None},
            command=options.command,
            report=report_as_json if options.json else report_as_sentence,
        )
    except socketio.exceptions.ConnectionError as error:
        sys.exit(f'{options.url} does not answer ({error}). Start the server, or give its address.')
    restore_terminal = pass_on_each_key()
    threading.Thread(target=read_keys, args=(client.events,), daemon=True).start()
    try:
        client.run()
    except KeyboardInterrupt:
        pass
    finally:
        restore_terminal()
        client.close()
    sys.stdout.flush()
    # Not `return`: older versions of python-socketio never end while they try to reconnect.
    os._exit(0)


if __name__ == '__main__':
    main()
