"""Work beside work: the result of a child, or the error of the parent."""

import os

import pytest

from csto.beside import beside


def test_the_work_is_done_in_another_process():
    result = beside(os.getpid)

    assert result() not in (0, os.getpid())


def test_an_error_of_the_child_is_met_in_the_parent():
    result = beside(lambda: int("none"))

    with pytest.raises(ValueError, match="none"):
        result()


def test_a_child_that_dies_costs_its_work_and_no_more():
    parent = os.getpid()
    result = beside(lambda: os.getpid() if os.getpid() == parent else os._exit(9))

    assert result() == parent
