"""Many problems over the cores."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Generator, Iterable
from typing import Any

from warpshard.problem import Problem
from warpshard.request import thread_count
from warpshard.results import Result
from warpshard.solver import solve


def solve_batch(
    problems: Iterable[Problem],
    time_limit: float | None = None,
    *,
    workers: int = 0,
    threads: int = 1,
    **options: Any,
) -> Generator[tuple[int, Result], None, None]:
    """Solves many problems, several at a time, and yields results as they come.

    Parameters
    ----------
    problems : iterable of Problem
        Taken one by one as workers become free.
    time_limit : float, optional
        Seconds for each.
    workers : int, optional
        How many are solved at a time; 0: as many as there are cores for ``threads`` each.
    threads : int, optional
        Of each solve.
    **options
        As for :func:`warpshard.solve`, for each.

    Yields
    ------
    (int, Result)
        A problem's place in ``problems``, and what was found.

    Raises
    ------
    Exception
        Whatever a solve or ``problems`` raises; the others are stopped first, as they are when the
        iterator is closed or Ctrl-C is pressed.
    """
    threads, workers = thread_count(threads), thread_count(workers, "workers")
    if threads == 0:
        raise ValueError("threads: expected at least one")
    count = workers or max(1, len(os.sched_getaffinity(0)) // threads)
    return _results(problems, count, {**options, "time_limit": time_limit, "threads": threads})


def _results(
    problems: Iterable[Problem], count: int, options: dict[str, Any]
) -> Generator[tuple[int, Result], None, None]:
    stop = threading.Event()
    results: queue.SimpleQueue[tuple[int, Result] | BaseException | None] = queue.SimpleQueue()
    source = enumerate(problems)
    turn = threading.Lock()
    asked = options.pop("should_stop", None)

    def ended() -> bool:
        # An iterator that is never closed must not keep a program that has come to its end.
        return stop.is_set() or not threading.main_thread().is_alive()

    def should_stop() -> bool:
        return ended() or (asked is not None and asked())

    def work() -> None:
        try:
            while not ended():
                with turn:
                    entry = next(source, None)
                if entry is None:
                    break
                index, problem = entry
                results.put((index, solve(problem, should_stop=should_stop, **options)))
        except BaseException as error:  # noqa: BLE001  # whatever it is, the consumer raises it
            results.put(error)
        finally:
            results.put(None)

    crew = [threading.Thread(target=work) for _ in range(count)]
    try:
        for thread in crew:
            thread.start()
        busy = count
        while busy:
            got = results.get()
            if got is None:
                busy -= 1
            elif isinstance(got, BaseException):
                raise got
            else:
                yield got
    finally:
        stop.set()
        for thread in crew:
            if thread.ident is not None:
                thread.join()
