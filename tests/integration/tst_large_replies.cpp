// SPDX-License-Identifier: Apache-2.0
#include "store/store.h"
#include "support/running_proxy.h"
#include "support/stored_events.h"
#include "support/test_database.h"
#include "support/test_registry.h"

#include <QtTest>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <string>
#include <thread>

using namespace luthien;
using namespace luthien::test;
using namespace std::chrono_literals;
using conversation::Direction;
using conversation::WireKind;

/// A reply needs no more of the journal, nor of memory, because it is large.
class TestLargeReplies : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { addEngines(); }
    void aReplyLargerThanTheJournalMayBePasses();
};

void TestLargeReplies::aReplyLargerThanTheJournalMayBePasses()
{
    constexpr std::uint64_t kQuota = 8 << 20;
    std::mt19937_64 random(3);
    std::string body(40 << 20, '\0'); // does not compress
    std::ranges::generate(body, [&random] { return static_cast<char>(random()); });
    const ScriptedUpstream upstream([&body](const ScriptedRequest&) {
        return ScriptedReply{.headers = {{"Content-Type", "application/octet-stream"}}, .pieces = {body}};
    });
    const TestDatabase database;
    const auto store = store::Store::open({.directory = database.path().toStdString(),
                                           .database = database.url(),
                                           .journalQuota = kQuota,
                                           .segmentBytes = 1 << 20,
                                           .ballastBytes = 0});
    QVERIFY(store);
    RunningProxy proxy(upstream.baseUrl(), {}, [&store](int worker) { return (*store)->makeSink(worker); });
    std::atomic<std::uint64_t> mostBacklog = 0;
    RawClient::Reply reply;
    {
        const std::jthread watch([&](const std::stop_token& stop) {
            for (; !stop.stop_requested(); std::this_thread::sleep_for(1ms))
                mostBacklog = std::max(mostBacklog.load(), (*store)->health().backlogBytes);
        });
        RawClient client(proxy.port);
        client.send("GET /openai/v1/files/f/content HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(proxy.port) +
                    "\r\n\r\n");
        reply = client.readReply(false, 60s);
    }
    QVERIFY2(reply.complete, "it stands still");
    QVERIFY(reply.body == body);
    QVERIFY2(mostBacklog <= kQuota, qPrintable(QString::number(mostBacklog)));
    QVERIFY((*store)->flush(60s));

    const auto reader = (*store)->openReader();
    const auto call = CallId::parse(reply.header("x-luthien-call-id"));
    const auto events = eventsOf(**reader, *call);
    QVERIFY(events);
    std::string recorded;
    for (std::size_t seq = 2; seq + 1 < events->size(); ++seq) // after the request and the reply's head
        recorded += (*events)[seq].bytes;
    QVERIFY(recorded == body);
    QVERIFY(database.ask(QStringLiteral("SELECT max(raw_bytes) FROM block")) <= 1 << 20);
}

LUTHIEN_TEST(tst_large_replies, TestLargeReplies)
#include "tst_large_replies.moc"
