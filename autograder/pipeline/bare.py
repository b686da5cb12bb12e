"""A notebook without what grading never looks at: outputs, and all metadata but who a cell is."""

from __future__ import annotations

from collections.abc import Mapping

_LANGUAGE = (("language_info", "name"), ("kernelspec", "language"))


def bare(notebook: Mapping) -> dict:
    """The notebook with the type, text, id, grade id and attachments of each cell, and the name of its language.

    Meant to be called first, on the JSON as it was read: what is left is a few small objects per cell, so that
    megabytes of empty dictionaries in the metadata never become objects of nbformat's. Takes format 3 too. What is no
    cell is passed on as it is, for whoever checks the notebook.
    """
    kept = {key: notebook[key] for key in ("nbformat", "nbformat_minor") if key in notebook}
    about = notebook.get("metadata")
    about = about if isinstance(about, Mapping) else {}
    kept["metadata"] = {
        section: {key: about[section][key]}
        for section, key in _LANGUAGE
        if isinstance(about.get(section), Mapping) and isinstance(about[section].get(key), str)
    }
    if isinstance(notebook.get("cells"), list):
        kept["cells"] = [_bare_cell(cell) for cell in notebook["cells"]]
    if isinstance(notebook.get("worksheets"), list):
        sheets = (sheet for sheet in notebook["worksheets"] if isinstance(sheet, Mapping))
        kept["worksheets"] = [
            {"metadata": {}, "cells": [_bare_cell(cell) for cell in sheet["cells"]]}
            for sheet in sheets
            if isinstance(sheet.get("cells"), list)
        ]
    return kept


def _bare_cell(cell: object) -> object:
    if not isinstance(cell, Mapping):
        return cell
    # input, language and level: format 3's names of a code cell's text, its language, and a heading's depth
    keys = ("cell_type", "source", "id", "attachments", "input", "language", "level")
    kept = {key: cell[key] for key in keys if key in cell}
    if cell.get("cell_type") == "code":
        kept |= {"outputs": [], "execution_count": None}
    nbgrader = cell["metadata"].get("nbgrader") if isinstance(cell.get("metadata"), Mapping) else None
    name = nbgrader.get("grade_id") if isinstance(nbgrader, Mapping) else None
    kept["metadata"] = {"nbgrader": {"grade_id": name}} if isinstance(name, str) else {}
    return kept
