# SPDX-License-Identifier: Apache-2.0
"""Agents and a provider that play scripted conversations through the real proxy, at the pace of real ones: what the
pictures of the documentation show has gone this way."""

import collections
import hashlib
import http.client
import http.server
import json
import re
import threading
import time
import urllib.error
import urllib.request

TOOLS = {"Read": ["file_path"], "Edit": ["file_path", "old_string", "new_string"], "Bash": ["command"],
         "Grep": ["pattern"], "Task": ["description", "prompt"], "WebFetch": ["url", "prompt"],
         "mcp__prod__deploy": ["service", "environment"], "mcp__mail__send": ["to", "subject", "body"]}


def thinks(words):
    return {"type": "thinking", "thinking": words, "signature": ""}


def says(words):
    return {"type": "text", "text": words}


def calls(name, **arguments):
    return {"type": "tool_use", "name": name, "input": arguments}


class Reply:
    """What the provider sends: blocks, after `think` seconds, a piece every `pace`; or an error with a status."""

    def __init__(self, blocks, think=0.3, pace=0.02, stop=None, status=200):
        self.blocks = [dict(block) for block in blocks]
        self.think, self.pace, self.status = think, pace, status
        self.stop = stop or ("tool_use" if any(block["type"] == "tool_use" for block in blocks) else "end_turn")
        self.output = sum(len(json.dumps(block)) for block in blocks) // 4


def pieces(text):
    return re.findall(r"(?:\S+\s*){1,3}|\s+", text)


