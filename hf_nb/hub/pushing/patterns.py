"""What a credential looks like: own rules, and those of detect-secrets that are exact enough to stop a push.

A rule has anchors, short texts that must be there; where none is, its expression is never tried. Most are tried only
around runs of twenty characters that a token is made of (`runs`), the wide ones anywhere.

Of detect-secrets' 27 plugins 12 are used. Left out is what stops clean files, in lines of 200 of them and of
huggingface_hub's own source: entropy 160 and 8,780; keywords 40 and 32; credentials in any address 40; AWS, JWT and
private keys 20 each, all placeholders of documentation (rules here take those kinds without them). Public addresses are
no secrets. Artifactory, Cloudant, IBM and SoftLayer know their tokens by words around them alone; for OpenAI and Stripe
the rules here are wider.
"""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass

# What stands in documentation where a secret would be.
_PLACEHOLDER = re.compile(
    rb"(?i)x{5}|\*{3}|\.{3}|<|\{|\$|example|placeholder|redacted|dummy|changeme|your[_-]?(?:own|hf|api|key|token|secret|"
    rb"access|openai|password|org|team|project|account)|(?:my|insert|put|replace)[_-](?:api|key|token|secret|your)|"
    rb"0{8}"
)
_USUAL_PASSWORDS = frozenset(
    b"password passwd pass pwd secret postgres root admin changeme user username test guest token key "
    b"mysecretpassword mypassword hunter2 letmein minioadmin".split()
)


