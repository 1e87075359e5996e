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
    [[nodiscard]] std::unique_ptr<policy::StreamGate> open(const policy::GatedCall&,
                                                           policy::WakeFunction wake) const override
    {
        m_wake = std::move(wake);
        return std::make_unique<Gate>(*this);
    }
    /// Waits until the whole reply is held; then what lets it go.
    [[nodiscard]] policy::WakeFunction wait() const
    {
        m_ended.get_future().get();
        return m_wake;
    }

private:
    struct Gate final : policy::StreamGate
    {
        explicit Gate(const HoldAll& given)
            : owner(given)
        {
        }
        Result<void> event(const policy::GatedEvent& event, policy::GateOutlet&) override
        {
            held.emplace_back(event.bytes);
            return {};
        }
        Result<void> replyEnded(policy::GateOutlet&) override
        {
            owner.m_ended.set_value();
            return {};
        }
        Result<void> resume(policy::GateOutlet& outlet) override
        {
            for (const std::string& bytes : std::exchange(held, {}))
                outlet.forward(bytes);
            return {};
        }
        [[nodiscard]] std::size_t heldBytes() const noexcept override { return held.size(); }
        [[nodiscard]] bool isHolding() const noexcept override { return !held.empty(); }

        const HoldAll& owner;
        std::vector<std::string> held;
    };
    mutable policy::WakeFunction m_wake;
    mutable std::promise<void> m_ended;
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
        client.send(running.request(kBody));
        const policy::WakeFunction wake = gates->wait();
        std::thread person(wake);
        const auto reply = client.readReply();
        person.join();
        QVERIFY(reply.complete);
        QCOMPARE(reply.body, joined(kEvents));
    }

    void aWakeUpAfterTheProxyHasGoneDoesNothing()
    {
        const auto gates = std::make_shared<HoldAll>();
        ScriptedUpstream upstream([](const auto&) { return wholeStream(); });
        policy::WakeFunction late;
        {
            RunningProxy running(upstream.baseUrl(),
                                 [&](auto&, proxy::ProxySnapshot& snapshot) { snapshot.gates = gates; });
            RawClient client(running.port);
            client.send(running.request(kBody));
            late = gates->wait();
        }
        late();
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
