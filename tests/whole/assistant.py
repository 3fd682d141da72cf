"""An assistant that speaks with the whole program through the SDK's own client, by HTTP or over standard input and output."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import httpx2
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from tests.whole.program import ROOT, Program

Seen = tuple[int, str, int]


async def proposed(server: Any) -> Seen:
    """How many tools there are, what became of a proposal, and how many leads there are after it."""
    async with Client(server) as client:
        tools = await client.list_tools()
        made = await client.call_tool("propose_create", {"type": "leads", "values": {"name": "Somchai"}})
        found = await client.call_tool("list_records", {"type": "leads"})
        return len(tools.tools), made.structured_content["status"], len(found.structured_content["items"])


def over_standard_input(program: Program, key: str) -> Seen:
    """``renmai mcp``."""
    environment = {**program.environment, "RENMAI_TOKEN": key}
    return asyncio.run(proposed(StdioServerParameters(command=sys.executable, args=["-m", "renmai", "mcp"], env=environment, cwd=ROOT)))


def over_http(program: Program, key: str) -> Seen:
    """``/mcp/``."""

    async def asked() -> Seen:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}) as http:
            return await proposed(streamable_http_client(f"http://127.0.0.1:{program.port}/mcp/", http_client=http))

    return asyncio.run(asked())
