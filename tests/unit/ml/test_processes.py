"""Work in processes: in which order it comes back, and that nothing is left of them."""

import os
import time

import psutil
import pytest

from ml.processes import in_processes


def slowly(number: int, seconds: float) -> tuple[int, int]:
    time.sleep(seconds)
    return number, os.getpid()


def failing(number: int) -> int:
    raise ValueError(f"task {number}")


def running(ids: set[int]) -> set[int]:
    return {one for one in ids if psutil.pid_exists(one) and psutil.Process(one).status() != psutil.STATUS_ZOMBIE}


def test_results_come_in_the_order_given_from_processes_that_end_with_the_work() -> None:
    found = list(in_processes([(slowly, (1, 0.5)), (slowly, (2, 0.0))], workers=2))
    assert [number for number, _ in found] == [1, 2]
    processes = {process for _, process in found}
    assert os.getpid() not in processes and not running(processes)


def test_results_come_as_they_finish_where_that_is_asked() -> None:
    found = in_processes([(slowly, (1, 1.0)), (slowly, (2, 0.0))], workers=2, order="finished")
    assert [number for number, _ in found] == [2, 1]


def test_a_task_that_fails_says_why() -> None:
    with pytest.raises(ValueError, match="task 7"):
        list(in_processes([(failing, (7,))], workers=2))