def _whole(secret: bytes) -> bool:
    """No placeholder, and not a few characters again and again."""
    return not _PLACEHOLDER.search(secret) and len(set(secret)) >= min(9, len(secret) // 2)


def mixed(secret: bytes) -> bool:
    """Letters and digits, or capitals and small ones: not a word."""
    return _whole(secret) and bool(
        re.search(rb"\d", secret) or (re.search(rb"[a-z]", secret) and re.search(rb"[A-Z]", secret))
    )


def _random(secret: bytes) -> bool:
    """As a key's letters fall: digits among letters."""
    return (
        _whole(secret) and len(re.findall(rb"\d", secret)) >= 2 and len(re.findall(rb"[A-Za-z]", secret)) >= 4
    )


def _password(secret: bytes) -> bool:
    return secret.lower() not in _USUAL_PASSWORDS and not _PLACEHOLDER.search(secret)


def _token_body(secret: bytes) -> bool:
    """A signed token; not the one every page about them shows."""
    return b"eyJzdWIiOiIxMjM0NTY3ODkw" not in secret and len(set(secret)) > 20


def _anything(secret: bytes) -> bool:
    return True


@dataclass(frozen=True)
class Rule:
    """One kind of secret. The group `s`, where there is one, is the secret itself."""

    kind: str
    anchors: tuple[bytes, ...]
    pattern: re.Pattern[bytes]
    holds: Callable[[bytes], bool] = _whole
    wide: bool = False
    before: re.Pattern[bytes] | None = None  # what must stand in the sixty bytes before

    def secret(self, found: re.Match[bytes]) -> bytes:
        """What must be checked, and never shown."""
        named = found.groupdict().get("s")
        return named if named is not None else found[0]


def _rule(
    kind: str,
    anchors: str,
    pattern: str,
    holds: Callable[[bytes], bool] = _whole,
    *,
    wide: bool = False,
    before: str = "",
) -> Rule:
    near = re.compile(before.encode()) if before else None
    return Rule(kind, tuple(anchors.encode().split()), re.compile(pattern.encode()), holds, wide, near)


_B = r"(?<![A-Za-z0-9_-])"  # a token begins here, not in the middle of a word
_PROVIDERS = (
    r"(?i)(?:AZURE|OPENAI|ANTHROPIC|CLOUDFLARE|\bCF|WANDB|COHERE|MISTRAL|GROQ|TOGETHER|FIREWORKS|REPLICATE|GEMINI|GOOGLE|"
    r"AWS|PINECONE|DATABRICKS|TWILIO|DATADOG|\bDD|\bHF|HUGGING_?FACE|GITHUB|GITLAB|SLACK|STRIPE|KAGGLE|DEEPSEEK|COMET|"
    r"NEPTUNE|LANGFUSE|LANGSMITH|SENTRY|DISCORD|TELEGRAM|HEROKU|SERPAPI)[A-Za-z_-]{0,24}$"
)
_NAMED = (
    r"(?:KEY|key|Key|TOKEN|token|Token|SECRET|secret|Secret)[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
    r"(?P<s>[A-Za-z0-9_\-+/]{20,200}={0,2})(?![\w(.\[/-])"
)
_DATABASES = (
    r"(?i)\b(?:postgres(?:ql)?|mysql|mariadb|mongodb|rediss?|amqps?|mssql|sqlserver|oracle|clickhouse|snowflake|"
    r"cockroachdb)(?:\+\w{1,20})?$"
)
# hosts of documentation
_NOWHERE = (
    r"@(?!(?:[\w-]+\.)*(?:example|localhost|domain|host|hostname|server|proxy|test|your\w*|acme|foo|bar|org|mycorp)\b)"
    r"[\w\[]"
)
_SERVERS = r"(?i)\b(?:https?|ftps?|sftp|ssh|git|smtps?|ldaps?)$"

RULES: tuple[Rule, ...] = (
    _rule("Hugging Face token", "hf_", _B + r"hf_[A-Za-z0-9]{30,64}(?![A-Za-z0-9_])", mixed),
    _rule("Hugging Face token", "hf_", _B + r"hf_[A-Za-z0-9]{20,29}(?![A-Za-z0-9_])", _random),
    _rule("Hugging Face token", "hf_oauth_ hf_jwt_", _B + r"hf_(?:oauth|jwt)_[\w.-]{20,}", mixed),
    _rule("Hugging Face token", "api_org_", _B + r"api_org_[A-Za-z0-9]{30,}", mixed),
    _rule("Anthropic key", "sk-ant-", _B + r"sk-ant-[a-z]{2,8}\d{0,2}-[A-Za-z0-9_-]{24,}", mixed),
    _rule("OpenRouter key", "sk-or-", _B + r"sk-or-v\d-[0-9a-f]{48,}"),
    _rule("Langfuse key", "sk-lf-", _B + r"sk-lf-[0-9a-f]{8}-[0-9a-f-]{27}"),
    _rule(
        "OpenAI key",
        "sk-",
        _B + r"sk-(?:(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{24,}|[A-Za-z0-9]{32,64}(?![A-Za-z0-9_-]))",
        _random,
    ),
    _rule(
        "AWS access key",
        "AKIA ASIA ABIA ACCA",
        r"(?<![A-Za-z0-9+/])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9+/=])",
    ),
    _rule(
        "AWS secret key",
        "aws Aws AWS SecretAccessKey",
        r"(?i)(?:aws[_-]?)?secret[_-]?(?:access[_-]?)?key[\"']?\s{0,3}[:=]\s{0,3}[\"']?"
        r"(?P<s>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        _random,
    ),
    _rule(
        "Google service account",
        "private_key",
        r"\"private_key\"\s*:\s*\"(?P<s>-----BEGIN (?:RSA )?PRIVATE KEY-----\\n[A-Za-z0-9+/]{24,})",
        wide=True,
    ),
    _rule("Google API key", "AIza", r"(?<![A-Za-z0-9_-])AIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])", mixed),
    _rule(
        "Google OAuth secret",
        "GOCSPX- ya29.",
        r"(?:GOCSPX-[A-Za-z0-9_-]{24,}|\bya29\.[A-Za-z0-9_-]{30,})",
        mixed,
    ),
    _rule(
        "Azure storage key",
        "AccountKey= SharedAccessKey=",
        r"(?:Account|SharedAccess)Key=(?P<s>[A-Za-z0-9+/]{42,86}={1,2})",
    ),
    _rule("Azure signed address", "sig=", r"[?&](?:amp;)?sig=(?P<s>[A-Za-z0-9%+/]{40,}(?:%3[Dd]|=))"),
    _rule(
        "Azure client secret",
        "Q~",
        r"(?<![A-Za-z0-9_~.-])[a-zA-Z0-9_~.]{3}\dQ~[a-zA-Z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])",
    ),
    _rule("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", _B + r"gh[pousr]_[A-Za-z0-9]{36,255}", mixed),
    _rule("GitHub token", "github_pat_", _B + r"github_pat_[A-Za-z0-9]{20,}_[A-Za-z0-9]{40,}"),
    _rule(
        "GitLab token",
        "glpat- gldt- glft- glsoat- glrt- glptt-",
        _B + r"gl(?:pat|dt|ft|soat|rt|ptt)-[A-Za-z0-9_-]{20,}",
        mixed,
    ),
    _rule(
        "Slack token",
        "xox xapp-",
        r"(?<![A-Za-z0-9])(?:xox[abeoprs]|xapp)-(?:\d[\d-]*-)?[A-Za-z0-9-]{16,}",
        _random,
    ),
    _rule(
        "Slack webhook",
        "hooks.slack.com",
        r"hooks\.slack\.com/(?:services|workflows)/T\w{6,}/\w+/(?P<s>\w{16,})",
    ),
    _rule("Discord webhook", "api/webhooks/", r"discord(?:app)?\.com/api/webhooks/\d{15,}/(?P<s>[\w-]{50,})"),
    _rule(
        "Stripe key",
        "k_live_ k_test_",
        _B + r"[srp]k_(?:live|test)_(?!4eC39HqLyjWDarjtT1zdp7dc)[0-9a-zA-Z]{20,}",
        mixed,
    ),
    _rule("Stripe webhook secret", "whsec_", _B + r"whsec_[A-Za-z0-9+/]{24,}", mixed),
    _rule(
        "Cloudflare key",
        "v1.0- cfut_ cfat_ cfk_",
        _B + r"(?:v1\.0-[a-f0-9]{24}-[a-f0-9]{100,}|cf(?:ut|at|k)_[A-Za-z0-9]{32,})",
    ),
    _rule(
        "Weights & Biases key",
        "wandb WANDB Wandb",
        r"(?i)wandb[^\n]{0,40}?(?:key|login|password)[^\n]{0,20}?(?P<s>(?<![0-9a-f/:@-])[0-9a-f]{40}(?![0-9a-f]))",
        _whole,
    ),
    _rule("Weights & Biases key", "wandb_v1_", r"wandb_v1_[A-Za-z0-9_]{40,}"),
    _rule(
        "private key",
        "PRIVATE",
        r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
        r"(?:\\[nr]|[\"',+ \t\r\n]|[A-Za-z-]{3,20}: [^\r\n\\]{1,80}){0,40}"
        r"[A-Za-z0-9+/]{40}",
        _anything,
        wide=True,
    ),
    _rule("private key", "PuTTY-User-Key-File", r"PuTTY-User-Key-File-\d: ", _anything, wide=True),
    _rule(
        "signed token (JWT)",
        "eyJ",
        r"(?<![A-Za-z0-9_-])eyJ[\w-]{12,}\.eyJ[\w-]{12,}\.[\w-]{20,}",
        _token_body,
    ),
    _rule(
        "database password",
        "://",
        r"://[^\s/@:\"'<>]{0,100}:(?P<s>[^\s/@\"'<>]{3,200})@[\w\[]",
        _password,
        wide=True,
        before=_DATABASES,
    ),
    _rule(
        "password in an address",
        "://",
        r"://[^\s/@:\"'<>?#]{1,100}:(?P<s>[^\s/@\"'<>?#]{8,200})" + _NOWHERE,
        _password,
        wide=True,
        before=_SERVERS,
    ),
    _rule(
        "password in .netrc",
        "machine",
        r"\bmachine\s+(?:[\w-]+\.[\w.-]+|localhost)\s+(?:login|account)\s+\S+\s+password\s+(?P<s>\S{6,})",
        _password,
        wide=True,
    ),
    _rule(
        "password in .pypirc",
        "[pypi] [testpypi]",
        r"(?s)\[(?:test)?pypi\][^\[]{0,300}?\n\s*password\s*[:=]\s*(?P<s>\S{6,})",
        _password,
        wide=True,
    ),
    _rule("PyPI token", "pypi-AgE", r"pypi-AgE[A-Za-z0-9_-]{50,}"),
    _rule("npm token", "npm_", _B + r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9])", mixed),
    _rule("npm token", "_authToken", r"_authToken\s*=\s*(?P<s>[A-Za-z0-9_-]{20,})", mixed),
    _rule("SendGrid key", "SG.", _B + r"SG\.[\w-]{20,24}\.[\w-]{39,50}"),
    _rule("DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", r"do[opr]_v1_[a-f0-9]{64}"),
    _rule("Databricks token", "dapi", _B + r"dapi[a-f0-9]{32}"),
    _rule("Replicate token", "r8_", _B + r"r8_[A-Za-z0-9]{37,40}(?![A-Za-z0-9_])", mixed),
    _rule("Groq key", "gsk_", _B + r"gsk_[A-Za-z0-9]{48,56}(?![A-Za-z0-9_])", mixed),
    _rule("Perplexity key", "pplx-", _B + r"pplx-[A-Za-z0-9]{40,60}", mixed),
    _rule("xAI key", "xai-", _B + r"xai-[A-Za-z0-9]{60,100}", mixed),
    _rule("NVIDIA key", "nvapi-", _B + r"nvapi-[A-Za-z0-9_-]{50,}", mixed),
    _rule("LangSmith key", "lsv2_", _B + r"lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}"),
    _rule("Pinecone key", "pcsk_", _B + r"pcsk_[A-Za-z0-9_]{50,}", mixed),
    _rule("Docker token", "dckr_", _B + r"dckr_(?:pat|oat)_[\w-]{27,}", mixed),
    _rule("Shopify token", "shpat_ shpca_ shppa_ shpss_", _B + r"shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    _rule("Grafana token", "glsa_", _B + r"glsa_[A-Za-z0-9]{32}_[a-f0-9]{8}", mixed),
    _rule("Linear key", "lin_api_", _B + r"lin_api_[A-Za-z0-9]{40}", mixed),
    _rule("Figma token", "figd_", _B + r"figd_[A-Za-z0-9_-]{40}", mixed),
    _rule(
        "Kaggle key",
        "username",
        r"\"username\"\s{0,3}:\s{0,3}\"[^\"\n]{1,40}\"\s{0,3},\s{0,3}\"key\"\s{0,3}:\s{0,3}\"(?P<s>[0-9a-f]{32})\"",
        _random,
    ),
    _rule("Vault token", "hvs. hvb.", _B + r"hv[sb]\.[\w-]{24,}", mixed),
    _rule(
        "Notion token",
        "ntn_ secret_",
        _B + r"(?:ntn_[A-Za-z0-9]{40,}|secret_[A-Za-z0-9]{43}(?![A-Za-z0-9]))",
        mixed,
    ),
    _rule(
        "key of a provider",
        "KEY TOKEN SECRET key token secret Key Token Secret",
        _NAMED,
        _random,
        before=_PROVIDERS,
    ),
)


@dataclass(frozen=True)
class Borrowed:
    """A plugin of detect-secrets: loaded (0.2 s) when one of its anchors is met for the first time."""

    kind: str
    anchors: tuple[bytes, ...]
    module: str
    name: str
    wide = False

    @functools.cached_property
    def patterns(self) -> tuple[re.Pattern[bytes], ...]:
        """Its expressions, for bytes. Its network checks are never called."""
        plugin = getattr(importlib.import_module(f"detect_secrets.plugins.{self.module}"), self.name)
        return tuple(
            re.compile(one.pattern.encode(), one.flags & ~re.UNICODE) for one in tuple(plugin.denylist)
        )


def _borrowed(kind: str, anchors: str, module: str, name: str) -> Borrowed:
    return Borrowed(kind, tuple(anchors.encode().split()), module, name)


BORROWED: tuple[Borrowed, ...] = (
    _borrowed("Azure storage key", "AccountKey=", "azure_storage_key", "AzureStorageKeyDetector"),
    _borrowed("Discord token", "discord DISCORD", "discord", "DiscordBotTokenDetector"),
    _borrowed("GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", "github_token", "GitHubTokenDetector"),
    _borrowed(
        "GitLab token",
        "glpat- gldt- glft- glsoat- glrt- glcbt- GR1348941 glimt- glagent-",
        "gitlab_token",
        "GitLabTokenDetector",
    ),
    _borrowed("Mailchimp key", "mailchimp MAILCHIMP", "mailchimp", "MailchimpDetector"),
    _borrowed("npm token", ":_authToken", "npm", "NpmDetector"),
    _borrowed("PyPI token", "pypi-AgE", "pypi_token", "PypiTokenDetector"),
    _borrowed("SendGrid key", "SG.", "sendgrid", "SendGridDetector"),
    _borrowed("Slack token", "xox hooks.slack.com", "slack", "SlackDetector"),
    _borrowed("Square key", "sq0csp-", "square_oauth", "SquareOAuthDetector"),
    _borrowed("Telegram token", ":AA", "telegram_token", "TelegramBotTokenDetector"),
    _borrowed("Twilio key", "twilio TWILIO Twilio", "twilio", "TwilioKeyDetector"),
)


@functools.cache
def anchors() -> tuple[bytes, ...]:
    """Every anchor of the rules that are not wide."""
    rules: tuple[Rule | Borrowed, ...] = (*RULES, *BORROWED)
    return tuple(sorted({word for rule in rules if not rule.wide for word in rule.anchors}))


def begins(block: bytes, start: int) -> bool:
    """Whether a word begins here; in a program's symbols anything stands in the middle of one."""
    return start == 0 or not (block[start - 1 : start].isalnum() or block[start - 1 : start] == b"_")


# A file that is a secret by its name. Text: what it is.
NAMES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), kind)
    for pattern, kind in (
        (r"(^|/)id_(rsa|dsa|ecdsa|ed25519)(_sk)?$", "private key file"),
        (r"\.(ppk|p12|pfx|jks|keystore|kdbx)$", "private key file"),
        (r"(^|/)\.env(\.(?!example$|sample$|template$|dist$)[\w-]+)?$", "file of secrets"),
        (
            r"(^|/)(\.netrc|_netrc|\.pypirc|\.git-credentials|\.htpasswd|\.pgpass|\.my\.cnf)$",
            "file of passwords",
        ),
        (r"(^|/)(credentials|client_secret[\w.-]*|service[_-]?account[\w-]*)\.json$", "file of credentials"),
        (
            r"(^|/)\.aws/(credentials|config)$|(^|/)\.docker/config\.json$|(^|/)\.kube/config$",
            "file of credentials",
        ),
        (r"(^|/)kaggle\.json$", "file of credentials"),
        (r"(^|/)\.streamlit/secrets\.toml$", "file of secrets"),
        (r"(^|/)(huggingface|\.huggingface)/(token|stored_tokens)$|(^|/)stored_tokens$", "stored Hub token"),
    )
)
