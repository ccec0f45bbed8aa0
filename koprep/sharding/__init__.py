"""Work on more rows than memory holds: a folder of shards, and the manifest that lists them.

`write_shards` reads rows in a stream, hands them to a process for each core, shard by shard, and
notes every shard that is written: stopped at any moment, the same call goes on where it stopped.
"""

from koprep.sharding.encoding import EncodeWork, Work
from koprep.sharding.inputs import Inputs
from koprep.sharding.manifest import Shard, ShardManifest
from koprep.sharding.run import ROWS_PER_SHARD, ShardReport, ShardTask, write_shards
from koprep.sharding.writers import to_shard_format

__all__ = [
    "ROWS_PER_SHARD",
    "EncodeWork",
    "Inputs",
    "Shard",
    "ShardManifest",
    "ShardReport",
    "ShardTask",
    "Work",
    "to_shard_format",
    "write_shards",
]
