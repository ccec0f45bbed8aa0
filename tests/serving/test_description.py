"""The API does what its OpenAPI description says, whatever is sent."""

import pytest
from hypothesis import HealthCheck, settings

schemathesis = pytest.importorskip("schemathesis")
from schemathesis.checks import load_all_checks, not_a_server_error  # noqa: E402
from schemathesis.specs.openapi import checks  # noqa: E402

load_all_checks()

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]


@pytest.fixture(scope="session")
def api(client):
    return schemathesis.openapi.from_url(f"{client.base_url}/openapi.json")


@schemathesis.pytest.from_fixture("api").parametrize()
@settings(
    max_examples=20,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_nothing_undocumented_comes_back(case):
    case.call_and_validate(checks=CHECKS)
