"""Whatever a catalogue file holds, reading the catalogue gives findings and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import FILES, CatalogueFolder
from livret.content.catalogue.reader import read_catalogue
from livret.content.schema import introspection
from livret.content.schema.model import CatalogueFile, EditionFile, EditorialPage, Initiative, Partner
from livret.findings import Severity

MODELS = {
    "catalogue.yaml": CatalogueFile,
    "foreword.yaml": EditorialPage,
    "partners/diair.yaml": Partner,
    "initiatives/aajt.yaml": Initiative,
    "editions/paca.yaml": EditionFile,
}

FIELD_NAMES = sorted({name for model in MODELS.values() for name in introspection.fields(model)})
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(
        ["fr", "aajt", "diair", "emploi", "FR-13", "93", "images/aajt.svg", "a@b.fr", "[x](card:y)", "<b>"]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELD_NAMES), inner, max_size=4),
    max_leaves=12,
)
# JSON is YAML: any structure of values can be written as a file.
CONTENTS = st.dictionaries(st.sampled_from(FIELD_NAMES) | st.text(max_size=5), VALUES, max_size=6).map(json.dumps)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> CatalogueFolder:
    made = CatalogueFolder(Path(tmp_path_factory.mktemp("fuzz")))
    for name, content in FILES.items():
        made.write(name, content)
    return made


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(MODELS)), content=CONTENTS | st.binary(max_size=60))
def test_any_content_makes_only_findings(folder: CatalogueFolder, name: str, content: str | bytes) -> None:
    former = FILES.get(name)
    folder.write(name, content)
    try:
        catalogue, findings = read_catalogue(folder.project)
    finally:
        if former is None:
            folder.remove(name)
        else:
            folder.write(name, former)
    assert (catalogue is None) == any(finding.severity is Severity.ERROR for finding in findings)
    for finding in findings:
        assert finding.where is not None
        assert "\n" not in finding.message
        assert len(finding.message) < 300
