"""Users, the roles they hold in divisions for a time, their sessions, and how they prove who they are.

Words it owns: user, role (a named set of permissions, described for a policy officer in `config/roles.py`),
assignment (a user holds a role in a division for a time), delegation (an assignment lent while away),
PIN (switches users on a shared phone).
Transfer (a worker is sent to another division and received there), known device (offers its users a PIN).
Doors: `services` (create_user, assign_role, delegate, set_pin), `queries`, `models.User` (the actor of services),
`roles` (the registry of roles).
"""
