"""What may be done to accounts."""

from enum import StrEnum


class Accounts(StrEnum):
    """Permissions of the module."""

    MANAGE_USERS = "accounts.manage_users"  # system administrator
    ASSIGN_ROLES = "accounts.assign_roles"  # security administrator
    READ_LOG = "accounts.read_log"  # audit administrator
    MOVE_WORKERS = "accounts.move_workers"  # county clerk, city officer: send and receive workers
