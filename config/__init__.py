"""What the installation is told (settings) and what the centre has promised (policies), as frozen objects.

Read from TOML, checked whole before anything starts; imports only `telephony`.
"""
