"""From mart rows to claims, from claims to a page: no warehouse access, no scheduler."""
