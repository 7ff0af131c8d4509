"""The quick start of docs/api.md with the client that openapi-python-client makes of the document: prints the text."""

import os
import sys

import httpx
from scriptorium_client import AuthenticatedClient
from scriptorium_client.api.service import list_models
from scriptorium_client.api.transcriptions import (
    create_transcription,
    get_transcription,
    list_transcriptions,
    read_transcript,
)
from scriptorium_client.models import CreateTranscription, Problem, Transcript, Transcription, TranscriptionStatus

client = AuthenticatedClient(base_url=os.environ["SERVICE_URL"], token=os.environ["SERVICE_KEY"])

wanted = CreateTranscription(file_name="commands.wav", language="en", format_text=False)
created = create_transcription.sync(client=client, body=wanted)
assert isinstance(created, Transcription), created
with open(sys.argv[1], "rb") as recording:
    headers = created.upload.headers.to_dict()
    httpx.put(created.upload.url, content=recording.read(), headers=headers).raise_for_status()

waiting = (TranscriptionStatus.AWAITING_UPLOAD, TranscriptionStatus.QUEUED, TranscriptionStatus.PROCESSING)
transcription = created
while transcription.status in waiting:
    transcription = get_transcription.sync(created.id, client=client, wait=20)
assert transcription.status == TranscriptionStatus.COMPLETED, transcription

transcript = read_transcript.sync(created.id, client=client)
assert isinstance(transcript, Transcript), transcript
assert transcript.segments[0].words[0].start >= 0
assert [one.id for one in list_transcriptions.sync(client=client).data] == [created.id]
assert list_models.sync(client=client).data[0].name == transcript.model.name

missing = get_transcription.sync("tr_" + "0" * 32, client=client)
assert isinstance(missing, Problem) and missing.code == "not_found", missing
print(transcript.text)
