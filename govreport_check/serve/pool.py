"""The workers: long-lived processes that are asked one thing at a time, and replaced when they hang or die."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio import Queue, StreamReader, StreamWriter
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from govreport_check.serve.bounds import Bounds
from govreport_check.serve.frames import Message, packed, received
from govreport_check.serve.problems import Problem, busy

_SECRET = "GOVREPORT_TOKEN"
_STARTING = 60.0
_AGAIN = 2.0


@dataclass(frozen=True, slots=True)
class _Worker:
    """``folder`` is for programs that need files (LibreOffice): it goes with the worker, however that ends."""

    folder: TemporaryDirectory[str]
    process: Process
    source: StreamReader
    target: StreamWriter


class Pool:
    """``command`` starts a worker (its memory in bytes is added); another one is for tests. Use :meth:`start` and :meth:`stop`."""

    def __init__(self, bounds: Bounds, command: Sequence[str] | None = None) -> None:
        self.bounds = bounds
        self.offer: dict[str, Any] = {}
        self._command = [*(command or _command()), str(bounds.memory)]
        self._idle: Queue[_Worker] = Queue()
        self._all: set[_Worker] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting = 0
        self._stopped = False
        self._reading = asyncio.Semaphore(max(1, bounds.workers - 1))  # so that a check need not wait for a file

    async def start(self) -> None:
        """Starts the workers; returns when one is ready. Raises Problem where none can be started."""
        first = asyncio.create_task(self._add())
        for _ in range(self.bounds.workers - 1):
            self._later(self._replace(0))
        await first

    async def stop(self) -> None:
        """Ends the workers, whatever they do."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        for worker in [*self._all]:
            await self._end(worker)

    async def ask(self, message: Message, *, reading: bool = False, progress: Callable[[float], None] | None = None) -> Message:
        """The answer of a worker. Raises Problem for one that is refused, does not come in time, or never will."""
        if self._waiting >= self.bounds.waiting:
            raise busy()
        self._waiting += 1
        try:
            if not reading:
                return await self._asked(message, self.bounds.checking, progress)
            async with self._reading:
                return await self._asked(message, self.bounds.reading, progress)
        finally:
            self._waiting -= 1

    async def _asked(self, message: Message, seconds: float, progress: Callable[[float], None] | None) -> Message:
        worker, sound = await self._idle.get(), False
        try:
            async with asyncio.timeout(seconds):
                answer = await _exchange(worker, message, progress)
            sound = answer.head.get("error", {}) is None or answer.head.get("error", {}).get("code") != "too-heavy"
        except TimeoutError:
            raise _too_slow(seconds) from None
        except (EOFError, OSError):
            raise _died() from None
        finally:  # also when nobody waits for the answer any more: what comes now would be taken for another one's
            if sound:
                self._idle.put_nowait(worker)
            else:
                self._later(self._ended(worker))
        if (error := answer.head.get("error")) and "code" in error:
            raise Problem(413 if error["code"] == "too-heavy" else 422, **error)
        return answer

    # --- processes --------------------------------------------------------------------------------------------------------------

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _add(self) -> None:
        folder = TemporaryDirectory(prefix="govreport-", ignore_cleanup_errors=True)
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, env=_environment(folder.name), start_new_session=os.name != "nt"
        )
        if process.stdin is None or process.stdout is None:
            raise _died()
        worker = _Worker(folder, process, process.stdout, process.stdin)
        self._all.add(worker)
        try:
            async with asyncio.timeout(_STARTING):
                self.offer = (await received(worker.source)).head
        except (EOFError, OSError, TimeoutError):
            await self._end(worker)
            raise _died() from None
        self._idle.put_nowait(worker)

    async def _replace(self, wait: float) -> None:
        """One more worker, sooner or later."""
        while not self._stopped:
            await asyncio.sleep(wait)
            with suppress(Problem, OSError):
                await self._add()
                return
            wait = _AGAIN

    async def _ended(self, worker: _Worker) -> None:
        await self._end(worker)
        await self._replace(0)

    async def _end(self, worker: _Worker) -> None:
        """Ends a worker and whatever it started."""
        self._all.discard(worker)
        if worker.process.returncode is None:
            with suppress(ProcessLookupError, PermissionError):
                if os.name != "nt":
                    os.killpg(worker.process.pid, signal.SIGKILL)
                else:
                    worker.process.kill()
        worker.target.close()
        await worker.process.wait()
        worker.folder.cleanup()


async def _exchange(worker: _Worker, message: Message, progress: Callable[[float], None] | None) -> Message:
    for piece in packed(message):
        worker.target.write(piece)
        await worker.target.drain()
    while True:
        answer = await received(worker.source)
        if "progress" not in answer.head:
            return answer
        if progress is not None:
            progress(answer.head["progress"])


def _environment(folder: str) -> dict[str, str]:
    """That of this process without its secret, which nothing that reads other people's files needs, and with a folder for what passes."""
    own = {"OPENBLAS_NUM_THREADS": "1", "PYDANTIC_DISABLE_PLUGINS": "__all__", "PYTHONUTF8": "1"}
    outer = {name: value for name, value in os.environ.items() if name != _SECRET}
    return {**outer, **own, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)}


def _command() -> list[str]:
    """What starts a worker with this package, where it is: embeddable interpreters do not take PYTHONPATH."""
    package = str(Path(__file__).resolve().parents[2])
    return [sys.executable, "-c", f"import sys; sys.path.insert(0, {package!r}); from govreport_check.serve.worker import main; main()"]


def _too_slow(seconds: float) -> Problem:
    return Problem(
        422,
        "too-slow",
        f"{seconds:.0f}秒内未能完成，已停止处理；请核对该文件是否为年度报告，或者另存为docx、txt格式再试",
        f"was not done within {seconds:.0f} seconds and was stopped; is it a report? saving it as docx or txt may help",
    )


def _died() -> Problem:
    return Problem(
        422,
        "worker-ended",
        "处理该文件的程序意外终止，未得出结果；请另存为docx、txt格式再试",
        "the process that worked on this ended without a result; saving the file as docx or txt may help",
    )
