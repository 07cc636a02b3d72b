"""A line to a server of this machine, as slow and as unsure as a test asks for."""

import asyncio
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

_CHUNK = 1024
_RESET = struct.pack("ii", 1, 0)  # close at once, and tell the other end so
_Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Line:
    """What may be changed while it is used.

    `latency` is in seconds, each way; `rate` in bytes a second, each way (0: as fast as can be);
    a connection is reset after so many bytes of either end (`cut_after`, 0: never); a `silent`
    line takes everything and brings nothing, and one that is `down` takes no connections.
    """

    port: int = 0
    latency: float = 0.0
    rate: float = 0.0
    cut_after: int = 0
    silent: bool = False
    down: bool = False
    cuts: int = 0


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """A line to a port of this machine; its own port is another one."""
    line, loop = Line(), asyncio.new_event_loop()
    tasks: set[asyncio.Task[None]] = set()
    servers: list[asyncio.Server] = []

    async def connected(*near: *_Ends) -> None:
        tasks.add(asyncio.current_task())  # type: ignore[arg-type]
        with suppress(asyncio.CancelledError, ConnectionError):
            await _between(line, near, port)

    async def begun() -> None:
        server = await asyncio.start_server(connected, "127.0.0.1", 0)
        line.port = server.sockets[0].getsockname()[1]
        servers.append(server)

    async def ended() -> None:
        servers[0].close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # what was let go is closed in the next round

    loop.run_until_complete(begun())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield line
    finally:
        asyncio.run_coroutine_threadsafe(ended(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _between(line: Line, near: _Ends, port: int) -> None:
    """Carry what one end says to the other, until either has nothing to say."""
    ways: list[asyncio.Task[None]] = []
    writers = [near[1]]
    try:
        if not line.down:
            far = await asyncio.open_connection("127.0.0.1", port)
            writers.append(far[1])
            passed = [0]
            ways += (
                asyncio.create_task(_carry(line, here[0], there[1], passed))
                for here, there in ((near, far), (far, near))
            )
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        for writer in writers:
            if line.cut_after or line.down:
                made: socket.socket = writer.get_extra_info("socket")
                made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            writer.transport.abort()


async def _carry(
    line: Line, here: asyncio.StreamReader, there: asyncio.StreamWriter, passed: list[int]
) -> None:
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    clock = asyncio.get_running_loop().time

    async def arrive() -> None:
        while True:
            due, chunk = await under_way.get()
            await asyncio.sleep(max(due - clock(), 0))
            if line.rate:
                await asyncio.sleep(len(chunk) / line.rate)
            if not chunk:
                there.write_eof()
                return
            if not line.silent:
                there.write(chunk)
                await there.drain()

    arriving = asyncio.create_task(arrive())
    try:
        with suppress(ConnectionError):
            while chunk := await here.read(_CHUNK):
                passed[0] += len(chunk)
                if line.cut_after and passed[0] > line.cut_after:
                    line.cuts += 1
                    return
                under_way.put_nowait((clock() + line.latency, chunk))
            under_way.put_nowait((clock() + line.latency, b""))
            await arriving
    finally:
        arriving.cancel()
