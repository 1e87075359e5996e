// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/api.h"
#include "conversation/response.h"
#include "conversation/stream_form.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::test {

/// One recording of tests/data/corpus with what an official SDK made of it. See docs in index.json.
struct CorpusCase
{
    std::string id; ///< "openai-chat/azure-emoji"
    conversation::Api api = conversation::Api::Other;
    std::string kind; ///< "sse", "body", "error-body", "ndjson", "json-array-stream"
    unsigned status = 200;
    std::string bytes;    ///< the reply's body exactly as recorded
    std::string request;  ///< the request's body; empty = not recorded
    QJsonObject expected; ///< the .expected.json

    [[nodiscard]] bool isSse() const { return kind == "sse"; }
    /// How its events follow each other; nothing = a whole body.
    [[nodiscard]] std::optional<conversation::StreamForm> form() const;
    /// True if the SDK gave up on this stream; expected then holds a lenient reading.
    [[nodiscard]] bool didSdkFail() const { return isSse() && expected.contains(QLatin1String("error")); }
};

/// A request as a real client sent it, with its headers.
struct ClientRequest
{
    std::string name; ///< file name without ending
    std::string method;
    std::string path;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body; ///< compact JSON; long texts are elided in the recording
};

/// The source tree's folder tests/data.
[[nodiscard]] std::string testDataDir();
[[nodiscard]] std::string readFile(const std::string& path);
/// Every recording of tests/data/corpus that has an expected outcome.
[[nodiscard]] std::vector<CorpusCase> loadCorpus();
[[nodiscard]] std::vector<ClientRequest> loadClientRequests();
/// How a reply read by us differs from what the SDK made of it; empty = not at all. Compares texts, thinking,
/// refusals, tool calls with ids and arguments, stop reasons, usage, ids, model and errors.
[[nodiscard]] QStringList differences(const CorpusCase& recording, const conversation::Response& response);

} // namespace luthien::test
