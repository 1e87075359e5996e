// SPDX-License-Identifier: Apache-2.0
#include "messages_sample.h"
#include "proxy/worker.h"
#include "support/running_proxy.h"
#include "support/test_registry.h"

#include <QObject>

#include <future>
#include <thread>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::CallStatus;

namespace {
/// Holds every event and gives the test's thread the means to let it go.
class HoldAll final : public policy::GateFactory
{
public:
    std::unique_ptr<policy::StreamGate> open(const policy::GatedCall&, policy::ReleaseFunction release) const override
    {
        struct Gate final : policy::StreamGate
        {
            explicit Gate(const HoldAll& given)
                : owner(given)
            {
            }
            policy::GateAnswer judge(const policy::GatedEvent& event) override
            {
                last = event.seq;
                return {.action = policy::GateAction::Hold, .replacement = {}};
            }
            void replyEnded() override { owner.m_ended.set_value(last); }
            const HoldAll& owner;
            std::uint32_t last = 0;
        };
        m_release = std::move(release);
        return std::make_unique<Gate>(*this);
    }
    /// Waits until the whole reply is held; then its last number and what lets it go.
    [[nodiscard]] std::pair<std::uint32_t, policy::ReleaseFunction> wait() const
    {
        const std::uint32_t last = m_ended.get_future().get();
        return {last, m_release};
    }

private:
    mutable policy::ReleaseFunction m_release;
    mutable std::promise<std::uint32_t> m_ended;
};

ScriptedReply wholeStream()
{
    return {.headers = {{"Content-Type", "text/event-stream"}},
            .pieces = kEvents,
            .framing = ScriptedReply::Framing::Chunked};
}
} // namespace

class TestWorker : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsHeldIsReleasedFromAnotherThread()
    {
        const auto gates = std::make_shared<HoldAll>();
        ScriptedUpstream upstream([](const auto&) { return wholeStream(); });
        RunningProxy running(upstream.baseUrl(),
                             [&](auto&, proxy::ProxySnapshot& snapshot) { snapshot.gates = gates; });
        RawClient client(running.port);
        client.send(running.request("{}"));
        const auto [last, release] = gates->wait();
        std::thread person([&] { release({.throughSeq = last, .by = policy::ReleasedBy::Person}); });
        const auto reply = client.readReply();
        person.join();
        QVERIFY(reply.complete);
        QCOMPARE(reply.body, joined(kEvents));
    }

    void aReleaseAfterTheProxyHasGoneDoesNothing()
    {
        const auto gates = std::make_shared<HoldAll>();
        ScriptedUpstream upstream([](const auto&) { return wholeStream(); });
        policy::ReleaseFunction late;
        {
            RunningProxy running(upstream.baseUrl(),
                                 [&](auto&, proxy::ProxySnapshot& snapshot) { snapshot.gates = gates; });
            RawClient client(running.port);
            client.send(running.request("{}"));
            late = gates->wait().second;
        }
        late({.throughSeq = 100});
    }

    void manyStreamsAtOnceAreServedByAllWorkers()
    {
        constexpr int kStreams = 60;
        ScriptedUpstream upstream([](const auto&) { return wholeStream(); });
        RunningProxy running(upstream.baseUrl(), [](proxy::ProxyConfig& config, auto&) { config.workers = 3; });
        std::vector<std::unique_ptr<RawClient>> clients;
        for (int i = 0; i < kStreams; ++i) {
            clients.push_back(std::make_unique<RawClient>(running.port));
            clients.back()->send(running.request("{}"));
        }
        for (const auto& client : clients)
            QCOMPARE(client->readReply().body, joined(kEvents));
        QVERIFY(running.recording.waitForEnded(kStreams));
        for (const RecordedCall& call : running.recording.calls())
            QCOMPARE(call.ended->status, CallStatus::Completed);
    }

    void theLastConnectionToCloseEndsTheWait()
    {
        proxy::ConnectionCount count;
        QVERIFY(count.waitForNone(0ms));
        count.add();
        QVERIFY(!count.waitForNone(1ms));
        std::thread closer([&] { count.remove(); });
        QVERIFY(count.waitForNone(10s));
        closer.join();
    }
};

LUTHIEN_TEST(tst_worker, TestWorker)
#include "tst_worker.moc"
