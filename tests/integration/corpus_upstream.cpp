// SPDX-License-Identifier: Apache-2.0
#include "integration/corpus_upstream.h"

#include <algorithm>
#include <functional>
#include <random>
#include <utility>
#include <vector>

namespace luthien::test {

using conversation::Api;

namespace {
/// Mostly small pieces, so that cuts fall everywhere.
std::vector<std::string> cutAtRandom(const std::string& bytes, unsigned seed)
{
    std::mt19937 random(seed);
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t size = 1 + random() % (random() % 4 == 0 ? 4096 : 60);
        pieces.push_back(bytes.substr(at, size));
        at += size;
        if (pieces.size() == 400) { // bounds the time of large recordings
            pieces.push_back(bytes.substr(std::min(at, bytes.size())));
            break;
        }
    }
    return pieces;
}

std::string contentTypeOf(const CorpusCase& recording)
{
    if (recording.isSse())
        return "text/event-stream; charset=utf-8";
    return recording.kind == "ndjson" ? "application/x-ndjson" : "application/json";
}
} // namespace

Recordings recordings()
{
    Recordings byId;
    for (CorpusCase& recording : loadCorpus())
        byId.emplace(recording.id, std::move(recording));
    return byId;
}

std::string replayPath(const CorpusCase& recording)
{
    switch (recording.api) {
    case Api::AnthropicMessages:
        return "/v1/messages";
    case Api::OpenAiChat:
        return "/v1/chat/completions";
    case Api::OpenAiResponses:
        return "/v1/responses";
    case Api::Gemini:
        return "/openai/v1beta/models/m:" + std::string(recording.form() ? "streamGenerateContent" : "generateContent");
    case Api::Ollama:
        return "/openai/api/" + std::string(recording.id.find("generate") != std::string::npos ? "generate" : "chat");
    case Api::Other:
        break;
    }
    return "/openai/other";
}

std::string askingFor(const CorpusCase& recording)
{
    return recording.form() ? R"({"stream":true})" : R"({"stream":false})";
}

ScriptedUpstream::Script replaying(const Recordings& recordings)
{
    return [&recordings](const ScriptedRequest& request) {
        const CorpusCase& recording = recordings.at(request.header("x-recording"));
        const auto seed = static_cast<unsigned>(std::hash<std::string>()(recording.id));
        return ScriptedReply{.status = recording.status,
                             .headers = {{"Content-Type", contentTypeOf(recording)}},
                             .pieces = cutAtRandom(recording.bytes, seed),
                             .framing =
                                 seed % 3 == 0 ? ScriptedReply::Framing::Length : ScriptedReply::Framing::Chunked};
    };
}

} // namespace luthien::test
