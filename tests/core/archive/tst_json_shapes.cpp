// SPDX-License-Identifier: Apache-2.0
#include "archive/json_shapes.h"
#include "support/test_registry.h"

#include <boost/json.hpp>

#include <cmath>

using namespace luthien;
using archive::TypeMember;

class TestJsonShapes : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void session();
    void costsAreExact_data();
    void costsAreExact();
    void call();
    void openCallKnowsNoTotals();
    void decision();
    void eventBytes_data();
    void eventBytes();
    void brokenUtf8StaysADocument();
};

namespace {
store::CallRow sampleCall()
{
    store::CallRow call;
    call.id = *CallId::parse("019a0000-0000-7000-8000-000000000001");
    call.identity = {.session = "s", .agent = "a", .client = "claude-code", .clientVersion = "2.1"};
    call.upstream = "anthropic";
    call.api = conversation::Api::AnthropicMessages;
    call.method = "POST";
    call.path = "/v1/messages";
    call.model = "m";
    call.stream = true;
    call.status = conversation::CallStatus::Completed;
    call.httpStatus = 200;
    call.stopReason = conversation::StopReason::EndTurn;
    call.startedAt = fromMicros(1);
    call.usage.input = 5;
    call.request = {.bytes = 10, .sha256 = Sha256::of("x")};
    return call;
}
} // namespace

void TestJsonShapes::session()
{
    store::SessionRow row;
    row.id = "s";
    row.agents = {"m"};
    row.models = {"a", "b"};
    row.calls = 2;
    row.firstAt = fromMicros(0);
    row.lastAt = fromMicros(1'500'000);
    row.inputTokens = 7;
    row.costUsd = 0.5;
    row.decisions.block = 1;
    row.decisions.shadow = 2;
    row.preview = "say \"hi\"\n";
    row.bytes = 4096;
    row.isPinned = true;
    row.note = "n";
    QCOMPARE(archive::sessionJson(row),
             R"({"id":"s","client":null,"agents":["m"],"models":["a","b"],"calls":2,"turns":0,)"
             R"("first_at":"1970-01-01T00:00:00.000000Z","last_at":"1970-01-01T00:00:01.500000Z",)"
             R"("input_tokens":7,"output_tokens":0,"cost_usd":0.5,)"
             R"("decisions":{"block":1,"replace":0,"hold":0,"shadow":2},)"
             R"("status":"open","preview":"say \"hi\"\n","bytes":4096,"pinned":true,"label":null,"note":"n"})");
    QVERIFY(archive::sessionJson(row, TypeMember::Present).starts_with(R"({"type":"session","id":"s",)"));
}

