"""Names on pages that anyone may open: masked as on the public page of a certificate, and nowhere otherwise."""

from certificates.names import mask as mask_name

__all__ = ["mask_name"]
