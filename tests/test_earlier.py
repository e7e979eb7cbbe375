"""A project as it was at a commit of git."""

from __future__ import annotations

import subprocess
from pathlib import Path

from conftest import CatalogueFolder
from livret.pipeline.earlier import project_at
from livret.project import Project


def test_a_link_that_leads_out_of_the_repository_is_left_out(catalogue_folder: CatalogueFolder, tmp_path: Path) -> None:
    secret = tmp_path / "outside.txt"
    secret.write_text("not of this project", encoding="utf-8")
    (catalogue_folder.root / "out.txt").symlink_to(secret)
    (catalogue_folder.root / "same.txt").symlink_to("catalogue/catalogue.yaml")
    who = ("-c", "user.name=Livret", "-c", "user.email=livret@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "First")):
        subprocess.run(["git", "-C", str(catalogue_folder.root), *words], check=True)
    with project_at(Project.at(catalogue_folder.root), "HEAD") as earlier:
        assert not (earlier.root / "out.txt").is_symlink()
        assert (earlier.root / "same.txt").read_bytes() == catalogue_folder.path("catalogue.yaml").read_bytes()