def messages_events(model, reply, tokens):
    """A streamed reply of the Messages API."""
    usage = {"input_tokens": tokens // 8 + 3, "cache_read_input_tokens": tokens - tokens // 8, "output_tokens": 1}
    yield "message_start", {"message": {"id": "msg_01", "type": "message", "role": "assistant", "model": model,
                                        "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}}
    for index, block in enumerate(reply.blocks):
        kind = block["type"]
        empty = {"thinking": dict(block, thinking=""), "text": dict(block, text=""), "tool_use": dict(block, input={})}[kind]
        text = json.dumps(block["input"]) if kind == "tool_use" else block[kind]
        delta, field = {"thinking": ("thinking_delta", "thinking"), "text": ("text_delta", "text"),
                        "tool_use": ("input_json_delta", "partial_json")}[kind]
        yield "content_block_start", {"index": index, "content_block": empty}
        for piece in pieces(text):
            yield "content_block_delta", {"index": index, "delta": {"type": delta, field: piece}}
        yield "content_block_stop", {"index": index}
    yield "message_delta", {"delta": {"stop_reason": reply.stop, "stop_sequence": None},
                            "usage": {"output_tokens": reply.output}}
    yield "message_stop", {}


def responses_events(model, reply, tokens):
    """The same of the Responses API."""
    response = {"id": "resp_01", "object": "response", "model": model, "status": "in_progress", "output": []}
    yield "response.created", {"response": response}
    done = []
    for index, block in enumerate(reply.blocks):
        place = {"output_index": index}
        if block["type"] == "tool_use":
            item = {"type": "function_call", "id": f"fc_{index}", "call_id": block["id"], "name": block["name"],
                    "arguments": "", "status": "in_progress"}
            yield "response.output_item.added", {**place, "item": item}
            text = json.dumps(block["input"])
            for piece in pieces(text):
                yield "response.function_call_arguments.delta", {**place, "item_id": item["id"], "delta": piece}
            yield "response.function_call_arguments.done", {**place, "item_id": item["id"], "arguments": text}
            item = dict(item, arguments=text, status="completed")
        else:
            part = {"type": "output_text", "text": "", "annotations": []}
            item = {"type": "message", "id": f"msg_{index}", "role": "assistant", "status": "in_progress", "content": []}
            place["item_id"] = item["id"]
            yield "response.output_item.added", {**place, "item": item}
            yield "response.content_part.added", {**place, "content_index": 0, "part": part}
            for piece in pieces(block["text"]):
                yield "response.output_text.delta", {**place, "content_index": 0, "delta": piece}
            part = dict(part, text=block["text"])
            yield "response.output_text.done", {**place, "content_index": 0, "text": block["text"]}
            yield "response.content_part.done", {**place, "content_index": 0, "part": part}
            item = dict(item, status="completed", content=[part])
        yield "response.output_item.done", {"output_index": index, "item": item}
        done.append(item)
    usage = {"input_tokens": tokens, "input_tokens_details": {"cached_tokens": tokens - tokens // 8},
             "output_tokens": reply.output, "output_tokens_details": {"reasoning_tokens": 0},
             "total_tokens": tokens + reply.output}
    yield "response.completed", {"response": dict(response, status="completed", output=done, usage=usage)}


def chat_events(model, reply, tokens):
    """The same of Chat Completions; texts only."""
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": model}
    for block in reply.blocks:
        for piece in pieces(block["text"]):
            yield None, {**chunk, "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]}
    stop = "length" if reply.stop == "max_tokens" else "stop"
    yield None, {**chunk, "choices": [{"index": 0, "delta": {}, "finish_reason": stop}]}
    yield None, {**chunk, "choices": [], "usage": {"prompt_tokens": tokens, "completion_tokens": reply.output,
                                                   "total_tokens": tokens + reply.output}}


EVENTS = {"/v1/messages": messages_events, "/v1/responses": responses_events, "/v1/chat/completions": chat_events}


def role_of(headers):
    """Whose call this is, as its agent says."""
    names = ("x-claude-code-session-id", "session-id", "x-session-id", "user-agent")
    return next(headers[name] for name in names if headers[name]), headers["x-claude-code-agent-id"] or ""


class Studio(http.server.ThreadingHTTPServer):
    """The provider: what each agent is answered next stands in its script."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answer)
        self.script = collections.defaultdict(collections.deque)
        self.ending = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def end(self):
        self.ending.set()
        self.shutdown()
        self.server_close()


class _Answer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        reply = self.server.script[role_of(self.headers)].popleft()
        self.server.ending.wait(reply.think)
        if reply.status != 200:
            self._refuse(reply)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.send_header("request-id", "req_011CVbX2mQ")
        self.end_headers()
        path = self.path.partition("?")[0]
        for kind, data in EVENTS[path](json.loads(body)["model"], reply, len(body) // 4 + 2400):
            named = {"type": kind, **data} if kind else data
            self._send((f"event: {kind}\n" if kind else "") + f"data: {json.dumps(named)}\n\n")
            if self.server.ending.wait(reply.pace):
                return
        if path.endswith("completions"):
            self._send("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _send(self, text):
        event = text.encode()
        try:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
        except OSError:  # the one who listened has gone
            self.server.ending.wait(0)

    def _refuse(self, reply):
        body = json.dumps({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}).encode()
        self.send_response(reply.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class Agent:
    """An agent in one conversation; it sends the whole of it with every call, as agents do."""

    def __init__(self, proxy, studio, client, session, model, agent="", parent="", system="You are a coding agent."):
        self.proxy, self.studio, self.model, self.system = proxy, studio, model, system
        self.history, self.pending = [], []
        self.headers = {"Content-Type": "application/json", "User-Agent": client, "anthropic-version": "2023-06-01"}
        if client.startswith("claude-cli"):
            self.headers.update({"X-Claude-Code-Session-Id": session, "x-api-key": "sk-ant-not-a-real-key"})
            if agent:
                self.headers["X-Claude-Code-Agent-Id"] = agent
            if parent:
                self.headers["X-Claude-Code-Parent-Agent-Id"] = parent
        elif client.startswith("codex"):
            self.headers.update({"session-id": session, "Authorization": "Bearer sk-not-a-real-key"})
        else:
            self.headers.update({"x-session-id": session, "Authorization": "Bearer sk-not-a-real-key"})

    def _answered_with(self, blocks, how):
        reply = Reply(blocks, **how)
        for block in reply.blocks:
            if block["type"] == "tool_use":
                place = f"{self.headers} {len(self.history)} {json.dumps(block)}"
                block["id"] = "toolu_01" + hashlib.sha256(place.encode()).hexdigest()[:20]
        role = {name.lower(): value for name, value in self.headers.items()}
        self.studio.script[role_of(collections.defaultdict(str, role))].append(reply)
        return reply

    def asked(self, said, *blocks, **how):
        """A person says something (a text, or blocks), the model answers."""
        content = said if isinstance(said, list) else [says(said)]
        self.pending = []
        return self._turn({"role": "user", "content": content}, blocks, how)

    def told(self, *results, **how):
        """The tools that were called gave these results; the blocks of the answer are under `then`."""
        content = [{"type": "tool_result", "tool_use_id": each, "content": result}
                   for each, result in zip(self.pending, results)]
        if not content:  # nothing was run: a policy stopped it, and the person goes on
            content = [says("Go on.")]
        blocks = how.pop("then")
        return self._turn({"role": "user", "content": content}, blocks, how)

    def _turn(self, message, blocks, how):
        self.history.append(message)
        self._answered_with(blocks, how)
        body = {"model": self.model, "max_tokens": 16000, "stream": True, "system": self.system,
                "messages": self.history, "tools": [
                    {"name": name, "description": f"{name} of the agent.", "input_schema": {
                        "type": "object", "properties": {each: {"type": "string"} for each in members},
                        "required": members[:1]}} for name, members in TOOLS.items()]}
        content = self._content(self._send("/v1/messages", body))
        self.history.append({"role": "assistant", "content": content or [says("(nothing)")]})
        self.pending = [block["id"] for block in content if block["type"] == "tool_use"]
        return content

    def _send(self, path, body):
        request = urllib.request.Request(self.proxy + path, json.dumps(body).encode(), self.headers)
        try:
            with urllib.request.urlopen(request, timeout=900) as reply:
                return reply.read().decode()
        except urllib.error.HTTPError as error:
            said = error.read().decode()
            if error.code == 529:  # the provider's word
                return said
            # On a very busy machine a script may not answer in time, which blocks.
            print(f"{self.headers['User-Agent']} tries again: {said}", flush=True)
            return self._send(path, body)
        except (OSError, http.client.HTTPException) as error:
            if self.studio.ending.is_set():
                return ""
            print(f"{self.headers['User-Agent']} tries again: {error}", flush=True)
            return self._send(path, body)

    @staticmethod
    def _content(stream):
        """The blocks that came, as policies left them."""
        blocks, written = {}, collections.defaultdict(str)
        for line in stream.splitlines():
            event = json.loads(line[6:]) if line.startswith("data: {") else {}
            if event.get("type") == "content_block_start":
                blocks[event["index"]] = event["content_block"]
            elif event.get("type") == "content_block_delta":
                delta = event["delta"]
                written[event["index"]] += next(delta[name] for name in ("text", "thinking", "partial_json", "signature")
                                                if name in delta)
        for index, block in blocks.items():
            if block["type"] == "tool_use":
                block["input"] = json.loads(written[index] or "{}")
            else:
                block[block["type"]] = written[index]
        return [blocks[index] for index in sorted(blocks)]


class CodexAgent(Agent):
    """The same on the Responses API. What policies change it does not see: its history is the script's."""

    def _turn(self, message, blocks, how):
        for part in message["content"]:
            self.history.append({"role": "user", "content": [{"type": "input_text", "text": part["text"]}]}
                                if part["type"] == "text" else
                                {"type": "function_call_output", "call_id": part["tool_use_id"], "output": part["content"]})
        reply = self._answered_with(blocks, how)
        self._send("/v1/responses", {"model": self.model, "instructions": self.system, "input": self.history,
                                     "stream": True, "tools": [{"type": "function", "name": name, "parameters": {
                                         "type": "object", "properties": {each: {"type": "string"} for each in members}}}
                                         for name, members in TOOLS.items()]})
        for block in reply.blocks:
            if block["type"] == "tool_use":
                self.history.append({"type": "function_call", "call_id": block["id"], "name": block["name"],
                                     "arguments": json.dumps(block["input"])})
            else:
                self.history.append({"role": "assistant", "content": [{"type": "output_text", "text": block["text"]}]})
        self.pending = [block["id"] for block in reply.blocks if block["type"] == "tool_use"]


class ChatAgent(Agent):
    """A program on Chat Completions that asks and reads."""

    def _turn(self, message, blocks, how):
        self.history.append({"role": "user", "content": message["content"][0]["text"]})
        reply = self._answered_with(blocks, how)
        self._send("/v1/chat/completions", {
            "model": self.model, "stream": True, "stream_options": {"include_usage": True},
            "messages": [{"role": "system", "content": self.system}, *self.history]})
        self.history.append({"role": "assistant", "content": reply.blocks[0]["text"]})


def together(*plays):
    """Plays them side by side; what fails in one fails the whole."""
    failures = []

    def act(play):
        try:
            play()
        except Exception as error:  # told by the thread that waits
            failures.append(error)

    threads = [threading.Thread(target=act, args=[play]) for play in plays]
    for thread in threads:
        thread.start()
        time.sleep(0.15)  # people do not begin at the same moment
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
