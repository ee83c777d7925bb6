"""Runs `python -m replykit …` as a process that a server of this run forks, its modules loaded.

Half the time of a call is the start of Python and the imports; the tests make hundreds of calls.
A fork has its own memory, streams, environment, folder, exit code and end, as any process has.
What a start itself imports, and how the program is installed, other tests look at.

`forked.py serve SOCKET` is the server. `forked.py SOCKET …` stands for the program and hands over
its streams; it starts fast, for it imports next to nothing.
"""

import marshal
import os
import signal
import socket
import sys

LOADED = (
    "email.parser", "email.policy", "jinja2", "numpy", "replykit.checking.check",
    "replykit.checking.meaning", "replykit.cli", "replykit.draft", "replykit.ranking.index",
    "replykit.suggest", "replykit.triage", "yaml",
)  # fmt: skip


def call(address: str, arguments: list[str]) -> None:
    """Has the server run the program with this process's streams; ends as the program ends."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        work = marshal.dumps((arguments, os.getcwdb(), dict(os.environb)))
        socket.send_fds(connection, [b"\0"], [0, 1, 2])
        connection.sendall(work)
        connection.shutdown(socket.SHUT_WR)
        code = int(connection.recv(16) or b"70")
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


def serve(address: str) -> None:
    """Answers calls, each in a process of its own, until standard input closes."""
    import select

    _load()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        print("ready", flush=True)
        while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _answer(connection)
                return
            connection.close()


def _load() -> None:
    """Imports what most commands import and has the rules' patterns compiled.

    No thread is started and no setting is read; the embedded model is not loaded.
    """
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    from importlib import import_module

    for name in LOADED:
        import_module(name)
    from replykit.linter import Draft
    from replykit.rules import rules

    for lang in ("en", "fi"):
        draft = Draft("Hello,\n\nthe parcel left on Friday.\n\nKind regards\nAnna\n", lang)
        for rule in rules():
            list(rule.check(draft))


def _answer(connection: socket.socket) -> None:
    """Forks the program, waits for it and tells its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _, streams, _, _ = socket.recv_fds(connection, 1, 3)
    data = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    program = os.fork()
    if program:
        for stream in streams:
            os.close(stream)
        code = os.waitstatus_to_exitcode(os.waitpid(program, 0)[1])
        connection.sendall(str(code).encode())
        os._exit(0)
    connection.close()
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.dup2(streams[number], number)
        os.close(streams[number])
        old, mode = getattr(sys, name), "w" if number else "r"
        buffered = 1 if name == "stderr" else -1
        fresh = os.fdopen(number, mode, buffered, old.encoding, old.errors, closefd=False)
        setattr(sys, name, fresh)
    _become(*marshal.loads(data))


def _become(arguments: list[str], folder: bytes, environment: dict[bytes, bytes]) -> None:
    """Does what `python -m replykit` does, in a folder and an environment."""
    import runpy

    os.environb.clear()
    os.environb.update(environment)
    os.chdir(folder)
    sys.path[0] = os.getcwd()
    sys.argv[1:] = arguments
    runpy.run_module("replykit", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        call(sys.argv[1], sys.argv[2:])
