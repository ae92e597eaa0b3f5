"""What an acknowledgement says: `{"batches": ["17", "18"]}`, and with a count of what did not hold, `"refused": 2`."""

import orjson

from yinling.devices.ingest.messages import Done


def by_sender(done: list[Done]) -> dict[int, list[Done]]:
    """Messages with a batch id, by their sender: one acknowledgement names them all."""
    found: dict[int, list[Done]] = {}
    for one in done:
        if one.batch is not None:
            found.setdefault(one.sender, []).append(one)
    return found


def acknowledgement(done: list[Done]) -> bytes:
    """The acknowledgement of one sender's messages."""
    refused = sum(one.refused for one in done)
    said: dict[str, object] = {"batches": [one.batch for one in done]}
    return orjson.dumps(said | {"refused": refused} if refused else said)
