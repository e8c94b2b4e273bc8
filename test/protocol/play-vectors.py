"""Plays vectors to examples/python-client, and prints what it does at each step.

    python3 play-vectors.py vectors.jsonl

The client runs as it is, in its own loop. Only what is around it is replaced: its clocks, the Socket.IO library, and the queue through
which it learns what happens. Whenever the client waits, the queue moves the clocks to the next step or to what is due before it.
"""

import json
import math
import os
import queue
import sys
import types
from collections import deque

# When the steady clock begins, in seconds. A clock may begin anywhere.
BEGIN = 1000.0

# How often a client may wait for no time at all before it counts as stuck.
MAX_IMMEDIATE_WAITS = 1000


class Clocks:
    def __init__(self):
        self.steady = BEGIN
        self.wall_offset = 0.0

    def monotonic(self):
        return self.steady

    def time(self):
        return self.steady + self.wall_offset


class SocketIOError(Exception):
    pass


class FakeSocket:
    """What the client uses of `socketio.Client`, and for the player the server's side."""

    latest = None

    def __init__(self):
        FakeSocket.latest = self
        self.listeners = {}
        self.session_id = None
        self.connections = 0
        self.sent = []
        self.requests = []

    def on(self, event, listener, namespace):
        self.listeners[event] = listener

    def connect(self, url, **options):
        pass

    def get_sid(self, namespace):
        return self.session_id

    def emit(self, event, args, namespace, callback):
        if self.session_id is None:
            raise SocketIOError('not connected')
        arguments = list(args) if isinstance(args, tuple) else [args]
        self.sent.append([event, *arguments])
        self.requests.append({'name': event, 'callback': callback, 'is_answered': False})

    def disconnect(self):
        self.lose()

    def open(self):
        self.connections += 1
        self.session_id = f'session {self.connections}'
        self.sent = []
        self.requests = []
        self.listeners['connect']()

    def lose(self):
        if self.session_id is None:
            return
        self.session_id = None
        self.listeners['disconnect']()

    def deliver(self, event):
        name, *args = event
        # The library calls only the listeners of events that the client knows.
        if name in self.listeners:
            self.listeners[name](*args)

    def answer(self, name, number, answer):
        named = [request for request in self.requests if request['name'] == name]
        waiting = [request for request in named if request['callback'] and not request['is_answered']]
        request = waiting[0] if number is None else named[number - 1]
        request['is_answered'] = True
        request['callback'](answer)


class Player:
    """The client's queue of events: it takes the steps of one vector while the client waits."""

    def __init__(self, vector, clocks):
        self.steps = deque(vector['steps'])
        self.clocks = clocks
        self.events = deque()
        self.observed = []
        self.is_playing = False
        self.immediate_waits = 0
        self.is_online = False
        self.begin_step()
        self.clocks.wall_offset = vector.get('wallClock', vector['steps'][0]['server']) / 1000 - BEGIN

    def begin_step(self):
        self.shown = []
        self.messages = []
        self.results = []

    def report(self, kind, **details):
        if kind == 'shown':
            self.shown.append(details)
        elif kind == 'message':
            self.messages.append(details)
        elif kind == 'sent':
            self.results.append(details['answer'])
        elif kind == 'connection':
            self.is_online = details['state'] == 'online'

    def put(self, event):
        self.events.append(event)

    def get(self, timeout):
        """Returns the next event, or raises `Empty` after the timeout. Meanwhile it takes the steps."""
        due_at = math.inf if timeout is None else self.clocks.steady + timeout
        while not self.events:
            if due_at <= self.clocks.steady:
                self.count_immediate_wait()
                raise queue.Empty
            if self.is_playing:
                self.end_step()
            if not self.steps:
                return ('end',)
            self.immediate_waits = 0
            step_at = BEGIN + self.steps[0]['client'] / 1000
            if due_at < step_at:
                self.clocks.steady = due_at
                raise queue.Empty
            self.clocks.steady = step_at
            self.is_playing = True
            self.take(self.steps.popleft())
        return self.events.popleft()

    def count_immediate_wait(self):
        self.immediate_waits += 1
        if self.immediate_waits > MAX_IMMEDIATE_WAITS:
            raise RuntimeError('The client waits for no time at all, again and again.')

    def take(self, step):
        socket = FakeSocket.latest
        if 'setClock' in step:
            self.clocks.wall_offset += step['setClock'] / 1000
        if step.get('connection') == 'opened':
            socket.open()
        if step.get('connection') == 'lost':
            socket.lose()
        if 'receives' in step:
            socket.deliver(step['receives'])
        if 'answers' in step:
            socket.answer(step['answers'], step.get('number'), step['with'])
        if 'do' in step:
            self.events.append(('command', step))

    def end_step(self):
        socket = FakeSocket.latest
        self.observed.append(
            {
                'connection': socket.connections,
                'sent': socket.sent,
                'shown': self.shown,
                'messages': self.messages,
                'results': self.results,
                'isOnline': self.is_online,
            }
        )
        socket.sent = []
        self.is_playing = False
        self.begin_step()


def load_client(clocks):
    """Imports the client with a Socket.IO library and a module `time` of this file."""
    library = types.ModuleType('socketio')
    library.Client = FakeSocket
    library.exceptions = types.SimpleNamespace(SocketIOError=SocketIOError, ConnectionError=SocketIOError)
    sys.modules['socketio'] = library
    sys.modules['time'] = types.SimpleNamespace(monotonic=clocks.monotonic, time=clocks.time)
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, os.path.join(here, '..', '..', 'examples', 'python-client'))
    import typing_client

    return typing_client


def play(vector, clocks, module):
    clocks.steady = BEGIN
    player = Player(vector, clocks)
    client = module.TypingClient(
        url='http://fake',
        auth={},
        namespace='/',
        conversation=vector.get('conversation', {'user': 'bob'}),
        command='line',
        report=player.report,
    )
    client.events = player
    client.run()
    return player.observed


def main():
    clocks = Clocks()
    module = load_client(clocks)
    with open(sys.argv[1], encoding='utf-8') as lines:
        for line in lines:
            vector = json.loads(line)
            print(json.dumps({'name': vector['name'], 'observed': play(vector, clocks, module)}))


if __name__ == '__main__':
    main()
