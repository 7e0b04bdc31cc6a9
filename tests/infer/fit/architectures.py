"""Architectures of transformers, small: what `fit` says of them is held against what they take.

BUILT    (model type, transformers' Auto class, its config)
"""

from __future__ import annotations

from typing import Any

SMALL = {"hidden_size": 256, "num_hidden_layers": 4, "num_attention_heads": 4, "intermediate_size": 1024}
MIDDLE = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 6, "intermediate_size": 1536}
CLASSIFIES, WRITES = "AutoModelForSequenceClassification", "AutoModelForCausalLM"
REWRITES, SEES = "AutoModelForSeq2SeqLM", "AutoModelForImageClassification"
HEARS, ANY = "AutoModelForCTC", "AutoModel"

Built = tuple[str, str, dict[str, Any]]


def _readers() -> list[Built]:
    odd: dict[str, dict[str, Any]] = {
        "esm": {"vocab_size": 33, "pad_token_id": 1},
        "modernbert": {
            "pad_token_id": 0,
            "bos_token_id": 1,
            "eos_token_id": 2,
            "cls_token_id": 1,
            "sep_token_id": 2,
        },
    }
    kinds = (
        "bert roberta camembert xlm-roberta electra mpnet ernie megatron-bert roformer data2vec-text rembert deberta "
        "deberta-v2 layoutlm xlm-roberta-xl esm convbert fnet squeezebert nystromformer splinter modernbert albert"
    ).split()
    made = []
    for kind in kinds:
        for size in (SMALL, MIDDLE):
            config = {"vocab_size": 20_000, **size, **odd.get(kind, {})}
            if kind in ("squeezebert", "albert"):
                config["embedding_size"] = size["hidden_size"] if kind == "squeezebert" else 128
            made.append((kind, ANY if kind == "splinter" else CLASSIFIES, config))
    made += [
        ("distilbert", CLASSIFIES, {"dim": wide, "n_layers": 4, "n_heads": 4, "hidden_dim": 4 * wide})
        for wide in (256, 512)
    ]
    return made


def _writers() -> list[Built]:
    odd: dict[str, dict[str, Any]] = {
        "gemma": {"head_dim": 64},
        "gemma2": {"head_dim": 64},
        "qwen3": {"head_dim": 64},
        "glm": {"head_dim": 64},
        "mixtral": {"num_local_experts": 4, "num_experts_per_tok": 2},
        "qwen2_moe": {
            "num_experts": 8,
            "num_experts_per_tok": 2,
            "moe_intermediate_size": 256,
            "shared_expert_intermediate_size": 512,
        },
        "olmoe": {"num_experts": 8, "num_experts_per_tok": 2, "intermediate_size": 512},
    }
    kinds = (
        "llama mistral qwen2 qwen3 phi phi3 gemma gemma2 stablelm starcoder2 olmo olmo2 granite cohere glm persimmon "
        "smollm3 nemotron mixtral qwen2_moe olmoe gpt_neox"
    ).split()
    made = [
        (
            kind,
            WRITES,
            {
                "vocab_size": 16_000,
                "pad_token_id": 0,
                **size,
                "num_key_value_heads": heads,
                **odd.get(kind, {}),
            },
        )
        for kind in kinds
        for size, heads in ((SMALL, 2), (MIDDLE, 3))
    ]
    short = {"n_embd": 256, "n_layer": 4, "n_head": 4, "vocab_size": 16_000}
    words = {"vocab_size": 16_000}
    heads = {"hidden_size": 256, "num_hidden_layers": 4, "num_attention_heads": 4, **words}
    return [
        *made,
        ("gpt2", WRITES, short),
        ("gpt2", WRITES, {"n_embd": 384, "n_layer": 6, "n_head": 6, **words}),
        ("gptj", WRITES, {**short, "rotary_dim": 32}),
        ("codegen", WRITES, {**short, "rotary_dim": 32}),
        ("openai-gpt", WRITES, short),
        ("gpt_bigcode", WRITES, short),
        ("ctrl", WRITES, {**short, "dff": 1024}),
        (
            "gpt_neo",
            WRITES,
            {
                "hidden_size": 256,
                "num_layers": 4,
                "num_heads": 4,
                "attention_types": [[["global", "local"], 2]],
                **words,
            },
        ),
        ("opt", WRITES, {**heads, "ffn_dim": 1024, "word_embed_proj_dim": 256}),
        ("bloom", WRITES, {"hidden_size": 256, "n_layer": 4, "n_head": 4, **words}),
        ("falcon", WRITES, heads),
        ("mpt", WRITES, {"d_model": 256, "n_layers": 4, "n_heads": 4, **words}),
        ("biogpt", WRITES, {**SMALL, **words}),
        ("xglm", WRITES, {"d_model": 256, "num_layers": 4, "attention_heads": 4, "ffn_dim": 1024, **words}),
    ]


