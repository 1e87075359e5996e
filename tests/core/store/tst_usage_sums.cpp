// SPDX-License-Identifier: Apache-2.0
#include "opened_store.h"
#include "store/usage_sums.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::store;
using luthien::test::openStore;
using luthien::test::TestDatabase;

class TestUsageSums : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }
    void callsAreSummedBySessionClientAndDay();
};

void TestUsageSums::callsAreSummedBySessionClientAndDay()
{
    constexpr std::int64_t kDay = 86'400'000'000;
    constexpr std::int64_t kStart = 19'000 * kDay;
    const TestDatabase directory;
    const auto store = openStore(directory);
    const auto sink = store->makeSink(0);
    CallOpened kind{.api = Api::AnthropicMessages};
    CallEnded outcome;
    const auto call = [&](const char* session, const char* client, std::int64_t at, std::optional<std::int64_t> cost,
                          bool ends = true) {
        CallOpened opened = kind;
        opened.call = CallId::make(fromMicros(at));
        opened.at = fromMicros(at);
        opened.identity.session = session;
        opened.identity.client = client;
        sink->opened(opened);
        CallEnded end = outcome;
        end.call = opened.call;
        end.at = fromMicros(at + 2 * kDay); // counts for the day it began
        end.usage = {.input = 10, .output = 2, .cacheRead = 5};
        end.costNanoUsd = cost;
        if (ends)
            sink->ended(end);
    };
    call("a", "x", kStart - 1, 1);
    call("a", "x", kStart, 7);
    call("a", "x", kStart + kDay - 1, std::nullopt);
    call("a", "y", kStart, 7);
    call("b", "x", kStart + 1, 7);
    call("a", "x", kStart + kDay, 9);
    call("a", "x", kStart + kDay, 100, false);
    call("a", "x", kStart + 2 * kDay, 100); // after the end
    kind.api = Api::OpenAiChat;
    call("a", "x", kStart, 5);
    kind.cause = CallId::make(fromMicros(kStart));
    kind.causePolicy = "judge";
    call("a", "x", kStart, 100);
    kind.cause = {};
    kind.causePolicy = {};
    outcome.status = CallStatus::Blocked;
    call("a", "x", kStart, 100);
    outcome.firstByteAt = fromMicros(kStart);
    call("a", "y", kStart, 3);
    QVERIFY(store->flush(std::chrono::seconds(20)));
    constexpr Api kMessages = Api::AnthropicMessages;
    const std::vector<UsageSum> expected = {
        {"a", "x", kMessages, fromMicros(kStart), 2, 20, 4, 10, 0, 7},
        {"a", "x", Api::OpenAiChat, fromMicros(kStart), 1, 10, 2, 5, 0, 5},
        {"a", "y", kMessages, fromMicros(kStart), 1, 10, 2, 5, 0, 7},
        {"a", "y", Api::OpenAiChat, fromMicros(kStart), 1, 10, 2, 5, 0, 3},
        {"b", "x", kMessages, fromMicros(kStart), 1, 10, 2, 5, 0, 7},
        {"a", "x", kMessages, fromMicros(kStart + kDay), 1, 10, 2, 5, 0, 9},
    };
    auto sums = (*store->openReader())->usage(fromMicros(kStart), fromMicros(kStart + 2 * kDay));
    QVERIFY(sums);
    QVERIFY(*sums == expected);
    QCOMPARE((*store->openReader())->usage(fromMicros(0), fromMicros(1), {}).error().code, ErrorCode::InvalidArgument);
}

LUTHIEN_TEST(tst_usage_sums, TestUsageSums)
#include "tst_usage_sums.moc"
