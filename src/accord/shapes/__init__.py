"""The rules of ``ontology/shapes.ttl`` (SHACL), checked without a SHACL processor.

A processor in Python takes longer over an article's graph than all of the extraction does
(benchmarks/README.md), so that the shapes are read once into functions (`reading`, `constraints`)
and these look at an index of the graph (`statements`). The tests hold them to the same answers as
pySHACL.
"""

from accord.shapes.reading import load_shapes, read_shapes
from accord.shapes.shape import Breach, Shape
from accord.shapes.statements import Statements, Term

__all__ = ["Breach", "Shape", "Statements", "Term", "load_shapes", "read_shapes"]
