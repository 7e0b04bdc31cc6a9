"""The demo content the clients read: ids that are the same on every machine."""

TEXT = "hfnb-demo/sentiment-en"
GENERATION = "hfnb-demo/pydoc-gpt"
IMAGES = "hfnb-demo/digits-vit"
EMBEDDINGS = "hfnb-demo/minilm-embeddings"
GATED = "hfnb-lab/sentiment-de"
PRIVATE = "hfnb-lab/sentiment-en-draft"
RENAMED = "hfnb-demo/sentiment-english"  # what TEXT was called before

DIGITS = "hfnb-demo/digits"
TABLES = "hfnb-demo/sklearn-tables"
TABLES_CONFIGS = ("iris", "wine", "breast-cancer")
DOCS = "hfnb-demo/python-docs"

PUBLIC, LAB = "hfnb-demo", "hfnb-lab"
LEARNER, LEARNER_TOKEN = "learner", "hf_learner_offline"
TEACHER, TEACHER_TOKEN = "teacher", "hf_teacher_offline"
WEIGHTS = "model.safetensors"
