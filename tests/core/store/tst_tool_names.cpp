// SPDX-License-Identifier: Apache-2.0
#include "conversation/response.h"
#include "opened_store.h"
#include "store/tool_names.h"
#include "support/test_registry.h"

#include <QtTest>

using namespace luthien;
using namespace luthien::conversation;
using luthien::test::openStore;
using luthien::test::TestDatabase;

namespace {
/// A call that ended with calls of these tools; policies judged others.
void record(EventSink& sink, std::int64_t number, const std::string& session, const std::vector<std::string>& called,
            const std::vector<std::string>& judged = {}, std::size_t textBytes = 0)
{
    const TimePoint at = fromMicros(1'790'000'000'000'000 + number);
    CallOpened opened{.call = CallId::make(at), .at = at, .api = Api::AnthropicMessages};
    opened.identity.session = session;
    sink.opened(opened);
    for (const std::string& tool : judged) {
        Decision decision{.id = CallId::make(at), .call = opened.call, .at = at, .policyId = "p"};
        decision.tool = tool;
        sink.decided(decision);
    }
    Response response{.id = "r", .model = "m"};
    response.blocks.push_back({.kind = BlockKind::Text, .text = std::string(textBytes, 'x')});
    for (const std::string& tool : called)
        response.blocks.push_back({.kind = BlockKind::ToolUse, .name = tool, .text = "{}"});
    const std::string reply = toJson(response);
    CallEnded end{.call = opened.call, .at = at, .status = CallStatus::Completed, .reply = reply};
    end.stopReason = called.empty() ? StopReason::EndTurn : StopReason::ToolUse;
    sink.ended(end);
}
} // namespace

class TestToolNames : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data() { luthien::test::addEngines(); }

    void whatWasCalledAndWhatWasJudgedEachOnce()
    {
        const TestDatabase database;
        const auto store = openStore(database);
        const auto sink = store->makeSink(0);
        record(*sink, 1, "a", {"Bash", "mcp__db__query"});
        record(*sink, 2, "a", {"Bash"}, {"Bash", "WebFetch", ""});
        record(*sink, 3, "b", {});
        record(*sink, 4, "c", {"TooLong"}, {}, 1 << 19);
        QVERIFY(store->flush(std::chrono::seconds(10)));
        const auto names = (*store->openReader())->toolNames();
        QVERIFY2(names.hasValue(), names ? "" : names.error().toString().c_str());
        QCOMPARE(*names, (std::set<std::string>{"Bash", "WebFetch", "mcp__db__query"}));
    }

    void aDeletedSessionTellsNothing()
    {
        const TestDatabase database;
        const auto store = openStore(database);
        const auto sink = store->makeSink(0);
        record(*sink, 1, "gone", {"Secret"}, {"Secretly"});
        record(*sink, 2, "kept", {"Bash"});
        QVERIFY(store->flush(std::chrono::seconds(10)));
        std::atomic<bool> isRemoved = false;
        store->removeSession("gone", [&isRemoved](const Result<void>& done) { isRemoved = done.hasValue(); });
        QTRY_VERIFY(isRemoved);
        QCOMPARE(*(*store->openReader())->toolNames(), std::set<std::string>{"Bash"});
    }
};

LUTHIEN_TEST(tst_tool_names, TestToolNames)
#include "tst_tool_names.moc"
