"""Yinling (银龄): a city's eldercare on one net and one platform."""
