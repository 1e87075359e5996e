# SPDX-License-Identifier: Apache-2.0
"""An agent and the provider of its model, both scripted: what lies between them is the real proxy."""

import http.server
import json
import threading
import urllib.request

PATIENCE = 60.0  # seconds until an agent that got no reply fails the run
BASH = {"name": "Bash", "input_schema": {"type": "object", "required": ["command"],
                                         "properties": {"command": {"type": "string"}}}}


def message(said, model="claude-test", **more):
    """A request as an agent sends it after a person has said something."""
    return {"model": model, "max_tokens": 1000, "messages": [{"role": "user", "content": said}], **more}


def text(words):
    """What a model says; several strings are the pieces in which it streams them."""
    return {"type": "text", "text": words}


def bash(command):
    return {"type": "tool_use", "id": "toolu_1", "name": "Bash", "input": {"command": command}}


def whole(block):
    """The block as a reply that is not streamed has it."""
    return dict(block, text="".join(block["text"])) if block["type"] == "text" else block


def events(reply, blocks):
    """The reply as a stream has it."""
    yield "message_start", {"message": dict(reply, content=[], stop_reason=None)}
    for index, block in enumerate(blocks):
        if block["type"] == "text":
            yield "content_block_start", {"index": index, "content_block": {"type": "text", "text": ""}}
            for piece in block["text"]:
                yield "content_block_delta", {"index": index, "delta": {"type": "text_delta", "text": piece}}
        else:
            yield "content_block_start", {"index": index, "content_block": dict(block, input={})}
            yield "content_block_delta", {"index": index, "delta": {"type": "input_json_delta",
                                                                    "partial_json": json.dumps(block["input"])}}
        yield "content_block_stop", {"index": index}
    yield "message_delta", {"delta": {"stop_reason": reply["stop_reason"]}, "usage": {"output_tokens": 34}}
    yield "message_stop", {}


class Provider(http.server.ThreadingHTTPServer):
    """Answers each request with the blocks that `answer` makes of it, and keeps what it was asked: path, headers, body.
    A text that is made while it is read is sent piece by piece."""

    daemon_threads = True

    def __init__(self, answer):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.answer = answer
        self.asked = []
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()

    def config(self):
        """The proxy's configuration that leads here."""
        return ("upstreams:\n  - {name: anthropic, api: anthropic-messages, credential: passthrough, "
                f"base_url: 'http://127.0.0.1:{self.server_port}'}}\n")


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.path, headers, body))
        request = json.loads(body)
        blocks = self.server.answer(request)
        asks = any(block["type"] == "tool_use" for block in blocks)
        reply = {"id": "msg_1", "type": "message", "role": "assistant", "model": request["model"], "stop_sequence": None,
                 "stop_reason": "tool_use" if asks else "end_turn", "usage": {"input_tokens": 1200, "output_tokens": 34}}
        self.send_response(200)
        if request.get("stream"):
            self._stream(events(reply, blocks))
        else:
            self._send(json.dumps(dict(reply, content=[whole(block) for block in blocks])).encode())

    def _send(self, body):
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, pieces):
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for kind, data in pieces:
            event = f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


class Call(threading.Thread):
    """An agent's request through the proxy, while the flow goes on."""

    def __init__(self, proxy, request, session="e2e", path="/v1/messages", key="none"):
        super().__init__(daemon=True)
        self._request = urllib.request.Request(proxy + path, json.dumps(request).encode(), {
            "Content-Type": "application/json", "x-api-key": key, "anthropic-version": "2023-06-01",
            "x-session-id": session})
        self._reply, self._error = None, None
        self.start()

    def run(self):
        try:
            with urllib.request.urlopen(self._request, timeout=600) as reply:
                self._reply = reply.read()
        except OSError as error:
            self._error = error

    def waits(self):
        return self.is_alive()

    def reply(self):
        """The bytes the agent got."""
        self.join(PATIENCE)
        if self._error is not None:
            raise self._error
        assert self._reply is not None, "the agent still waits"
        return self._reply

    def content(self):
        """The blocks of a reply that is not streamed."""
        return json.loads(self.reply())["content"]
