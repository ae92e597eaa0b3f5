"""`yinling city live`: a believable day of the demonstration's devices, through the real door, with the truth kept.

`cast` says who plays: devices of the city with their homes. `day` writes the day: rhythms of sleep, meals, doors and
water, and what is planted into it. `door` sends it as gateways do, until it is acknowledged. `playing` keeps time: the
day ends now and began 24 hours ago, so at 600 times the speed it passes in two and a half minutes.
"""
