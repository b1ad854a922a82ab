"""What pyproject.toml cannot say: a wheel carries what lies beside the package in the repository.

`composer.places` looks for it in both places. An editable install finds the repository's own folders and carries none.
"""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

CARRIED = ("checkpoints/**/*.safetensors", "checkpoints/README.md", "library/*")


class BuildWithWeights(build_py):
    """Lays checkpoints and library into the built package, as `composer/shipped/`."""

    def run(self) -> None:
        """Build the package, and then what it carries."""
        super().run()
        if self.editable_mode:
            return
        for target, source in self._carried().items():
            self.mkpath(str(Path(target).parent))
            self.copy_file(source, target)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Every file that is made."""
        carried = [] if self.editable_mode else list(self._carried())
        return [*super().get_outputs(include_bytecode), *carried]

    def _carried(self) -> dict[str, str]:
        """Where each file goes: where it comes from. How far a training is (`*.run.safetensors`) stays at home."""
        files = {path for pattern in CARRIED for path in Path().glob(pattern) if ".run." not in path.name}
        return {str(Path(self.build_lib, "composer", "shipped", path)): str(path) for path in sorted(files)}


setup(cmdclass={"build_py": BuildWithWeights})
