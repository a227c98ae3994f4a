"""How often one address may ask for verifications: a count a minute, kept in the cache."""

import ipaddress
import time

from django.conf import settings
from django.core.cache import cache

_WINDOW = 60


def seconds_to_wait(address: str) -> int:
    """Count one request of `address`; return 0 when it may go on, else the seconds until it may again.

    An IPv6 customer holds a whole /64, so that is what is counted.
    """
    now = int(time.time())
    window = now // _WINDOW
    key = f"verify:{_counted(address)}:{window}"
    cache.add(key, 0, timeout=2 * _WINDOW)
    try:
        count = cache.incr(key)
    except ValueError:  # evicted between the two statements: the count starts anew
        count = 1
    return 0 if count <= settings.VERIFY_PER_MINUTE else (window + 1) * _WINDOW - now


def _counted(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)
