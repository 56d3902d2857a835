"""XLSX: values for outsiders, live formulas and traces for the analyst team."""
