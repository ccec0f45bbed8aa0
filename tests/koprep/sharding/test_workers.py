"""Processes that make shards: what is told of one that died."""

import pytest

from koprep.sharding.encoding import EncodeWork
from koprep.sharding.rows import Rows
from koprep.sharding.workers import Workers


@pytest.mark.parametrize("given", [True, False])
def test_a_worker_that_died_while_it_waited_is_told(bundle, tmp_path, given):
    rows = Rows(
        number=0, texts=["좋아요"], labels=None, chunks=[], bad=[], digest="", first="a", last="b",
        span=1,
    )  # fmt: skip
    with Workers(1, EncodeWork.of(bundle), "parquet", tmp_path) as workers:
        workers.grow()
        list(workers.wait())
        worker = workers._workers[0]
        worker.process.kill()
        worker.process.join()
        with pytest.raises(ChildProcessError, match="ended by signal 9 while it waited for rows"):
            workers.give(rows) if given else list(workers.wait())
        assert not workers.idle
