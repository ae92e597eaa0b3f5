"""Which shard a care scope belongs to: an institution, or else a household, or else the device alone."""

import numpy as np
from numpy.typing import NDArray

from yinling.engines.signals.columns import Int64
from yinling.engines.signals.register import Register
from yinling.engines.signals.rules import Scope


def care_scopes(register: Register) -> tuple[NDArray[np.int8], Int64]:
    """By device: kind of care scope (0 institution, 1 household, 2 device) and its id."""
    institution, household = (register.subject_ids(scope) for scope in (Scope.INSTITUTION, Scope.HOUSEHOLD))
    kind = np.where(institution >= 0, 0, np.where(household >= 0, 1, 2)).astype(np.int8)
    return kind, np.choose(kind, [institution, household, register.device_id])


def shard_of(register: Register, shards: int) -> Int64:
    """By device, its shard from 0: the same for the same care scope on every machine and in every run."""
    kind, number = care_scopes(register)
    mixed = (number.astype(np.uint64) * np.uint64(4) + kind.astype(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(32)) % np.uint64(shards)).astype(np.int64)


def part_of(register: Register, shard: int, shards: int) -> tuple[Register, Int64]:
    """The devices of one shard as a register of their own, and its channels as rows of the whole register."""
    own = shard_of(register, shards) == shard
    number = np.cumsum(own) - 1
    channels = np.flatnonzero(own[register.channel_device])
    return Register(
        device_id=register.device_id[own],
        device_kind=register.device_kind[own],
        kinds=register.kinds,
        metrics=register.metrics,
        channel_device=number[register.channel_device[channels]].astype(np.int32),
        channel_metric=register.channel_metric[channels],
        subjects={scope: ids[own] for scope, ids in register.subjects.items()},
        latitude=register.latitude[own],
        longitude=register.longitude[own],
        consents={name: given[own] for name, given in register.consents.items()},
        utc_offset=register.utc_offset,
    ), channels
