"""The API does what its OpenAPI description says, whatever is sent."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi import checks

load_all_checks()

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]

READ = ("/v1/models", "/healthz", "/readyz", "/metrics")
ASKED = ("/v1/predict", "/v1/tag", "/v1/analyze", "/v1/trace", "/v1/generate")


@pytest.fixture(scope="module")
def api(client):
    return schemathesis.openapi.from_url(f"{client.base_url}/openapi.json")


def hold(operation, mode, examples):
    """Send what the description allows, or what it does not, and check what comes back."""

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=examples, derandomize=True, suppress_health_check=list(HealthCheck))
    def held(case):
        case.call_and_validate(checks=CHECKS)

    held()


def test_everything_described_is_tried(client):
    assert set(client.get("/openapi.json").json()["paths"]) == {*READ, *ASKED}


@pytest.mark.parametrize("path", READ)
def test_what_is_read_is_as_described(path, api):
    hold(api[path]["GET"], GenerationMode.POSITIVE, 1)


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("path", ASKED)
def test_what_is_asked_is_answered_as_described(path, mode, api):
    hold(api[path]["POST"], mode, 25)
