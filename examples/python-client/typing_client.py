#!/usr/bin/env python3
"""A terminal that types, and shows who else is typing.

A client of react-online-message in Python, written from PROTOCOL.md. "Rule 2" and the numbers (S1, R4 …) are those of that page.

    python3 typing_client.py http://localhost:3000 --user bob --to ann
"""

import argparse
import codecs
import json
import math
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
ENDING_MEMORY = 10.0  # How long the end of typing explains a message that arrives after it (R6).
ANSWER_TIMEOUT = 5.0  # How long to wait for the answer to a hello or a message.
HELLO_INTERVAL = 5.0  # Between two hellos that others can cause (K2, K3).
SIGN_IN_CHECK_INTERVAL = 25.0  # Between two hellos while the server does not know the user (I1).
CLOCK_CHECK_INTERVAL = 1.0  # How often to check for a sleep of the machine, while somebody is shown.

# Hellos on one connection that may follow each other at once, while the clock is too uncertain (K1).
QUICK_HELLOS = 5

# If the wall clock and the steady clock drift apart by more seconds, the clock was set or the machine has slept.
MAX_CLOCK_JUMP = 0.5

# The ticks of two clocks differ by less than 500 millionths.
MAX_DRIFT = 0.0005

now = time.monotonic


class ServerClock:
    """What the hellos of one connection say about the server's clock (K1)."""

    def __init__(self):
        self.least_offset = -math.inf
        self.most_offset = math.inf
        self.measured_at = now()
        self.wall_clock_offset = time.time() - now()

    def measure(self, server_time, asked_at, answered_at):
        """The server read its clock after the hello was sent, and before its answer arrived."""
        # The server rounds its time, which may be wrong by half a millisecond.
        least = server_time - answered_at * 1000 - 0.5
        most = server_time - asked_at * 1000 + 0.5
        least_before, most_before = self.offsets()
        is_disjoint = least > most_before or most < least_before
        if is_disjoint:
            # A clock has stepped: the newest hello counts.
            self.least_offset, self.most_offset = least, most
        else:
            self.least_offset, self.most_offset = max(least, least_before), min(most, most_before)
        self.measured_at = now()
        self.wall_clock_offset = time.time() - now()

    def offsets(self):
        """The least and the most that server time minus steady time can be now, in milliseconds."""
        drift = (now() - self.measured_at) * MAX_DRIFT * 1000
        return self.least_offset - drift, self.most_offset + drift

    def error_bound(self):
        least, most = self.offsets()
        return (most - least) / 2

    def earliest_time(self):
        """For stamps: nobody may take what is sent for younger than it is."""
        return now() * 1000 + self.offsets()[0]

    def latest_time(self):
        """For judging the age of what arrives."""
        return now() * 1000 + self.offsets()[1]

    def has_jumped(self):
        return abs(time.time() - now() - self.wall_clock_offset) > MAX_CLOCK_JUMP


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

        # The connection, and what the server answered to the hellos on it.
        self.session_id = None
        self.server = None
        self.clock = ServerClock()
        self.is_online = False
        self.is_subscribed = False
        self.hello_sent_at = 0.0
        self.hello_due = None
        self.hello_is_answered = True
        self.hello_count = 0

        # What is typed here.
        self.line = ''
        self.typing_until = 0.0
        self.renew_at = 0.0
        self.has_lease = False
        self.lease_is_forbidden = False
        self.typing_session = 0

        # When to give up waiting for the answer to a message, by the message's number.
        self.answers_due = {}
        self.message_count = 0

        # What others do.
        self.typists = []
        self.total = 0
        self.typists_expire_at = 0.0
        self.cleared_sessions = set()  # Typing sessions that a message has ended (R6).
        self.endings = []  # Who has ended typing, and when, if no message has explained it yet (R6).
        self.reported_state = (0, [])

        # It reconnects by itself, and keeps nothing for later: `emit` raises while there is no connection (rule 1).
        self.socket = socketio.Client()
        for event in ('om:message', 'om:typists', 'om:refused', 'om:identity', 'disconnect'):
            self.forward(event)
        self.socket.on('connect', self.forward_connect, namespace=namespace)
        # Long-polling would work as well, and needs one more package.
        self.socket.connect(url, auth=auth, namespaces=[namespace], transports=['websocket'])

    def forward(self, event):
        self.socket.on(event, lambda *args: self.events.put((event, *args)), namespace=self.namespace)

    def forward_connect(self):
        self.events.put(('connect', self.socket.get_sid(self.namespace)))

    def close(self):
        # A lease ends with its connection.
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
        if self.hello_due is not None:
            deadlines.append(self.hello_due)
        deadlines += self.answers_due.values()
        if self.total:
            deadlines += [self.typists_expire_at, now() + CLOCK_CHECK_INTERVAL]
        if self.is_online and self.typing_until:
            deadlines += [self.renew_at, self.typing_until]
        return max(0.0, min(deadlines) - now()) if deadlines else None

    def handle(self, event, args):
        if event == 'keys':
            self.type_keys(*args)
        elif event == 'command':
            self.run_command(*args)
        elif event == 'connect':
            self.session_id = args[0]
            self.clock = ServerClock()
            self.hello_count = 0
            self.say_hello()
        elif event == 'disconnect':
            self.session_id = None
            self.hello_due = None
            # The lease ended with its connection. If typing goes on, the next connection takes a new one.
            self.has_lease = False
            self.go_offline()
            for number in list(self.answers_due):
                self.handle_message_answer(number, failure('offline', 'The connection has ended.'))
        elif event == 'hello answered':
            self.handle_hello_answer(*args)
        elif event == 'message answered':
            self.handle_message_answer(*args)
        elif event == 'lease refused':
            self.handle_lease_refusal(*args)
        elif event == 'om:identity':
            self.start_again()
        else:
            self.handle_server_event(event, args)

    def run_command(self, command):
        """A line of stdin with --json: protocol/README.md."""
        if command.get('do') == 'keys':
            self.type_keys(command.get('text', 'x'))
        elif command.get('do') == 'stop':
            self.line = ''
            self.stop_typing()
        elif command.get('do') == 'clear':
            self.clear_typist(command.get('user'))
        elif command.get('do') == 'send':
            self.stop_typing()
            self.send(command.get('command'), as_text(command['data']) if 'data' in command else '')

    def do_what_is_due(self):
        if self.total and now() >= self.typists_expire_at:
            self.forget_typists()
        if self.total:
            self.check_online()
        if self.hello_due is not None and now() >= self.hello_due:
            if not self.hello_is_answered:
                self.report('problem', text='No answer: is attachOnlineMessages called there?')
            self.say_hello()
        for number, due in list(self.answers_due.items()):
            if now() >= due:
                self.handle_message_answer(number, NO_ANSWER)
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
        if self.clock.has_jumped():
            self.clock = ServerClock()
        clock = self.clock
        sent_at = self.hello_sent_at = now()
        self.hello_is_answered = False
        self.hello_count += 1

        def on_answer(answer=None):
            self.events.put(('hello answered', clock, sent_at, now(), answer))

        was_sent = self.emit('om:hello', PROTOCOL_VERSION, on_answer=on_answer)
        self.hello_due = sent_at + ANSWER_TIMEOUT if was_sent else None

    def say_hello_soon(self):
        """For what others can cause: never more often than once in 5 s."""
        if self.session_id:
            self.hello_due = max(now(), self.hello_sent_at + HELLO_INTERVAL)

    def handle_hello_answer(self, clock, sent_at, answered_at, answer):
        if clock is not self.clock or not self.session_id:
            return  # It belongs to an earlier connection, identity or time.
        is_latest = sent_at == self.hello_sent_at
        if is_latest:
            self.hello_is_answered = True
        if not is_welcome(answer):
            self.report('refused', refusal=answer)
            if is_latest:
                self.go_offline()
                self.hello_due = now() + SIGN_IN_CHECK_INTERVAL if code_of(answer) == 'forbidden' else None
            return
        if clock.has_jumped():
            self.say_hello()
            return
        self.server = {'maxAge': 2000, 'maxBytes': 4096, **answer}
        clock.measure(answer['time'], sent_at, answered_at)
        if self.is_clock_good():
            self.go_online()
            return
        self.go_offline()
        if is_latest:
            self.hello_due = now() if self.hello_count < QUICK_HELLOS else sent_at + HELLO_INTERVAL

    def is_clock_good(self):
        return not self.clock.has_jumped() and self.clock.error_bound() <= self.max_error_bound()

    def max_error_bound(self):
        return self.server['maxAge'] / 4

    def go_online(self):
        self.hello_count = 0
        # Half the time until the drift makes the clock too uncertain.
        self.hello_due = now() + (self.max_error_bound() - self.clock.error_bound()) / 1000 / MAX_DRIFT / 2
        # After a hello that only makes the clock better, the subscription is still there.
        if not self.is_subscribed:
            self.is_subscribed = self.emit('om:subscribe', [self.conversation])
        if not self.is_online:
            self.is_online = True
            self.renew_at = 0.0
            self.report('connection', state='online')

    def go_offline(self):
        """Also when the clock is in doubt: the typists shown before may be stale (rules 2 and 3)."""
        if self.is_online:
            self.report('connection', state='offline')
        self.is_online = False
        self.is_subscribed = False
        self.forget_typists()
        self.report_typists()

    def start_again(self):
        """This connection is somebody else's now (I1): typing ends, and nothing is left to release (S9)."""
        self.has_lease = False
        self.stop_typing()
        self.go_offline()
        self.say_hello()

    def check_online(self):
        """Whether the client is online. If the clock has become uncertain, this says hello again."""
        if self.is_online and not self.is_clock_good():
            self.go_offline()
            self.say_hello()
        return self.is_online

    # What others do (rules 2, 5 and 6) -------------------------------------------------------------------------------

    def handle_server_event(self, event, args):
        if len(args) < 3 or not is_number(args[0]) or not self.check_online():
            return
        stamp, conversation = args[:2]
        if not self.is_own_conversation(conversation):
            return
        is_expired = self.clock.latest_time() - stamp > self.server['maxAge']
        if event == 'om:typists' and len(args) >= 4:
            self.handle_typing_update(total=args[2], typists=args[3], is_expired=is_expired)
        elif event == 'om:message' and len(args) >= 5 and not is_expired:
            self.handle_message(command=args[2], data=args[3], sender=args[4])
        elif event == 'om:refused' and is_refusal(args[2]):
            # However late it arrives.
            self.forget_typists()
            self.report('refused', refusal=args[2])

    def handle_typing_update(self, total, typists, is_expired):
        if not is_number(total) or not isinstance(typists, list):
            return
        if is_expired:
            # What is shown may be as old (K2).
            self.forget_typists()
            self.is_subscribed = False
            self.say_hello_soon()
            return
        named = [typist for typist in typists if is_user(typist)]
        named_sessions = {session_of(typist) for typist in named}
        for typist in self.typists:
            session = session_of(typist)
            if session not in named_sessions and session not in self.cleared_sessions:
                self.endings.append((typist['id'], now()))
        self.typists = named
        self.total = max(total, len(named)) if isinstance(total, int) else len(named)
        self.typists_expire_at = now() + TYPING_UPDATE_LIFE
        self.cleared_sessions &= named_sessions

    def handle_message(self, command, data, sender):
        if not isinstance(command, str) or not isinstance(data, str) or not is_user(sender):
            return
        if command == self.command:
            self.clear_typist(sender['id'])
        self.report_typists()
        self.report('message', command=command, data=parse_data(data), **{'from': sender})

    def clear_typist(self, user_id):
        """A chat message of this user has arrived: it ends the typing that led to it, and no other (R6)."""
        self.endings = [ending for ending in self.endings if now() - ending[1] <= ENDING_MEMORY]
        for ending in self.endings:
            if ending[0] == user_id:
                self.endings.remove(ending)
                return
        self.cleared_sessions |= {session_of(typist) for typist in self.typists if typist['id'] == user_id}

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
        state = (total, [as_shown(typist) for typist in shown])
        if state != self.reported_state:
            self.reported_state = state
            self.report('shown', typists=state[1], total=total)

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
            if not self.lease_is_forbidden:
                self.has_lease = self.emit_lease(LEASE_MS)

    def stop_typing(self):
        """Ends the session of typing, and releases its lease."""
        self.typing_until = 0.0
        self.renew_at = 0.0
        self.lease_is_forbidden = False
        self.typing_session += 1
        if self.has_lease:
            self.has_lease = False
            # A release never expires, so it does not matter if the clock is wrong.
            self.emit_lease(0)

    def emit_lease(self, ttl_ms):
        session, had_lease = self.typing_session, self.has_lease

        def on_answer(refusal=None):
            self.events.put(('lease refused', session, had_lease, refusal))

        # The server answers only if it refuses a lease. It does not refuse a release.
        return self.emit(
            'om:lease', self.stamp(), ttl_ms, 'typing', self.conversation, on_answer=on_answer if ttl_ms else None
        )

    def stamp(self):
        earliest = self.clock.earliest_time()
        return math.floor(earliest) if math.isfinite(earliest) else 0

    def handle_lease_refusal(self, session, had_lease, refusal):
        if not is_refusal(refusal):
            return
        if session == self.typing_session:
            # A forbidden lease is asked for again by the next session only, others with the next renewal (S8).
            self.lease_is_forbidden = code_of(refusal) == 'forbidden'
            self.has_lease = had_lease and not self.lease_is_forbidden
        self.handle_age_refusal(refusal)
        self.report('refused', refusal=refusal)

    def handle_age_refusal(self, refusal):
        """If the server says that something was too old, the clock is checked (K3)."""
        if code_of(refusal) == 'timeout':
            self.say_hello_soon()

    def send_line(self):
        line = self.line
        self.line = ''
        # Typing ends before the message arrives.
        self.stop_typing()
        if line:
            self.send(self.command, as_text(line))

    def send(self, command, text):
        """`text` is JSON, or empty for a message without data."""
        if not self.check_online():
            self.report('sent', answer=failure('offline', 'Not connected, and nothing is queued.'))
            return
        if len(text.encode()) > self.server['maxBytes']:
            self.report('sent', answer=failure('too-large', 'The data is too large. Send less.'))
            return
        self.message_count += 1
        number = self.message_count
        self.answers_due[number] = now() + ANSWER_TIMEOUT

        def on_answer(answer=None):
            self.events.put(('message answered', number, answer))

        self.emit('om:send', self.stamp(), command, text, self.conversation, on_answer=on_answer)

    def handle_message_answer(self, number, answer):
        if self.answers_due.pop(number, None) is not None:
            self.report('sent', answer=answer)
            if answer is not NO_ANSWER:
                self.handle_age_refusal(answer)


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 2**53


