"""Files of rows, worked on in a stream: text lines, CSV, TSV, JSON lines and Parquet.

`rewrite` reads rows, hands their texts to some work and writes each row with what came of it, in
order and in bounded memory. A row that cannot be used goes to a side file with the reason.
`read_texts` reads the texts alone.
"""

from koprep.records.base import BadRow, Record
from koprep.records.reading import read_texts
from koprep.records.rewrite import Files, Progress, Report, rewrite

__all__ = ["BadRow", "Files", "Progress", "Record", "Report", "read_texts", "rewrite"]
