"""The part of a content folder's releases in which something may have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Folders to be looked through, by their paths in the content folder."""

    folders: frozenset[str]
    """These are looked through without the folders in them."""
    trees: frozenset[str]
    """These are looked through with all that is in them. They may also be files, or not be there."""

    @classmethod
    def of(cls, paths: Iterable[str]) -> Scope:
        """All that has to be read again if something was changed, made or deleted at these paths.

        A release is read with its translations, which lie beside it, and with its files, which lie beside it too or in
        the folder of its name.

        >>> sorted(Scope.of(["releases/2021/dam.mn.yaml"]).folders), sorted(Scope.of(["releases/2021/dam.yaml"]).trees)
        (['releases', 'releases/2021'], ['releases/2021/dam', 'releases/2021/dam.yaml'])
        """
        folders: set[str] = set()
        trees: set[str] = set()
        for path in paths:
            folder, _, name = path.rpartition("/")
            folders |= {folder, folder.rpartition("/")[0]} - {""}
            trees |= {path, f"{folder}/{name.partition('.')[0]}"} if name.endswith(".yaml") else {path}
        return cls(frozenset(folders), frozenset(trees))

    def __or__(self, other: Scope) -> Scope:
        """The scope that covers what either of the two covers."""
        return Scope(self.folders | other.folders, self.trees | other.trees)

    def covers(self, path: str) -> bool:
        """Whether a file that lies there is looked at."""
        return path.rpartition("/")[0] in self.folders or self.is_inside_a_tree(path)

    def is_inside_a_tree(self, path: str) -> bool:
        """Whether a path is one of the trees, or in one."""
        return not self.trees.isdisjoint(folders_above(path))


def folders_above(path: str) -> Iterator[str]:
    """A path and all folders in which it lies, in the content folder.

    >>> list(folders_above("releases/2021/dam"))
    ['releases/2021/dam', 'releases/2021', 'releases']
    """
    while path:
        yield path
        path = path.rpartition("/")[0]
