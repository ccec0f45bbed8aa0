"""koprep on Spark: the same preprocessor and the same models, the same ids as on one machine.

What a partition does is plain koprep on a list of texts, handed over as Arrow. It needs
`pip install 'koprep[spark]'` and a Java that PySpark runs on; `prepare` finds one.
"""

from importlib.util import find_spec

if find_spec("pyspark") is None:  # asked before the modules that need it
    raise ModuleNotFoundError(
        "koprep.spark needs PySpark: pip install 'koprep[spark]'", name="pyspark"
    )

from koprep.spark.encoding import transform
from koprep.spark.fitting import fit
from koprep.spark.java import prepare
from koprep.spark.predicting import predict, tag
from koprep.spark.profiling import profile
from koprep.spark.stages import BundleTransformer, PreprocessorEstimator, PreprocessorModel

__all__ = [
    "BundleTransformer",
    "PreprocessorEstimator",
    "PreprocessorModel",
    "fit",
    "predict",
    "prepare",
    "profile",
    "tag",
    "transform",
]
