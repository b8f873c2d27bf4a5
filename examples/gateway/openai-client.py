"""OpenAI's Python client over the gateway: any model, same code.

OPENAI_BASE_URL=http://127.0.0.1:4141/v1 OPENAI_API_KEY=any python examples/gateway/openai-client.py
"""

import sys

from openai import OpenAI

client = OpenAI()
answer = client.chat.completions.create(
    model=sys.argv[1] if len(sys.argv) > 1 else "anthropic/claude-haiku-4.5",
    messages=[{"role": "user", "content": "Why is the sky blue?"}],
)
print(answer.choices[0].message.content)
# The gateway adds the cost in USD to the usage.
print(answer.usage.total_tokens, "tokens,", answer.usage.cost, "USD")
