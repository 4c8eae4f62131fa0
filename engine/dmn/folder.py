"""Models of one folder: a file with the models it imports, which lie beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from engine.dmn.compiler import compile_with_faults
from engine.dmn.decisions import DecisionModel
from engine.dmn.places import Faults
from engine.feel import FeelFunction
from engine.model.errors import EngineError
from engine.xml import parse_xml


def read_with_imports(file: Path, *, functions: Mapping[str, FeelFunction] | None = None) -> DecisionModel:
    """Compile a file; the models it imports are looked for among the other *.dmn files of its folder.

    Raises:
        OSError: the file cannot be read.
        EngineError: as `read_decisions`; for an imported file, the fault of that file.
    """
    model, faults = ModelFolder(file.parent, functions).load(file)
    faults.raise_any(file.name)
    return model


class ModelFolder:
    """Compiles the models of one folder, imports first."""

    def __init__(self, folder: Path, functions: Mapping[str, FeelFunction] | None) -> None:
        self._folder = folder
        self._functions = functions
        self._files: dict[str, Path] | None = None
        self._open: set[Path] = set()

    def load(self, file: Path) -> tuple[DecisionModel, Faults]:
        """A model with the faults of its own file; those of imported ones show where something is missing."""
        content = file.read_bytes()
        self._open.add(file)
        wanted = [
            child.get("namespace") or "" for child in parse_xml(content) if etree.QName(child).localname == "import"
        ]
        files = [self._by_namespace()[namespace] for namespace in wanted if namespace in self._by_namespace()]
        imports = [self.load(other)[0] for other in files if other not in self._open]
        self._open.discard(file)
        return compile_with_faults(content, functions=self._functions, imports=imports)

    def _by_namespace(self) -> Mapping[str, Path]:
        """Files by the namespace of their model; what is no XML is nobody's import."""
        if self._files is None:
            self._files = {}
            for other in sorted(self._folder.glob("*.dmn")):
                try:
                    self._files[parse_xml(other.read_bytes()).get("namespace") or ""] = other
                except (EngineError, OSError):
                    continue
        return self._files
