"""Made-up secrets of many kinds, made at run time so that none stands in a file of ours; and files that hold none."""

from __future__ import annotations

import base64
import json
import random
import string
import uuid
from pathlib import Path

LETTERS = string.ascii_letters + string.digits
HEX = "0123456789abcdef"
UPPER = string.ascii_uppercase + "234567"


class Maker:
    """Random words, the same on every run."""

    def __init__(self, seed: int = 7) -> None:
        self.dice = random.Random(seed)  # noqa: S311 -- test data

    def word(self, length: int, letters: str = LETTERS) -> str:
        made = "".join(self.dice.choices(letters, k=length))
        return f"a7B{made[3:]}" if letters == LETTERS else made

    def key(self) -> str:
        lines = "\n".join(self.word(64, LETTERS + "+/") for _ in range(6))
        return f"-----BEGIN OPENSSH {'PRIVATE'} KEY-----\n{lines}\n-----END OPENSSH {'PRIVATE'} KEY-----\n"


def secrets(seed: int = 7) -> dict[str, tuple[str, str, str]]:
    """File -> its text, the secret in it, the kind it should be called."""
    make = Maker(seed)
    word = make.word
    jwt = ".".join(["eyJ" + word(33), "eyJ" + word(80), word(43)])
    key, account_key = make.key(), make.word(86, LETTERS + "+/") + "=="
    service = {"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\n" + word(64) + "\n"}
    plain: dict[str, tuple[str, str, str]] = {
        "train.py": ('login(token="{}")', "hf_" + word(34, string.ascii_letters), "Hugging Face token"),
        "chat.py": ('client = OpenAI(api_key="{}")', "sk-proj-" + word(60), "OpenAI key"),
        "old_chat.py": ("openai.api_key = '{}'", "sk-" + word(20) + "T3BlbkFJ" + word(20), "OpenAI key"),
        "claude.py": ("key: {}", "sk-ant-api03-" + word(90), "Anthropic key"),
        "deploy.tf": ('access_key = "{}"', "AKIA" + word(16, UPPER), "AWS access key"),
        "aws.ini": ("aws_secret_access_key = {}", word(40), "AWS secret key"),
        "maps.js": ('const k="{}";', "AIza" + word(35), "Google API key"),
        "sa.txt": (json.dumps(service).replace(word(1), "Q"), "", "Google service account"),
        "blob.cfg": ("AccountName=a;AccountKey={};", account_key, "Azure storage key"),
        "ci.sh": ("git push https://x:{}@github.com/a/b", "ghp_" + word(36), "GitHub token"),
        "fine.sh": ("export GH={}", "github_pat_" + word(22) + "_" + word(59), "GitHub token"),
        "gitlab.yml": ("token: {}", "glpat-" + word(20), "GitLab token"),
        "bot.py": ("slack = '{}'", "xoxb-" + "493028475610-583920174652-" + word(24), "Slack token"),
        "pay.rb": ("Stripe.api_key = '{}'", "sk_live_" + word(24), "Stripe key"),
        "cf.env.txt": ("CLOUDFLARE_API_TOKEN={}", word(40), "key of a provider"),
        "wandb.sh": ("export WANDB_API_KEY={}", word(40, HEX), "Weights & Biases key"),
        "azure.py": ('AZURE_OPENAI_API_KEY = "{}"', word(32, HEX), "key of a provider"),
        "server.pem.txt": ("{}", key, "private key"),
        "session.log": ("Authorization: Bearer {}", jwt, "signed token (JWT)"),
        "db.toml": ('url = "postgresql://app:{}@db.internal:5432/x"', word(14), "database password"),
        "netrc.txt": ("machine api.internal.net\n  login me\n  password {}", word(20), "password in .netrc"),
        "pypirc.txt": ("[pypi]\nusername = me\npassword = {}", word(20), "password in .pypirc"),
        "pypi.sh": ("twine -p {}", "pypi-AgEIcHlwaS5vcmcC" + word(80), "PyPI token"),
        "npm.txt": ("//registry.npmjs.org/:_authToken={}", "npm_" + word(36), "npm token"),
        "telegram.py": ("bot = '{}'", "123456789:AA" + word(33), "Telegram token"),
        "shop.py": ("shop('{}')", "shpat_" + word(32, HEX), "Shopify token"),
        "board.py": ("grafana = '{}'", "glsa_" + word(32) + "_" + word(8, HEX), "Grafana token"),
        "issues.py": ("linear('{}')", "lin_api_" + word(40), "Linear key"),
        "draw.py": ("figma('{}')", "figd_" + word(40), "Figma token"),
        "sets.txt": ('{"username":"ada","key":"{}"}', word(32, HEX), "Kaggle key"),
        "mail.py": ("key = '{}'", "SG." + word(22) + "." + word(43), "SendGrid key"),
    }
    told = {name: (text.replace("{}", secret), secret, kind) for name, (text, secret, kind) in plain.items()}
    told["sa.txt"] = (json.dumps(service), service["private_key"], "Google service account")
    return told


