"""Terms as a user writes them: in a mapping, or in the team's ``redistribution.yml``."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator

from yanbao.base.yaml_file import Text, YamlModel
from yanbao.catalog.terms import Permission, Terms


def _empty(text: Any) -> Any:
    return "" if text is None else text


class DeclaredTerms(YamlModel):
    """``reason`` is for readers, ``licence`` says where the text of the licence is found."""

    permission: Permission
    reason: Text
    licence: Annotated[str, BeforeValidator(_empty, json_schema_input_type=str | None)] = ""

    @property
    def terms(self) -> Terms:
        return Terms(self.permission, self.reason.strip(), self.licence.strip())