def _rewriters() -> list[Built]:
    t5 = {"d_model": 256, "num_layers": 4, "num_heads": 4, "d_ff": 1024, "d_kv": 64, "vocab_size": 16_000}
    bart: dict[str, Any] = {
        "d_model": 256,
        "encoder_layers": 4,
        "decoder_layers": 4,
        "encoder_attention_heads": 4,
        "decoder_attention_heads": 4,
        "encoder_ffn_dim": 1024,
        "decoder_ffn_dim": 1024,
        "vocab_size": 16_000,
        "pad_token_id": 1,
        "decoder_start_token_id": 2,
    }
    return [
        *((kind, REWRITES, t5) for kind in ("t5", "mt5", "umt5", "longt5")),
        *(
            (kind, REWRITES, bart)
            for kind in "bart mbart marian pegasus m2m_100 blenderbot-small plbart pegasus_x".split()
        ),
    ]


def _seers() -> list[Built]:
    stages = {"hidden_sizes": [48, 96, 192, 384], "depths": [2, 2, 4, 2]}
    windows = {"embed_dim": 48, "depths": [2, 2, 2, 2], "num_heads": [2, 4, 8, 16]}
    return [
        *(
            (kind, SEES, {**size, "image_size": 224, "patch_size": 16})
            for kind in "vit deit beit data2vec-vision dinov2 vit_msn".split()
            for size in (SMALL, MIDDLE)
        ),
        ("swin", SEES, windows),
        ("swinv2", SEES, {**windows, "window_size": 7}),
        ("convnext", SEES, stages),
        ("convnextv2", SEES, stages),
        (
            "resnet",
            SEES,
            {"embedding_size": 64, "hidden_sizes": [128, 256, 512, 1024], "depths": [2, 2, 2, 2]},
        ),
        (
            "resnet",
            SEES,
            {
                "embedding_size": 32,
                "hidden_sizes": [64, 128, 256, 512],
                "depths": [2, 2, 2, 2],
                "layer_type": "basic",
            },
        ),
        (
            "regnet",
            SEES,
            {
                "embedding_size": 32,
                "hidden_sizes": [64, 128, 256, 512],
                "depths": [2, 2, 4, 2],
                "groups_width": 32,
            },
        ),
        *((kind, SEES, {}) for kind in "mobilenet_v2 mobilenet_v1 segformer levit mobilevit pvt".split()),
        ("poolformer", SEES, {"hidden_sizes": [64, 128, 320, 512]}),
    ]


def _hearers() -> list[Built]:
    waves = {
        **SMALL,
        "num_conv_pos_embeddings": 32,
        "num_conv_pos_embedding_groups": 4,
        "conv_dim": [128] * 7,
    }
    speech = {
        "d_model": 128,
        "encoder_layers": 2,
        "decoder_layers": 2,
        "encoder_attention_heads": 4,
        "decoder_attention_heads": 4,
        "encoder_ffn_dim": 512,
        "decoder_ffn_dim": 512,
    }
    return [
        *((kind, HEARS, waves) for kind in "wav2vec2 hubert wavlm unispeech-sat data2vec-audio".split()),
        ("sew", HEARS, {**waves, "conv_dim": [64, *[128] * 4, *[256] * 4, *[512] * 4]}),
        ("whisper", "AutoModelForSpeechSeq2Seq", speech),
        ("audio-spectrogram-transformer", "AutoModelForAudioClassification", {**SMALL, "max_length": 512}),
        (
            "clip",
            ANY,
            {
                "text_config": {**SMALL, "max_position_embeddings": 77},
                "vision_config": {**SMALL, "image_size": 224, "patch_size": 32},
                "projection_dim": 256,
            },
        ),
        (
            "siglip",
            ANY,
            {"text_config": SMALL, "vision_config": {**SMALL, "image_size": 224, "patch_size": 16}},
        ),
    ]


BUILT: list[Built] = [*_readers(), *_writers(), *_rewriters(), *_seers(), *_hearers()]
