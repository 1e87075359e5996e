// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "desktop/models/call_detail_source.h"

#include <functional>
#include <map>
#include <utility>
#include <vector>

namespace luthien::test {

/// One call as a test wants it. Requests wait until answer() is called.
class FakeCallDetails : public desktop::CallDetailSource
{
    Q_OBJECT

public:
    void loadDetail(quint64 token, CallId call) override
    {
        ++m_reads;
        m_pending.emplace_back([this, token, call] {
            if (call != detail.call.id)
                return Q_EMIT failed(token, QStringLiteral("there is no such call"));
            Q_EMIT detailLoaded(token, std::make_shared<const desktop::CallDetail>(detail));
        });
    }
    void loadText(quint64 token, CallId, desktop::CallText which) override
    {
        ++m_reads;
        m_pending.emplace_back([this, token, which] {
            if (!texts.contains(which))
                return Q_EMIT failed(token, QStringLiteral("there is no such text"));
            Q_EMIT textLoaded(token, which, std::make_shared<const std::string>(texts[which]));
        });
    }
    void loadEvents(quint64 token, CallId, std::uint32_t from) override
    {
        ++m_reads;
        m_pending.emplace_back([this, token, from] {
            constexpr std::size_t kPage = 3;
            std::vector<desktop::EventBrief> page;
            for (const desktop::EventBrief& event : events)
                if (event.seq >= from && page.size() < kPage)
                    page.push_back(event);
            const bool more = page.size() == kPage;
            Q_EMIT eventsLoaded(token, std::make_shared<const std::vector<desktop::EventBrief>>(page), more);
        });
    }
    void loadEvent(quint64 token, CallId, std::uint32_t seq) override
    {
        ++m_reads;
        m_pending.emplace_back(
            [this, token, seq] { Q_EMIT eventLoaded(token, seq, std::make_shared<const std::string>(bytesOf[seq])); });
    }
    void loadForm(quint64 token, CallId, desktop::CallForm form, const std::string& address) override
    {
        ++m_reads;
        m_pending.emplace_back([this, token, form, address] {
            Q_EMIT formLoaded(token, form, QString::fromStdString("form of " + address));
        });
    }

    int answer()
    {
        int answered = 0;
        while (!m_pending.empty()) {
            for (const auto& request : std::exchange(m_pending, {})) {
                request();
                ++answered;
            }
        }
        return answered;
    }
    [[nodiscard]] int reads() const { return m_reads; }

    desktop::CallDetail detail;
    std::map<desktop::CallText, std::string> texts;
    std::vector<desktop::EventBrief> events;
    std::map<std::uint32_t, std::string> bytesOf;

private:
    int m_reads = 0;
    std::vector<std::function<void()>> m_pending;
};

/// A call of a session of three, which a policy changed on its way.
inline desktop::CallDetail changedCall()
{
    desktop::CallDetail detail;
    std::array<std::uint8_t, 16> bytes{7};
    detail.call.id = CallId(bytes);
    detail.call.identity.session = "session";
    detail.call.identity.client = "claude-code";
    detail.call.method = "POST";
    detail.call.path = "/v1/messages";
    detail.call.model = "claude-test";
    detail.call.upstream = "anthropic";
    detail.call.api = conversation::Api::AnthropicMessages;
    detail.call.stream = true;
    detail.call.status = conversation::CallStatus::Completed;
    detail.call.httpStatus = 200;
    detail.call.startedAt = fromMicros(1'700'000'000'000'000);
    detail.call.firstByteAt = detail.call.startedAt + std::chrono::milliseconds(400);
    detail.call.firstTokenAt = detail.call.startedAt + std::chrono::milliseconds(500);
    detail.call.endedAt = detail.call.startedAt + std::chrono::milliseconds(2500);
    detail.call.heldByPolicy = std::chrono::microseconds(134);
    detail.call.usage.input = 2184;
    detail.call.usage.output = 80;
    detail.call.response.bytes = 4096;
    detail.call.response.changedBytes = 12;
    detail.number = 2;
    detail.calls = 3;
    detail.requestHead =
        "{\"method\":\"POST\",\"target\":\"/v1/messages\",\"headers\":[[\"x-api-key\",\"[redacted]\"]]}";
    detail.responseHead =
        "{\"status\":200,\"headers\":[[\"content-type\",\"text/event-stream\"]],\"connect_us\":31000}";
    conversation::Decision decision;
    decision.policyId = "mask";
    decision.policyVersion = std::string(64, 'a');
    decision.verdict = conversation::Verdict::Replace;
    decision.reason = "1 live key replaced by a reference";
    decision.tool = "WebFetch";
    decision.toolId = "toolu_1";
    decision.seq = 4;
    decision.original = "{\"url\":\"https://a\",\"key\":\"sk_live\"}";
    decision.final = "{\"url\":\"https://a\",\"key\":\"{{secret}}\"}";
    decision.latency = std::chrono::microseconds(86);
    detail.decisions = {decision};
    return detail;
}

} // namespace luthien::test
