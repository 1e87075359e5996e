// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "archive/read_texts.h"
#include "conversation/response.h"
#include "core/filter/sample_call.h"
#include "store/store.h"
#include "support/test_database.h"

#include <array>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::archive::test {

/// Calls that are like sampleCall() in some respects and differ in others, at random, recorded as a worker does it.
class FilteredPast
{
public:
    explicit FilteredPast(std::uint32_t seed, const QString& engine = QStringLiteral("sqlite"))
        : m_database(engine)
        , m_store(*store::Store::open({.directory = m_database.path().toStdString(),
                                       .database = m_database.url(),
                                       .ballastBytes = 0,
                                       .readTexts = readTexts}))
        , m_sink(m_store->makeSink(0))
        , m_random(seed)
    {
    }

    /// What was recorded, but for the session's numbers. Needs of decisions and texts are all there.
    filter::CallFacts record()
    {
        filter::CallFacts call = vary(luthien::test::sampleCall());
        open(call);
        for (conversation::Decision& decision : call.decisions) {
            decision.id = CallId::make(call.startedAt);
            decision.call = call.id;
            decision.at = call.startedAt;
            m_sink->decided(decision);
        }
        request(call);
        if (call.status == conversation::CallStatus::Open)
            forgetEnd(call);
        else
            end(call);
        return call;
    }

    /// Once everything is committed, and can be searched. Null, with a line that says why, if that fails.
    [[nodiscard]] std::unique_ptr<store::Reader> reader()
    {
        const auto flushed = m_store->flush(std::chrono::seconds(20));
        auto reader = *m_store->openReader();
        const bool isIndexed = QTest::qWaitFor([&] { return *reader->countUnindexed(1) == 0; }, 20'000);
        if (!flushed || !isIndexed)
            qCritical("what was recorded is not all there");
        return flushed && isIndexed ? std::move(reader) : nullptr;
    }

private:
    bool chance(unsigned in) { return m_random() % in == 0; }

    filter::CallFacts vary(filter::CallFacts call)
    {
        using namespace conversation;
        constexpr std::array kModels{"claude-opus-4", "gpt-5", "CLAUDE_x", "100%"};
        ++m_calls;
        call.startedAt -= std::chrono::minutes(m_random() % 3000);
        call.id = chance(9) ? call.id : CallId::make(call.startedAt);
        if (!m_ids.insert(call.id).second)
            call.id = CallId::make(call.startedAt);
        call.identity.session = "derived:" + std::string(1, static_cast<char>('a' + m_random() % 5));
        call.model = kModels[m_random() % kModels.size()];
        call.status = static_cast<CallStatus>(m_random() % 6);
        call.httpStatus = chance(3) ? 502 : 200;
        call.stopReason = static_cast<StopReason>(m_random() % 12);
        call.api = chance(3) ? Api::Other : Api::AnthropicMessages;
        if (chance(2))
            call.identity.user.clear();
        if (chance(2))
            call.usage = {};
        if (chance(3))
            call.usage.output.reset();
        if (chance(2))
            call.costNanoUsd.reset();
        if (chance(2))
            call.firstTokenAt.reset();
        else
            call.firstTokenAt = call.startedAt + std::chrono::milliseconds(700);
        call.firstByteAt = call.startedAt + std::chrono::milliseconds(300);
        call.endedAt = call.startedAt + std::chrono::seconds(m_random() % 100);
        if (chance(2))
            call.error.clear();
        if (chance(2))
            call.cause = {}, call.causePolicy.clear();
        if (chance(2))
            call.response.changedBytes = 0;
        call.stream = !chance(3);
        shrink(call.decisions);
        shrink(call.reply);
        shrink(call.asked);
        std::erase_if(call.asked, [](const Block& block) {
            return block.kind == BlockKind::Image || block.kind == BlockKind::Document; // their JSON is the API's
        });
        return call;
    }
    template <typename Item>
    void shrink(std::vector<Item>& items)
    {
        std::erase_if(items, [this](const Item&) { return chance(3); });
    }

    void open(const filter::CallFacts& call)
    {
        conversation::CallOpened event;
        event.call = call.id;
        event.at = call.startedAt;
        event.identity = call.identity;
        event.api = call.api;
        event.upstream = call.upstream;
        event.method = call.method;
        event.path = call.path;
        event.model = call.model;
        event.preview = call.preview;
        event.stream = call.stream;
        event.cause = call.cause;
        event.causePolicy = call.causePolicy;
        m_sink->opened(event);
    }

    /// A Messages request; what is asked is made new by the call's number.
    void request(filter::CallFacts& call)
    {
        std::string body = R"({"messages":[)";
        std::vector<conversation::Span> spans;
        const auto add = [&](const std::string& message) {
            body += spans.empty() ? "" : ",";
            spans.push_back({static_cast<std::uint32_t>(body.size()), static_cast<std::uint32_t>(message.size())});
            body += message;
        };
        const std::string number = std::to_string(m_calls);
        for (conversation::Block& block : call.asked) {
            block.text += ' ' + number;
            if (block.kind == conversation::BlockKind::Text)
                add(R"({"role":"user","content":")" + block.text + R"("})");
            else
                add(R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":")" + block.text +
                    R"("}]})");
        }
        body += "]}";
        call.messageCount = static_cast<std::uint32_t>(spans.size());
        if (call.api != conversation::Api::AnthropicMessages)
            call.asked.clear(); // nobody can read it
        m_sink->request({call.id, 0, call.startedAt, conversation::Direction::Received, "{}", body, spans});
    }

    static void forgetEnd(filter::CallFacts& call)
    {
        const filter::CallFacts nothing;
        call.httpStatus = 0;
        call.stopReason = nothing.stopReason;
        call.rawStopReason.clear();
        call.firstByteAt.reset();
        call.firstTokenAt.reset();
        call.endedAt.reset();
        call.heldByPolicy = call.heldByPerson = {};
        call.usage = {};
        call.costNanoUsd.reset();
        call.request = call.response = nothing.request;
        call.error.clear();
        call.reply.clear();
    }

    void end(const filter::CallFacts& call)
    {
        conversation::Response response;
        response.blocks = call.reply;
        const std::string reply = toJson(response);
        m_sink->ended({.call = call.id,
                       .seq = 1,
                       .at = *call.endedAt,
                       .status = call.status,
                       .httpStatus = call.httpStatus,
                       .stopReason = call.stopReason,
                       .rawStopReason = call.rawStopReason,
                       .usage = call.usage,
                       .firstByteAt = call.firstByteAt,
                       .firstTokenAt = call.firstTokenAt,
                       .heldByPolicy = call.heldByPolicy,
                       .heldByPerson = call.heldByPerson,
                       .request = call.request,
                       .response = call.response,
                       .reply = reply,
                       .error = call.error,
                       .costNanoUsd = call.costNanoUsd});
    }

    luthien::test::TestDatabase m_database;
    std::unique_ptr<store::Store> m_store;
    std::unique_ptr<conversation::EventSink> m_sink;
    std::mt19937 m_random;
    std::set<CallId> m_ids;
    unsigned m_calls = 0;
};

} // namespace luthien::archive::test