void TestJsonShapes::costsAreExact_data()
{
    QTest::addColumn<qint64>("nanoUsd");
    QTest::addColumn<std::string>("written");
    const auto row = [](const char* name, qint64 nanoUsd, const char* written) {
        QTest::newRow(name) << nanoUsd << std::string(written);
    };
    row("nothing", 0, "0");
    row("the least there is", 1, "0.000000001");
    row("what no double is", 2'400'000, "0.0024");
    row("all nine digits", 12'345'678'901, "12.345678901");
    row("whole dollars", 3'000'000'000, "3");
    row("whole tens", 120'000'000'000, "120");
    row("more than anybody spends", 900'000'000'000'001, "900000.000000001");
}

void TestJsonShapes::costsAreExact()
{
    QFETCH(qint64, nanoUsd);
    QFETCH(std::string, written);
    const std::string member = "\"cost_usd\":" + written + ',';
    store::SessionRow session;
    session.id = session.client = R"("cost_usd":null)"; // which stands before the member
    session.costUsd = static_cast<double>(nanoUsd) * 1e-9;
    store::CallRow call = sampleCall();
    call.costUsd = session.costUsd;
    for (const std::string& json : {archive::sessionJson(session), archive::callJson(call)}) {
        QVERIFY2(json.find(member) != std::string::npos, json.c_str());
        QCOMPARE(std::llround(boost::json::parse(json).at("cost_usd").to_number<double>() * 1e9), nanoUsd);
    }
    QCOMPARE(boost::json::parse(archive::sessionJson(session)).at("client").as_string(), R"("cost_usd":null)");
}

void TestJsonShapes::call()
{
    QCOMPARE(archive::callJson(sampleCall(), TypeMember::Present),
             R"({"type":"call","id":"019a0000-0000-7000-8000-000000000001","session_id":"s","agent_id":"a",)"
             R"("parent_agent_id":null,"client":"claude-code","client_version":"2.1","upstream":"anthropic",)"
             R"("api":"anthropic-messages","method":"POST","path":"/v1/messages","model":"m","stream":true,)"
             R"("status":"completed","http_status":200,"stop_reason":"end_turn",)"
             R"("started_at":"1970-01-01T00:00:00.000001Z","first_byte_at":null,"first_token_at":null,)"
             R"("ended_at":null,"held_policy_us":0,"held_person_us":0,)"
             R"("usage":{"input":5,"output":null,"cache_read":null,"cache_write":null,"reasoning":null},)"
             R"("cost_usd":null,"request":{"bytes":10,)"
             R"("sha256":"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881","changed_bytes":0},)"
             R"("response":{"bytes":null,"sha256":null,"changed_bytes":null},)"
             R"("error":null,"cause_call_id":null,"cause_policy":null,"texts_removed":false})");
    store::CallRow ours = sampleCall();
    ours.cause = ours.id;
    ours.causePolicy = "judge";
    ours.areTextsRemoved = true;
    QVERIFY(archive::callJson(ours).ends_with(
        R"("cause_call_id":"019a0000-0000-7000-8000-000000000001","cause_policy":"judge","texts_removed":true})"));
}

void TestJsonShapes::openCallKnowsNoTotals()
{
    store::CallRow call = sampleCall();
    call.status = conversation::CallStatus::Open;
    call.request = {};
    call.httpStatus = 0;
    call.stopReason = conversation::StopReason::None;
    const auto object = boost::json::parse(archive::callJson(call)).as_object();
    QVERIFY(object.at("request").at("sha256").is_null());
    QVERIFY(object.at("response").at("bytes").is_null());
    QVERIFY(object.at("http_status").is_null());
    QVERIFY(object.at("stop_reason").is_null());
}

void TestJsonShapes::decision()
{
    conversation::Decision decision;
    decision.id = *CallId::parse("019a0000-0000-7000-8000-000000000002");
    decision.call = *CallId::parse("019a0000-0000-7000-8000-000000000001");
    decision.at = fromMicros(1);
    decision.policyId = "sql";
    decision.policyVersion = "ab";
    decision.mode = conversation::PolicyMode::Shadow;
    decision.verdict = conversation::Verdict::Block;
    decision.score = 0.5;
    decision.reason = "why\n";
    decision.tool = "Bash";
    decision.matched = {{"/command", 1, 2}, {"", 0, 3}};
    decision.original = "{\"a\":\"\xff\"}";
    decision.latency = std::chrono::microseconds(42);
    decision.seq = 4;
    decision.toolId = "toolu_1";
    decision.responseId = "resp_1";
    decision.inference = decision.call;
    decision.isRepeat = true;
    const store::EvidenceLink link{.number = 2, .previous = Sha256::of("1"), .sha256 = Sha256::of("2")};
    QCOMPARE(archive::decisionJson(store::DecisionRow{.decision = decision, .link = link}, TypeMember::Present),
             R"({"type":"decision","id":"019a0000-0000-7000-8000-000000000002",)"
             R"("call_id":"019a0000-0000-7000-8000-000000000001","at":"1970-01-01T00:00:00.000001Z","policy_id":"sql",)"
             R"("policy_version":"ab","mode":"shadow","verdict":"block","answered_by":"policy","score":5E-1,)"
             R"("reason":"why\n","agent_text":null,"tool":"Bash",)"
             R"("matched":[{"pointer":"/command","start":1,"end":2},{"pointer":"","start":0,"end":3}],)"
             "\"original\":\"{\\\"a\\\":\\\"\xef\xbf\xbd\\\"}\","
             R"("final":null,"latency_us":42,"seq":4,"tool_id":"toolu_1","response_id":"resp_1",)"
             R"("conversation_id":null,"inference_call_id":"019a0000-0000-7000-8000-000000000001","repeat":true,)"
             R"("prev":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b",)"
             R"("sha256":"d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"})");
    QVERIFY(archive::decisionJson(decision).ends_with(R"("prev":null,"sha256":null})"));
}

void TestJsonShapes::eventBytes_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("member");
    const auto row = [](const char* name, const std::string& bytes, const std::string& member) {
        QTest::newRow(name) << bytes << member;
    };
    row("an object stands as it came", R"({"a": 1,  "b":[ 2 ]})", R"("json":{"a": 1,  "b":[ 2 ]})");
    row("a member given twice is kept", R"({"a":1,"a":2})", R"("json":{"a":1,"a":2})");
    row("an array", "[1,2]", R"("json":[1,2])");
    row("an object on two lines would break the line", "{\"a\":\n1}", R"("data_base64":"eyJhIjoKMX0=")");
    row("space around an object", " {}", R"("frame":[" ",""],"json":{})");
    row("an event of a stream", "data: {}\n\n", R"("frame":["data: ","\n\n"],"json":{})");
    row("an event with a name, CR LF and padding", "event: a\r\ndata: {\"x\":[1] }  \r\n\r\n",
        R"("frame":["event: a\r\ndata: ","  \r\n\r\n"],"json":{"x":[1] })");
    row("an event without JSON", "data: [DONE]\n\n", R"("data_base64":"ZGF0YTogW0RPTkVdCgo=")");
    row("an object cut over two data lines", "data: {\"a\":\ndata: 1}\n\n",
        R"("data_base64":"ZGF0YTogeyJhIjoKZGF0YTogMX0KCg==")");
    row("a frame that is not text", "\xff{}", R"("data_base64":"/3t9")");
    row("what only looks like JSON", "{]}", R"("data_base64":"e119")");
    row("two values", "{}{}", R"("data_base64":"e317fQ==")");
    row("invalid UTF-8 in a string", "{\"a\":\"\xff\"}", R"("data_base64":"eyJhIjoi/yJ9")");
    row("a plain number is no object", "12", R"("data_base64":"MTI=")");
    row("nothing", "", R"("data_base64":"")");
}

void TestJsonShapes::eventBytes()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, member);
    const store::EventRow event{.call = *CallId::parse("019a0000-0000-7000-8000-000000000001"),
                                .seq = 3,
                                .at = fromMicros(1),
                                .kind = conversation::WireKind::ToolArgs,
                                .bytes = bytes};
    QCOMPARE(archive::eventJson(event, TypeMember::Present),
             R"({"type":"event","call_id":"019a0000-0000-7000-8000-000000000001","seq":3,)"
             R"("at":"1970-01-01T00:00:00.000001Z","direction":"received","kind":"tool_args",)" +
                 member + '}');
}

void TestJsonShapes::brokenUtf8StaysADocument()
{
    store::CallRow call = sampleCall();
    call.model = "m\xff";
    const auto object = boost::json::parse(archive::callJson(call)).as_object();
    QCOMPARE(std::string(object.at("model").as_string().c_str()), "m\xef\xbf\xbd");
}

LUTHIEN_TEST(tst_json_shapes, TestJsonShapes)
#include "tst_json_shapes.moc"
