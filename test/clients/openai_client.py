"""What the official client of OpenAI makes of the service: prints one JSON object."""

import json
import os
import sys

import openai

recording, broken = sys.argv[1:]
client = openai.OpenAI(base_url=os.environ["SERVICE_URL"], api_key=os.environ["SERVICE_KEY"], max_retries=0)


def transcribe(path, **options):
    with open(path, "rb") as file:
        return client.audio.transcriptions.create(file=file, model="whisper-1", **options)


def error_of(call):
    try:
        call()
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.code]
    return None


verbose = transcribe(recording, response_format="verbose_json", timestamp_granularities=["word", "segment"])
events = list(transcribe(recording, stream=True))
stranger = client.with_options(api_key="sk_" + "x" * 40)
print(
    json.dumps(
        {
            "json": transcribe(recording).text,
            "text": transcribe(recording, response_format="text"),
            "srt": transcribe(recording, response_format="srt"),
            "words": [word.word for word in verbose.words],
            "segments": [segment.text for segment in verbose.segments],
            "language": verbose.language,
            "deltas": "".join(event.delta for event in events if event.type == "transcript.text.delta"),
            "done": events[-1].text,
            "models": [model.id for model in client.models.list()],
            "broken": error_of(lambda: transcribe(broken)),
            "format": error_of(lambda: transcribe(recording, response_format="diarized_json")),
            "stranger": error_of(lambda: stranger.models.list()),
        }
    )
)
