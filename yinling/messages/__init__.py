"""Notices out: in the platform, by web hook, SMS, voice call, WeCom and mini-program; receipts, retries, dead letters.

Words it owns: message (a sentence to somebody through a channel), channel, attempt (one try with its outcome),
receipt (the gateway's word that it arrived), dead letter (a message that will not go out by itself any more),
reach (where a user is reached outside the platform).
Doors: `services` (send, set_reach, mark_read, mark_all_read, take_receipt, try_again), `queries` (inbox, unread_count,
reachable, dead_letters), `models` (Message, Channel). Gateways are named in settings.MESSAGE_CHANNELS.
"""
