// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "conversation/response.h"
#include "store/store.h"

#include <QTemporaryDir>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace luthien::archive::test {

/// A call of the past whose reply called tools.
struct PastReply
{
    std::string session = "s";
    std::string agent{};
    std::string client = "c";
    conversation::Api api = conversation::Api::AnthropicMessages;
    std::vector<conversation::Block> blocks;
    std::vector<conversation::Decision> decisions{};
};

/// Bash with a command.
inline conversation::Block bash(const std::string& command, const std::string& id = "t")
{
    return {.kind = conversation::BlockKind::ToolUse,
            .id = id,
            .name = "Bash",
            .text = R"({"command":")" + command + R"("})"};
}

/// A store that is filled as a worker does it, one call a second.
class RecordedPast
{
public:
    RecordedPast()
        : m_store(*store::Store::open({.directory = directory(), .ballastBytes = 0}))
        , m_sink(m_store->makeSink(0))
    {
    }

    CallId record(const PastReply& past)
    {
        conversation::CallOpened opened;
        opened.at = m_now += std::chrono::seconds(1);
        opened.call = CallId::make(opened.at);
        opened.identity.session = past.session;
        opened.identity.agent = past.agent;
        opened.identity.client = past.client;
        opened.api = past.api;
        m_sink->opened(opened);
        for (conversation::Decision decision : past.decisions) {
            decision.id = CallId::make(opened.at);
            decision.call = opened.call;
            decision.at = opened.at;
            m_sink->decided(decision);
        }
        conversation::Response response;
        response.blocks = past.blocks;
        const std::string reply = toJson(response);
        conversation::CallEnded ended;
        ended.call = opened.call;
        ended.at = opened.at;
        ended.reply = reply;
        m_sink->ended(ended);
        return opened.call;
    }

    [[nodiscard]] bool flush() { return m_store->flush(std::chrono::seconds(20)).hasValue(); }
    [[nodiscard]] std::filesystem::path directory() const { return m_directory.path().toStdString(); }
    /// When the last one began.
    [[nodiscard]] TimePoint now() const noexcept { return m_now; }

private:
    QTemporaryDir m_directory;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<conversation::EventSink> m_sink;
    TimePoint m_now = fromMicros(1'700'000'000'000'000);
};

} // namespace luthien::archive::test
