"""Work on more rows than memory holds: a folder of shards, and the manifest that lists them."""
