"""The sealed column of devices, for the rotation of keys. The blind indexes of tokens and labels are made of what is
shown once and stored nowhere: they stay under their key, which stays in the keyring."""

from yinling.devices.models import Device
from yinling.devices.services.registering import stream_where
from yinling.kernel.rotation import Sealed

TABLES = (Sealed(Device, {"stream_sealed": stream_where}),)