def is_user(value):
    return isinstance(value, dict) and isinstance(value.get('id'), str) and value['id'] != ''


def failure(code, message):
    return {'ok': False, 'code': code, 'message': message}


NO_ANSWER = failure('timeout', 'No answer.')


def is_refusal(value):
    return isinstance(value, dict) and value.get('ok') is False


def is_welcome(value):
    return isinstance(value, dict) and value.get('ok') is True and is_number(value.get('time'))


def code_of(refusal):
    return refusal.get('code') if isinstance(refusal, dict) else None


def as_shown(typist):
    """Only what is shown. An activity that this program does not know counts as typing."""
    activity = str(typist.get('activity'))
    name = typist.get('name')
    shown = {'id': typist['id'], 'activity': activity if activity in PHRASE_BY_ACTIVITY else 'typing'}
    return {**shown, 'name': name} if isinstance(name, str) else shown


def session_of(typist):
    """The typing session of a typist: a new one has another `since`."""
    return typist['id'], str(typist.get('since'))


def as_text(data):
    return json.dumps(data, ensure_ascii=False, separators=(',', ':'))


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
    activities = {typist['activity'] for typist in typists}
    activity = activities.pop() if len(activities) == 1 else 'typing'
    phrase = PHRASE_BY_ACTIVITY.get(activity, 'typing')
    return f"{' and '.join(names)} {'is' if total == 1 else 'are'} {phrase}…"


def name_of(user):
    return str(user.get('name') or user['id'])


def sentence_of(kind, details):
    if kind == 'shown':
        return typists_sentence(**details)
    if kind == 'message':
        data = json.dumps(details['data'], ensure_ascii=False)
        return f"{name_of(details['from'])}: {data} ({details['command']})"
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


def read_commands(events):
    """Reads one JSON object a line, until the end of stdin."""
    for line in sys.stdin:
        events.put(('command', json.loads(line)))
    events.put(('end',))


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
    parser.add_argument('--json', action='store_true', help='read and print one JSON object a line instead of keys and sentences')
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
    read = read_commands if options.json else read_keys
    threading.Thread(target=read, args=(client.events,), daemon=True).start()
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
