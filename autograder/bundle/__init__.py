"""The repository to give to students: put together, checked for what must not leave, and only then in its place."""

from .write import Bundle, update_bundle, write_bundle

__all__ = ["Bundle", "update_bundle", "write_bundle"]
