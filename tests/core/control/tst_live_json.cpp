// SPDX-License-Identifier: Apache-2.0
#include "archive/json_shapes.h"
#include "control/live_json.h"
#include "support/test_registry.h"

using namespace luthien;
using conversation::EventKind;

class TestLiveJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void frames_data();
    void frames();
};

void TestLiveJson::frames_data()
{
    QTest::addColumn<std::string>("frame");
    QTest::addColumn<std::string>("expected");
    const CallId call = *CallId::parse("019a0000-0000-7000-8000-000000000001");
    const std::string id = R"("call_id":"019a0000-0000-7000-8000-000000000001")";
    const std::string at = R"("at":"1970-01-01T00:00:00.000005Z")";
    const live::Delta delta{
        .call = call, .firstSeq = 2, .seq = 4, .at = fromMicros(5), .kind = EventKind::Text, .block = 1};
    const std::string head =
        "event: delta\ndata: {" + id + R"(,"first_seq":2,"seq":4,)" + at + R"(,"direction":"received","kind":")";
    live::Delta step = delta;
    step.text = "a\nb";
    QTest::newRow("text stays on one line")
        << control::eventFrame(step) << head + R"(text","choice":0,"block":1,"text":"a\nb"})" + "\n\n";
    step.replaces = true;
    step.text.clear();
    QTest::newRow("text replaced by nothing")
        << control::eventFrame(step) << head + R"(text","choice":0,"block":1,"text":"","replaces":true})" + "\n\n";
    step = delta;
    step.kind = EventKind::ToolStart;
    step.id = "toolu_1";
    step.name = "Bash";
    QTest::newRow("a tool call begins")
        << control::eventFrame(step)
        << head + R"(tool_start","choice":0,"block":1,"executor":"client","id":"toolu_1","name":"Bash"})" + "\n\n";
    step = delta;
    step.kind = EventKind::Stop;
    step.stopReason = conversation::StopReason::EndTurn;
    QTest::newRow("the reply stops") << control::eventFrame(step)
                                     << head + R"(stop","choice":0,"block":1,"stop_reason":"end_turn"})" + "\n\n";
    QTest::newRow("the request is recorded")
        << control::eventFrame(live::Requested{.call = call, .seq = 0, .at = fromMicros(5)})
        << "event: request\ndata: {" + id + R"(,"seq":0,)" + at + "}\n\n";
    QTest::newRow("the end tells the cost to the last digit")
        << control::eventFrame(live::Ended{.call = call, .at = fromMicros(5), .costNanoUsd = 2'400'000})
        << "event: ended\ndata: {" + id + R"(,"seq":0,)" + at +
               R"(,"status":"completed","http_status":null,"stop_reason":null,"usage":{"input":null,"output":null,)" +
               R"("cache_read":null,"cache_write":null,"reasoning":null},"model":null,"cost_usd":0.0024,)" +
               R"("error":null})" + "\n\n";
    conversation::Decision decision{.id = call, .call = call, .at = fromMicros(5), .reason = "two\nlines"};
    QTest::newRow("a decision is told on one line")
        << control::eventFrame(live::Decided{decision})
        << "event: decision\ndata: " + archive::decisionJson(decision) + "\n\n";
    QTest::newRow("a commit has an id") << control::eventFrame(live::Committed{
                                               .commit = 12, .calls = {{.id = call, .session = "s", .lastSeq = 3}}})
                                        << "id: 12\nevent: committed\ndata: {\"commit\":12,\"calls\":[{" + id +
                                               R"(,"session_id":"s","last_seq":3,"status":"open"}],"sessions":[]})" +
                                               "\n\n";
    QTest::newRow("a commit names the sessions that were changed or deleted")
        << control::eventFrame(live::Committed{.commit = 13, .sessions = {"s", "a \"b\""}})
        << std::string("id: 13\nevent: committed\ndata: "
                       "{\"commit\":13,\"calls\":[],\"sessions\":[\"s\",\"a \\\"b\\\"\"]}\n\n");
    QTest::newRow("a gap has an id") << control::gapFrame(7)
                                     << std::string("id: 7\nevent: gap\ndata: {\"commit\":7}\n\n");
    QTest::newRow("hello has an id") << control::helloFrame(7)
                                     << std::string("id: 7\nevent: hello\ndata: {\"commit\":7}\n\n");
}

void TestLiveJson::frames()
{
    QFETCH(std::string, frame);
    QTEST(frame, "expected");
}

LUTHIEN_TEST(tst_live_json, TestLiveJson)
#include "tst_live_json.moc"
