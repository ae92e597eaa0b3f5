"""Zabbix's JSON-RPC interface, as far as bench `zabbix` needs it: hosts under one template, and the problems raised."""

import json
from collections import defaultdict
from http.client import HTTPConnection
from typing import Any

KEY, TEMPLATE = "reading", "bench"
HOSTS_AT_ONCE = 250
TRAPPER, FLOAT, TRIGGERS = 2, 0, 0
HIGH, PROBLEM, OFF = 4, 1, 1


def host_of(device: int) -> str:
    """The name of a device's host."""
    return f"device-{device}"


class Api:
    """Calls, as the administrator the package makes."""

    def __init__(self, port: int) -> None:
        self._port, self._session = port, None
        self._session = self._call("user.login", {"username": "Admin", "password": "zabbix"})

    def prepare(self, devices: int, silent_s: int, limit: float, times: int) -> None:
        """One template with the item and the trigger; so many hosts under it, and no other host watched."""
        for host in self._call("host.get", {"output": ["hostid"]}):
            self._call("host.update", {"hostid": host["hostid"], "status": OFF})
        group = {"groupid": self._call("hostgroup.create", {"name": TEMPLATE})["groupids"][0]}
        template = self._call("template.create", {"host": TEMPLATE, "groups": [group]})["templateids"][0]
        item = {"name": KEY, "key_": KEY, "hostid": template, "type": TRAPPER, "value_type": FLOAT, "trends": "0"}
        self._call("item.create", item)
        where = f"/{TEMPLATE}/{KEY}"
        rule = f"min({where},#{times})>{limit:g} or nodata({where},{silent_s}s)=1"
        self._call("trigger.create", {"description": "Above or silent", "expression": rule, "priority": HIGH})
        for first in range(0, devices, HOSTS_AT_ONCE):
            numbers = range(first, min(first + HOSTS_AT_ONCE, devices))
            linked = {"groups": [group], "templates": [{"templateid": template}]}
            self._call("host.create", [{"host": host_of(number), **linked} for number in numbers])

    def problems(self) -> dict[int, list[float]]:
        """By device, when each problem began, in seconds since 1970."""
        asked = {
            "source": TRIGGERS, "object": TRIGGERS, "value": PROBLEM, "output": ["clock", "ns"],
            "selectHosts": ["host"], "sortfield": ["clock"],
        }  # fmt: skip
        found: defaultdict[int, list[float]] = defaultdict(list)
        for event in self._call("event.get", asked):
            device = int(event["hosts"][0]["host"].rpartition("-")[2])
            found[device].append(int(event["clock"]) + int(event["ns"]) / 1e9)
        return found

    def _call(self, method: str, parameters: object) -> Any:
        asked = {"jsonrpc": "2.0", "method": method, "params": parameters, "id": 1, "auth": self._session}
        connection = HTTPConnection("127.0.0.1", self._port, timeout=600)
        connection.request("POST", "/api_jsonrpc.php", json.dumps(asked), {"Content-Type": "application/json-rpc"})
        said = json.loads(connection.getresponse().read())
        connection.close()
        if "error" in said:
            raise RuntimeError(f"{method}: {said['error'].get('data') or said['error']}")
        return said["result"]