def clean(folder: Path, seed: int = 11) -> int:
    """Two hundred files as repositories have them, none with a secret. How many there are."""
    make = Maker(seed)
    for index in range(20):
        for name, text in _usual(make, index).items():
            path = folder / f"r{index}" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return sum(1 for path in folder.rglob("*") if path.is_file())


def _usual(make: Maker, index: int) -> dict[str, str | bytes]:
    word = make.word
    vocabulary = {word(make.dice.randint(1, 30)): number for number in range(800)}
    vocabulary |= {
        "hf_": 1,
        "sk-": 2,
        "AKIA": 3,
        "ghp_": 4,
        "<|KEY|>": 5,
        "Ġpassword": 6,
        "glpat-": 7,
        "eyJ": 8,
    }
    tiktoken = "\n".join(f"{base64.b64encode(make.dice.randbytes(9)).decode()} {n}" for n in range(300))
    picture = base64.b64encode(make.dice.randbytes(9_000)).decode()
    return {
        "config.json": json.dumps(
            {"architectures": ["BertModel"], "_commit_hash": word(40, HEX), "eos_token_id": 2}
        ),
        "tokenizer.json": json.dumps(
            {"model": {"vocab": vocabulary}, "added_tokens": [{"content": "[SECRET]"}]}
        ),
        "vocab.tiktoken": tiktoken,
        "plot.ipynb": _notebook(picture, word),
        "uv.lock": "".join(
            f'{{ url = "https://files.example/{word(2, HEX)}/{word(60, HEX)}/wandb-0.1.whl", '
            f'hash = "sha256:{word(64, HEX)}" }}\n'
            for _ in range(60)
        ),
        "package-lock.json": json.dumps(
            {
                f"node_modules/p{n}": {"integrity": "sha512-" + word(86, LETTERS + "+/") + "=="}
                for n in range(60)
            }
        ),
        "ids.csv": "id,key,token\n"
        + "".join(
            f"{uuid.UUID(int=make.dice.getrandbits(128))},{word(32, HEX)},{word(24)}\n" for _ in range(300)
        ),
        "app.min.js": "".join(
            f'function {word(3)}(e){{return e.token?e.token:"{word(9)}"}}'
            f"var k{n}={{apiKey:process.env.KEY,secretKey:t}};"
            for n in range(200)
        ),
        "README.md": _readme(word),
        "SHA256SUMS": "".join(f"{word(64, HEX)}  model-{n:05d}.safetensors\n" for n in range(40)),
    }


def _notebook(picture: str, word: object) -> str:
    output = {
        "output_type": "display_data",
        "data": {"image/png": picture, "text/plain": ["<Figure>"]},
        "metadata": {},
    }
    page = {
        "output_type": "execute_result",
        "execution_count": 1,
        "data": {
            "text/html": '<div id="sk-container-id-1"><label class="sk-toggleable__label-arrow">LR</label></div>'
        },
        "metadata": {},
    }
    cells = [
        {
            "cell_type": "markdown",
            "metadata": {},
            "source": ["Set `HF_TOKEN=hf_xxx` first\n", "![p](attachment:a.png)"],
            "attachments": {"a.png": {"image/png": picture}},
        },
        {
            "cell_type": "code",
            "metadata": {"id": "a1B2c3D4e5F6"},
            "execution_count": 1,
            "outputs": [output, page],
            "source": [
                "token = os.environ['HF_TOKEN']\n",
                "key = getpass('OPENAI_API_KEY: ')\n",
                "plt.show()",
            ],
        },
    ]
    return json.dumps(
        {"cells": cells, "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}
    )


def _readme(word: object) -> str:
    return f"""# A model
    export HF_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    export HF_TOKEN=hf_yourTokenGoesHereYourTokenGoesHere
    huggingface-cli login --token hf_xxx
    from huggingface_hub import hf_hub_download, hf_hub_url_to_filename_with_a_long_name
    client = OpenAI(api_key="sk-...")  # or sk-proj-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
    client = OpenAI(api_key="YOUR_OPENAI_API_KEY_GOES_HERE")
    OPENAI_API_KEY=your-openai-api-key-goes-here-please
    engine = create_engine("postgresql://user:password@localhost:5432/db")
    redis://default:${{REDIS_PASSWORD}}@cache:6379
    git clone https://user:<token>@github.com/a/b
    curl -u user:password https://example.com; AKIA{"IOSFODNN7"}EXAMPLE
    aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCY{"EXAMPLE"}KEY
    env: HF_TOKEN: ${{{{ secrets.HF_TOKEN }}}}
    -----BEGIN PRIVATE KEY-----
    ...
    -----END PRIVATE KEY-----
    AIza... ghp_... glpat-<your-token> xoxb-your-token-here
    {"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"}.{"eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0"}.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV
    sha256:{uuid.UUID(int=5).hex * 2} see https://huggingface.co/datasets/owner/name/resolve/main/data/train-00000-of-00001.parquet
    self.secret_key = self.get_secret_key_from_environment_or_default
    machine learning login form password field; machine translation
    pip install "wandb @ git+https://github.com/wandb/wandb@{"0a1b2c3d4e" * 4}"
"""
