// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "store/store.h"

#include <QTemporaryDir>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace luthien::test {

/// One recorded call, as simple as a real one can be.
struct SampleCall
{
    CallId id = CallId::make(fromMicros(1'790'000'000'000'000));
    std::string session = "sess-1";
    std::string body = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";
    std::vector<std::string> events{"data: {\"a\":1}\n\n", "data: [DONE]\n\n"};
    bool ends = true;
    std::vector<conversation::Decision> decisions{};
    std::vector<conversation::Span> messages{};
    std::string reply{};
    std::string sentReply{};
    conversation::Api api = conversation::Api::OpenAiChat;
    std::string requestHead = "{}";
    std::string responseHead{}; ///< empty = none came
    std::string agent{};
};

/// A store in a directory of its own, filled through its sink as a worker does.
class SampleStore
{
public:
    SampleStore()
    {
        auto opened = store::Store::open({.directory = m_directory.path().toStdString(), .ballastBytes = 0});
        if (opened)
            m_store = *std::move(opened);
    }

    void add(const SampleCall& call)
    {
        const auto sink = m_store->makeSink(m_sinks++);
        const TimePoint start = fromMicros(1'790'000'000'000'000 + m_sinks);
        sink->opened({.call = call.id,
                      .at = start,
                      .identity = {.session = call.session, .agent = call.agent, .client = "sample"},
                      .api = call.api,
                      .upstream = "openai",
                      .method = "POST",
                      .path = "/v1/chat/completions",
                      .model = "m",
                      .preview = "hi",
                      .stream = true});
        std::uint32_t seq = 0;
        sink->request({.call = call.id,
                       .seq = seq++,
                       .at = start,
                       .head = call.requestHead,
                       .body = call.body,
                       .messages = call.messages});
        if (!call.responseHead.empty())
            sink->wire({.call = call.id,
                        .seq = seq++,
                        .at = start,
                        .kind = conversation::WireKind::Head,
                        .bytes = call.responseHead});
        conversation::CallEnded end{.call = call.id, .httpStatus = 200};
        for (const std::string& bytes : call.events) {
            sink->wire({.call = call.id,
                        .seq = seq++,
                        .at = start + std::chrono::microseconds(seq),
                        .kind = conversation::WireKind::Text,
                        .bytes = bytes});
            end.response.bytes += bytes.size();
        }
        for (const conversation::Decision& decision : call.decisions)
            sink->decided(decision);
        end.seq = seq;
        end.reply = call.reply;
        end.sentReply = call.sentReply;
        end.at = start + std::chrono::milliseconds(1);
        if (call.ends)
            sink->ended(end);
    }

    [[nodiscard]] bool flush() { return m_store->flush(std::chrono::seconds(20)).hasValue(); }
    [[nodiscard]] Result<std::unique_ptr<store::Reader>> openReader() const { return m_store->openReader(); }
    [[nodiscard]] store::Store& store() { return *m_store; }
    [[nodiscard]] std::filesystem::path directory() const { return m_directory.path().toStdString(); }

private:
    QTemporaryDir m_directory;
    std::unique_ptr<store::Store> m_store;
    int m_sinks = 0;
};

} // namespace luthien::test
