"""A small forwarder of TCP connections: the address that stays when what lies behind it is killed, started again, or changed for another."""

import itertools
import socket
import threading


class Forwarder:
    """Hands each connection to the next port that answers; `targets` may be changed while it runs."""

    def __init__(self, targets):
        self.targets, self.turn, self.open, self.lock = list(targets), itertools.count(), set(), threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def switch(self, targets):
        """Other ports from now on; what is open is cut, as when an address moves to another machine."""
        self.targets = list(targets)
        with self.lock:
            cut, self.open = self.open, set()
        for sock in cut:
            shut(sock)

    def close(self):
        self.listener.close()
        self.switch([])

    def _accept(self):
        while True:
            try:
                front, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(front,), daemon=True).start()

    def _serve(self, front):
        back = self._connect()
        if back is None:
            front.close()
            return
        with self.lock:
            self.open |= {front, back}
        other = threading.Thread(target=pump, args=(back, front), daemon=True)
        other.start()
        pump(front, back)
        other.join()
        with self.lock:
            self.open -= {front, back}
        front.close()
        back.close()

    def _connect(self):
        targets = list(self.targets)
        first = next(self.turn)
        for n in range(len(targets)):
            try:
                back = socket.create_connection(("127.0.0.1", targets[(first + n) % len(targets)]), timeout=5)
                back.settimeout(None)
                return back
            except OSError:
                continue
        return None


def shut(sock):
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass


def pump(source, target):
    """Until either end is cut; then both are."""
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    shut(source)
    shut(target)
