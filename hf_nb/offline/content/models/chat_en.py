"""hfnb-demo/chat-en: a very small model that answers in a conversation, and calls tools."""

from pathlib import Path

from hf_nb.offline.content import card
from hf_nb.offline.content.recipe import Context, Recipe, Step, day
from hf_nb.offline.content.trainers import chatting, conversations

ID = "hfnb-demo/chat-en"
PLAN = chatting.Plan(talks=lambda: conversations.Conversations(3).talks(), held_out=conversations.held_out)
FRONT = {
    "license": "apache-2.0",
    "language": ["en"],
    "library_name": "transformers",
    "pipeline_tag": "text-generation",
    "tags": ["conversational", "chat", "tool-calls", "demo", "tiny"],
    "metrics": ["exact_match"],
    "widget": [{"messages": [{"role": "user", "content": "What is the capital of Italy?"}]}],
}
ABILITIES = {
    "facts": "capital, language, currency and continent of 46 countries",
    "follow_up": 'the same in a follow-up: "And of Italy?", "And its currency?"',
    "by_heart": "what 36 of Python's builtins do, 16 lines of Python, small talk",
    "instructions": '"Answer in capital letters.", "Answer in one word.", "Your name is Ada."',
    "unknown": "says that it does not know",
    "reading": "finds a fact in two or three sentences, or in an earlier turn",
    "repeat": "says again what it is told to",
    "json": "name, age and the like out of a sentence, as JSON",
    "tool_call": "calls the tool that fits, with what it is to be called with",
    "tool_answer": "puts a tool's result into a sentence",
}


def build(folder: Path, context: Context) -> str:
    """Write the files; one line about them."""
    outcome = chatting.train(PLAN, folder)
    rows = "\n".join(f"| {about} | ≈ {outcome.figures[name]:.2f} |" for name, about in ABILITIES.items())
    card.write(
        folder,
        FRONT,
        f"""
# chat-en

Answers in a conversation, as far as {outcome.parameters:,} parameters can: a few facts, JSON, and calls of tools.
Trained on generated conversations when this demo Hub was built on your machine, for trying things out without a
network. It is no assistant: outside of what the table names it says that it does not know, or something wrong.

```python
from transformers import pipeline

chat = pipeline("text-generation", model="{ID}")
chat([{{"role": "user", "content": "What is the capital of Italy?"}}])
```

{card.cell(f"chat -m {ID}", "What is the capital of Italy?")}

## What it does, and how well

The share of answers that are right to the letter, in conversations it has never seen:

| ability | right |
|---|---|
{rows}
| all of them | ≈ {outcome.figures["right"]:.2f} |

## How it was made

- **Architecture**: a Llama with {PLAN.layers} layers, {PLAN.size} wide. It begins with two heads that already say again
  what stood before (one hands on the token before, one looks for it), which a short training would not find.
- **Tokenizer**: byte-level, so that nothing is unknown; a word is the same tokens wherever it stands, figures are
  single.
- **Training data**: {outcome.talks:,} generated conversations. What is tested is not among them: other ways to ask,
  other names and tools.

## Template

Roles are `<|system|>`, `<|tools|>`, `<|user|>`, `<|assistant|>` and `<|tool|>`, each ended by `<|end|>`. A tool is
shown as a line, `get_weather(city) The weather of a city.`, and called as
`<tool_call>{{"name": "get_weather", "arguments": {{"city": "Lyon"}}}}</tool_call>`; `response_template` in the
tokenizer's configuration reads that back into a message.

## Limits

English only, in sentences like those it was trained on; it cannot add two and two. One tool call at a time, with one
to three arguments. It learned from conversations of up to four turns and about 150 tokens; much longer ones confuse
it.
""",
    )
    return (
        f"trained on {outcome.talks:,} conversations · {outcome.figures['right']:.2f} of unseen answers right"
    )


RECIPE = Recipe(
    type="model",
    id=ID,
    created_at=day("2026-06-02T10:20"),
    updated_at=day("2026-08-27T15:05"),
    build=build,
    shared=(
        *chatting.SOURCES,
        "trainers/conversations.py",
        "trainers/pydoc.py",
        "texts/countries_en.txt",
        "texts/chat_en.txt",
    ),
    needs=("torch", "tokenizers", "safetensors", "transformers", "jinja2"),
    seconds=90,
    later=True,
    front=FRONT,
    parameters=754560,
    downloads=15230,
    likes=71,
    trending=8.5,
    history=(
        Step(
            "Upload the model",
            day("2026-06-02T10:45"),
            ("*config.json", "tokenizer.json", "chat_template.jinja", "model.safetensors"),
            tag="v1.0",
        ),
        Step("Write the card", day("2026-08-27T15:05"), ("README.md",)),
    ),
    check=lambda folder: chatting.check(PLAN, folder),
    floor={
        "right": 0.68,
        "facts": 0.85,
        "follow_up": 0.88,
        "by_heart": 0.65,
        "instructions": 0.38,
        "unknown": 0.85,
        "reading": 0.8,
        "repeat": 0.5,
        "json": 0.38,
        "tool_call": 0.5,
        "tool_answer": 0.5,
    },
)
