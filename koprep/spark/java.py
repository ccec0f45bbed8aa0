"""Which Java and which Python PySpark is started with."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from koprep.spark_java import find_spark_java


def prepare() -> Path:
    """Set what a session started after this needs: a Java that suits, and this Python.

    JAVA_HOME becomes the folder of `find_spark_java`. PYSPARK_PYTHON stays where it is set: on a
    cluster it says where the workers' Python lies.

    Returns:
        The folder of the Java.

    Raises:
        ModuleNotFoundError: there is no such Java; the message says what is needed.
    """
    folder = find_spark_java().folder
    os.environ["JAVA_HOME"] = str(folder)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    return folder
