"""Three pages for machines: is the process alive, can it work, how is it doing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, exposition
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY, Collector

REQUESTS = Counter("renmai_requests", "Answered requests", ["view", "status"])
SECONDS = Histogram(
    "renmai_request_seconds",
    "Time to answer",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
# The planner's estimates: exact counts of a million rows would make a page that is asked every few seconds slow.
RECORDS = """
SELECT relname, greatest(reltuples, 0) FROM pg_class
WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace AND reltuples > 0
"""
JOBS = "SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer as long as the process lives; asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database can be reached and is up to date, else 503 with the reason."""
    try:
        waiting = waiting_migrations()
    except DatabaseError:
        return JsonResponse({"ready": False, "reason": "the database does not answer"}, status=503)
    if waiting:
        return JsonResponse({"ready": False, "reason": f"{waiting} migrations are not applied: run 'renmai migrate'"}, status=503)
    return JsonResponse({"ready": True})


@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers in Prometheus' text format, summed over all web workers. Counts only: no name, no value of any record."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry = REGISTRY
    text = exposition.generate_latest(registry) + exposition.generate_latest(_database_numbers())
    return HttpResponse(text, content_type=exposition.CONTENT_TYPE_LATEST)


def measure(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that counts and times every request by the name of its view."""

    def measured(request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = get_response(request)
        match = request.resolver_match
        view = (match.view_name or match.route) if match else "none"
        REQUESTS.labels(view, response.status_code).inc()
        SECONDS.labels(view).observe(time.perf_counter() - began)
        return response

    return measured


_migrated = False


def waiting_migrations() -> int:
    """How many migrations are missing; once there are none, this code will need no more, so only the connection is tried."""
    global _migrated
    if _migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return 0
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    _migrated = not plan
    return len(plan)


def failed_jobs() -> int:
    """How many jobs have been given up."""
    with connection.cursor() as cursor:
        cursor.execute(JOBS)
        return int(dict(cursor.fetchall()).get("failed", 0))


class _DatabaseNumbers(Collector):
    def collect(self) -> Iterator[Metric]:
        jobs = GaugeMetricFamily("renmai_jobs", "Jobs by state", labels=["state"])
        records = GaugeMetricFamily("renmai_rows", "Rows by table, estimated", labels=["table"])
        with connection.cursor() as cursor:
            cursor.execute(JOBS)
            for state, count in cursor.fetchall():
                jobs.add_metric([state], count)
            cursor.execute(RECORDS)
            for table, count in cursor.fetchall():
                records.add_metric([table], count)
        yield jobs
        yield records


def _database_numbers() -> CollectorRegistry:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_DatabaseNumbers())
    return registry
