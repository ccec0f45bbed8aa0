"""A Spark session on two cores of this machine; skipped where there is no Java for it."""

from __future__ import annotations

import os
import sys

import pytest

from koprep.spark_java import find_spark_java


@pytest.fixture(scope="session")
def java_home() -> str:
    try:
        return str(find_spark_java().folder)
    except ModuleNotFoundError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def spark(java_home, tmp_path_factory):
    from pyspark.sql import SparkSession

    settings = {
        "JAVA_HOME": java_home,
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("OFF")  # tests that fail on purpose would fill the page
    yield session
    session.stop()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.__setitem__(name, value)
