"""`Service`: what the routes work with."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from .admission import Admission
from .batching import Batcher
from .config import ServerConfig
from .metrics import Metrics
from .models import Models, sources

log: logging.Logger = logging.getLogger("koprep.serving")


class Service:
    """The models of one process, and the thread that runs them.

    Args:
        config: what is served.

    Raises:
        FileNotFoundError, ValueError: a folder that cannot be served; see `sources`.
    """

    def __init__(self, config: ServerConfig) -> None:
        self.config = config
        self.metrics: Metrics = Metrics()
        self.models: Models = Models(sources(config.folders))
        self.admission: Admission = Admission(config.limits, self.metrics.queued_texts.set)
        self.batcher: Batcher = Batcher(self.metrics.batch_texts.observe)

    @asynccontextmanager
    async def lifespan(self, app: Any) -> AsyncIterator[None]:
        """Open the models while the server already answers `/healthz`; end the thread at last."""
        opening = asyncio.create_task(self._open())
        yield
        with suppress(asyncio.CancelledError):
            await opening
        await asyncio.to_thread(self.batcher.close)

    async def _open(self) -> None:
        try:
            await asyncio.to_thread(self.models.open)
        except Exception as error:  # noqa: BLE001  # told by /healthz and in the log
            self.models.failure = error
            log.error("cannot open the models", extra={"fields": {"error": str(error)}})
        else:
            names = [one.source.name for one in self.models.all()]
            log.info("ready", extra={"fields": {"models": names}})
